"""The issue ledger of the demonstration: every need told from its registration to where it stands today.

The stories of all issues are told side by side in the order of time, each step by its use case at its own moment.
"""

import heapq
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlmodel import Session

from core import clock
from core.db import joined
from models.enterprise import Enterprise
from models.visit import Outcome, Visit
from services.actor import Actor
from services.demo.case import Case
from services.demo.cast import Cast
from services.demo.days import Diary
from services.demo.needs import Decks, Need
from services.demo.plots import FINISHED, RUNNING, Heard, Plot
from services.demo.words import departments_of_categories

Story = Iterator[datetime]
"""Tells an issue: gives the moment of its next step, and takes that step when asked to go on."""


class Ledger:
    """Draws who raises what and when, and tells it.

    Args:
        rng: the chance everything is drawn by.
        cast: who takes the steps.
        enterprises: everybody who can raise a need.
    """

    def __init__(self, rng: random.Random, cast: Cast, enterprises: Sequence[Enterprise]) -> None:
        self._rng, self._cast = rng, cast
        self._enterprises = {each.pk: each for each in enterprises}
        self._diary, self._decks = Diary(), Decks(rng)
        self._stories: list[Story] = []

    def finish(self, visits: Sequence[Visit]) -> set[int]:
        """Take up the finished campaign's stories, each begun at a visit of its own; return whose needs they are."""
        pool = [each for each in visits if each.outcome is Outcome.MET]
        self._rng.shuffle(pool)
        raised = set()
        for plot in FINISHED:
            for _shift in plot.shifts:
                visit = self._taken(pool, max(plot.last, plot.ago))
                raised.add(visit.enterprise_id)
                day = visit.planned_on
                self._begin(plot, visit, [self._diary.day_after(day, count) or day for count, _step in plot.steps])
        return raised

    def run(self, visits: Sequence[Visit], targets: Sequence[Enterprise]) -> None:
        """Take up the running campaign's stories: begun at a visit of their first day, or by hand if there is none."""
        pool = [each for each in visits if each.outcome is Outcome.MET and not each.return_reason]
        self._rng.shuffle(pool)
        others = self._rng.sample(targets, len(targets))
        for plot in RUNNING:
            for shift in plot.shifts:
                days = [self._diary.day_ago(count + shift) for count, _step in plot.steps]
                self._begin(plot, self._met(pool, plot, days[0]) or self._next(others, plot), days)

    def tell(self, session: Session, *others: Story) -> None:
        """Tell all stories in the order of time, and what else goes on beside them, in one transaction."""
        every = (*self._stories, *others)
        upcoming = [(moment, place, story) for place, story in enumerate(every) if (moment := next(story, None))]
        heapq.heapify(upcoming)
        with joined(session):
            while upcoming:
                moment, place, story = upcoming[0]
                with clock.fixed(moment):
                    following = next(story, None)
                if following is None:
                    heapq.heappop(upcoming)
                else:
                    heapq.heapreplace(upcoming, (following, place, story))

    def _begin(self, plot: Plot, source: Visit | Enterprise, days: Sequence[date]) -> None:
        case = self._case(plot, source)
        self._stories.append(self._told(plot, case, days))

    def _told(self, plot: Plot, case: Case, days: Sequence[date]) -> Story:
        moment = case.visit.recorded_at if case.visit else None
        for place, (day, (_count, step)) in enumerate(zip(days, plot.steps, strict=True)):
            if place or moment is None:
                moment = self._diary.moment(case.rng, day, moment)
            yield moment
            step(case)

    def _case(self, plot: Plot, source: Visit | Enterprise) -> Case:
        visit = source if isinstance(source, Visit) else None
        enterprise = self._enterprises[source.enterprise_id] if isinstance(source, Visit) else source
        return Case(
            cast=self._cast, decks=self._decks, rng=random.Random(self._rng.random()),  # noqa: S311 - as the demonstration's own
            need=self._decks.need(plot.kind, lambda need: self._fits(plot, need)), enterprise=enterprise,
            receiver=self._receiver(plot, enterprise, visit), loaded_on=self._diary.now.date(), visit=visit,
            urgency=plot.urgency, joint=plot.joint,
        )  # fmt: skip

    def _fits(self, plot: Plot, need: Need) -> bool:
        if need.cause != plot.shared:
            return False
        if plot.leads and departments_of_categories()[need.category] != plot.leads:
            return False
        if plot.assists and need.partner != plot.assists:
            return False
        return bool(need.partner) or not (plot.joint or plot.partnered)

    def _receiver(self, plot: Plot, enterprise: Enterprise, visit: Visit | None) -> Actor:
        if visit is not None:
            return self._cast.actor(visit.assignee_id)
        if plot.heard is Heard.ZONE:
            return self._cast.coordinator
        return self._cast.named("worker") if plot.heard is Heard.HOME else self._cast.member(self._rng, enterprise)

    def _taken(self, pool: list[Visit], days: int) -> Visit:
        """Take a visit out of the pool that was long enough ago."""
        found = next(each for each in pool if self._diary.day_after(each.planned_on, days) is not None)
        pool.remove(found)
        return found

    def _met(self, pool: list[Visit], plot: Plot, day: date) -> Visit | None:
        """Take a visit of a day out of the pool at which the need of a plot can be heard."""
        if plot.heard is Heard.ZONE:
            return None
        worker, home = self._cast.named("worker").pk, plot.heard is Heard.HOME
        found = next((v for v in pool if v.planned_on == day and (v.assignee_id == worker) == home), None)
        if found is not None:
            pool.remove(found)
        return found

    def _next(self, enterprises: list[Enterprise], plot: Plot) -> Enterprise:
        """Return the first enterprise that can raise the need of a plot without a visit; it is then the last."""
        paths, home = self._cast.named("worker").area_paths, plot.heard is Heard.HOME
        found = next(each for each in enterprises if (self._cast.areas[each.area_id].path in paths) == home)
        enterprises.remove(found)
        enterprises.append(found)
        return found
