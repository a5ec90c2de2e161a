"""Classes of issues of the demonstration: confirmed, in force with an effect that can be measured, closed, suggested.

Each is ruled on by the use cases the pages call, at its own moment.
"""

import random
import tomllib
from datetime import timedelta
from importlib import resources

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from core import clock
from core.db import joined
from models.issue import Issue
from models.issue_class import Standing
from services import classes, entities
from services.actor import SYSTEM
from services.classes import CLASSES
from services.demo.cast import Cast
from services.demo.days import Diary, office_moment


class _Plan(BaseModel):
    """One class: from which issue it was begun, what was done about it and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    title: str
    measure: str
    confirmed: int
    due: int
    in_force: int | None = None
    closed: int | None = None
    conclusion: str = ""
    told: int = 0
    swept: int | None = None


def confirm(session: Session, rng: random.Random, cast: Cast) -> None:
    """Make the classes out of issues that are told already, and let the product suggest others."""
    diary = Diary()
    with joined(session):
        for plan in _plans():
            _make(session, rng, cast, diary, plan)
        classes.suggest(SYSTEM)


def _plans() -> list[_Plan]:
    text = resources.files("services.demo").joinpath("data", "classes.toml").read_text(encoding="utf-8")
    return [_Plan.model_validate(each) for each in tomllib.loads(text)["classes"]]


def _make(session: Session, rng: random.Random, cast: Cast, diary: Diary, plan: _Plan) -> None:
    coordinator = cast.coordinator
    with clock.fixed(office_moment(rng, diary.day_ago(plan.confirmed))):
        class_id = _begun(session, cast, plan)
        due_on = diary.day_ago(-plan.due) if plan.due < 0 else diary.now.date() + timedelta(days=plan.due)
        given = {"title": plan.title, "measure": plan.measure, "due_on": due_on}
        entities.save(coordinator, CLASSES, given, class_id)
    if plan.in_force is None:
        return
    day = diary.day_ago(plan.in_force)
    with clock.fixed(office_moment(rng, day)):
        classes.take_effect(coordinator, class_id, day)
    with clock.fixed(office_moment(rng, diary.day_ago(plan.in_force - 2))):
        waiting = classes.untold(coordinator, class_id=class_id)
        classes.record_told(coordinator, class_id, list(waiting[0].enterprises)[: plan.told])
    if plan.swept is not None:
        with clock.fixed(office_moment(rng, diary.day_ago(plan.swept))):
            _put_in(cast, class_id)
    if plan.closed is not None:
        with clock.fixed(office_moment(rng, diary.day_ago(plan.closed))):
            classes.close(coordinator, class_id, plan.conclusion)


def _begun(session: Session, cast: Cast, plan: _Plan) -> int:
    """Begin a class with the first issue that says so, and put in what was like it by then."""
    first = session.exec(
        select(Issue).where(col(Issue.text).startswith(plan.text)).order_by(col(Issue.created_at), col(Issue.id))
    ).first()
    if first is None:
        raise LookupError(plan.text)
    department = cast.department(first.category)
    class_id = classes.begin(cast.coordinator, first.pk, department.pk)
    _put_in(cast, class_id)
    entities.save(cast.coordinator, CLASSES, {"owner_id": cast.officer(department.name).pk}, class_id)
    return class_id


def _put_in(cast: Cast, class_id: int) -> None:
    """Put in what is offered and was registered by now."""
    offered = classes.of_class(cast.coordinator, class_id, Standing.OFFERED).rows
    classes.add(cast.coordinator, class_id, [each.id for each in offered if each.registered_at <= clock.now()])
