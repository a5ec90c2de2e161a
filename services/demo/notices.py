"""Twelve notice batches about eleven matters: 958 notices to enterprises, nearly all of them read (无感推送)."""

import random
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from importlib import resources

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from core import clock
from models.addressees import EnterpriseChoice, stored_choice
from models.enterprise import Enterprise, EnterpriseStatus
from models.reminder import Audience, BatchState, NoticeBatch
from services import numbers
from services.demo.days import Diary, office_moment
from services.demo.enterprises import Enterprises
from services.demo.mailing import Mailing, Rows
from services.demo.store import Store
from services.reminders import timing

NOTICES = 958
"""As many as the article's twelve batches."""

_ALL, _REST = 0, -1


class _Plan(BaseModel):
    """What a batch is about, whose matter it is, how many get it and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    matter: str
    title: str
    body: str
    industries: list[str] = []
    scales: list[str] = []
    count: int
    days_ago: int
    read: float
    told: int | None = None
    """How many had been told when it was paused; empty where it went out whole."""

    def concerns(self, enterprise: Enterprise) -> bool:
        """Return whether it is an enterprise's matter."""
        if not self.industries and not self.scales:
            return True
        return enterprise.industry in self.industries or enterprise.scale in self.scales


def push(session: Session, store: Store, known: Enterprises, writer_id: int) -> None:
    """Store the batches with everything that became of them.

    Args:
        session: the transaction of the demonstration.
        store: takes the rows.
        known: the enterprises, and whom a notice to each reaches.
        writer_id: who wrote them.
    """
    rng = random.Random(NOTICES)  # noqa: S311 - its own, so that nothing else of the demonstration depends on it
    plans, hours, rows = _plans(), timing.shifter(session), Rows()
    audiences = _audiences(rng, plans, known)
    batches = _batches(session, rng, plans, writer_id)
    store.identify(batches)
    for plan, audience, batch in zip(plans, audiences, batches, strict=True):
        mailed = [(each, known.mailed[each.pk]) for each in audience if each.pk in known.mailed]
        batch.filters = stored_choice(_choice(plan, audience))
        batch.planned, batch.unreachable = len(mailed), len(audience) - len(mailed)
        Mailing(rng, batch, rows, read=plan.read).send(mailed, hours, told=plan.told)
    store.insert(batches)
    rows.store(store)


def _plans() -> list[_Plan]:
    text = resources.files("services.demo").joinpath("data", "notices.toml").read_text(encoding="utf-8")
    return [_Plan.model_validate(each) for each in tomllib.loads(text)["batches"]]


def _audiences(rng: random.Random, plans: Sequence[_Plan], known: Enterprises) -> list[list[Enterprise]]:
    """Return whom each batch means, those who cannot be reached among them; nobody twice about one matter."""
    active = [each for each in known.every if each.status is EnterpriseStatus.ACTIVE]
    taken: dict[str, set[int]] = defaultdict(set)
    found: dict[int, list[Enterprise]] = {}
    for place, plan in sorted(enumerate(plans), key=lambda each: each[1].count == _REST):
        pool = [each for each in active if plan.concerns(each) and each.pk not in taken[plan.matter]]
        reached = sum(each.pk in known.mailed for audience in found.values() for each in audience)
        count = NOTICES - reached if plan.count == _REST else plan.count or len(pool)
        found[place] = _drawn(rng, pool, count, known)
        taken[plan.matter] |= {each.pk for each in found[place]}
    return [found[place] for place in range(len(plans))]


def _drawn(rng: random.Random, pool: list[Enterprise], count: int, known: Enterprises) -> list[Enterprise]:
    """Return so many who can be reached, and whoever was drawn on the way and cannot; in the order of their ids."""
    chosen: list[Enterprise] = []
    for enterprise in rng.sample(pool, len(pool)):
        if count == 0:
            break
        chosen.append(enterprise)
        count -= enterprise.pk in known.mailed
    return sorted(chosen, key=lambda each: each.pk)


def _choice(plan: _Plan, audience: Sequence[Enterprise]) -> EnterpriseChoice:
    if plan.count == _ALL:
        return EnterpriseChoice.of("", {"industry": plan.industries, "status": [EnterpriseStatus.ACTIVE.value]})
    return EnterpriseChoice(only=tuple(each.pk for each in audience))


def _batches(session: Session, rng: random.Random, plans: Sequence[_Plan], writer_id: int) -> list[NoticeBatch]:
    diary, batches = Diary(), []
    for plan in plans:
        at = office_moment(rng, diary.day_ago(plan.days_ago))
        with clock.fixed(at):
            number = numbers.next_number(session, numbers.NOTICES, digits=4)
        batch = NoticeBatch(
            number=number, title=plan.title, body=plan.body, matter=plan.matter, audience=Audience.ENTERPRISES,
            state=BatchState.SENT if plan.told is None else BatchState.PAUSED, written_by_id=writer_id,
            started_at=at, created_at=at - timedelta(minutes=rng.randint(6, 40)), updated_at=at,
        )  # fmt: skip
        batches.append(batch)
    return batches
