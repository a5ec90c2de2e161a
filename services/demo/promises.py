"""What visitors promised enterprises: kept, open and overdue."""

import random
from datetime import datetime, timedelta

from core import clock
from models.visit import Outcome, Promise, Visit
from services.demo.days import office_moment
from services.demo.people import People
from services.demo.words import words


def made(rng: random.Random, people: People, first: list[Visit], second: list[Visit]) -> list[Promise]:
    """Return promises: all of the finished campaign kept but two, those of the running one in every state."""
    worker = people.named["worker"].pk
    old = rng.sample([each for each in first if each.outcome is Outcome.MET], 36)
    met = [each for each in second if each.outcome is Outcome.MET]
    own = [each for each in met if each.assignee_id == worker]
    new = own[:4] + rng.sample([each for each in met if each.assignee_id != worker], 24)
    ends = ["overdue", "open", "open", "kept", *["kept"] * 10, *["open"] * 9, *["overdue"] * 5]
    ours = [_promise(rng, visit, end) for visit, end in zip(new, ends, strict=True)]
    return [*(_promise(rng, visit, "kept" if place > 1 else "late") for place, visit in enumerate(old)), *ours]


def _promise(rng: random.Random, visit: Visit, end: str) -> Promise:
    made_at = visit.recorded_at or clock.now()
    due_on = made_at.date() + timedelta(days=rng.randint(3, 10))
    today = clock.today()
    if end == "open":
        due_on = today + timedelta(days=rng.randint(1, 9))
    if end == "overdue":
        due_on = today - timedelta(days=rng.randint(1, 3))
    promise = Promise(
        enterprise_id=visit.enterprise_id,
        visit_id=visit.pk,
        promised_by_id=visit.assignee_id,
        text=rng.choice(words().promises),
        due_on=due_on,
        created_at=made_at,
        updated_at=made_at,
    )
    if end == "kept":
        promise.kept_at = promise.updated_at = _kept_at(rng, made_at)
        promise.kept_note = rng.choice(["已电话告知企业。", "已到企业当面答复。", "已通过微信把材料发给企业。"])
    return promise


def _kept_at(rng: random.Random, made_at: datetime) -> datetime:
    return min(office_moment(rng, made_at.date() + timedelta(days=rng.randint(1, 3))), clock.now())
