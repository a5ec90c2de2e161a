"""The settings of bulletins: read and changed by whoever builds them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core import clock, months
from core.errors import InvalidError
from core.i18n import gettext
from models.bulletin import BulletinSettings
from models.entity import specs_of
from models.fields import FieldSpec, clean_values
from models.reminder import Subject
from services import meanwhile, working_time
from services.actor import Actor
from services.bulletin import schedule
from services.permissions import Action
from services.reminders import noticing
from services.use_case import use_case


def specs() -> list[FieldSpec]:
    """Return the fields of the settings."""
    return [spec for spec in specs_of(BulletinSettings) if spec.key != "id"]


def in_force(actor: Actor) -> dict[str, Any]:
    """Return the settings by which the next bulletin is built.

    Raises:
        NotAllowedError: the role builds no bulletins.
    """
    with use_case(actor, Action.BULLETIN_EDIT) as session:
        present = schedule.settings_of(session)
        return {spec.key: getattr(present, spec.key) for spec in specs()}


def change(actor: Actor, raw: Mapping[str, Any], *, seen: Mapping[str, Any] | None = None) -> None:
    """Change the settings; bulletins built before keep those they were made by.

    Args:
        actor: who asks.
        raw: field key → value as entered.
        seen: the values the person began with, see `meanwhile`; `None` sets all of them whatever happened.

    Raises:
        InvalidError: a value is missing or not acceptable.
        NotAllowedError: the role builds no bulletins.
        OvertakenError: somebody else has changed the same since `seen`.
    """
    with use_case(actor, Action.BULLETIN_EDIT) as session:
        meanwhile.one_at_a_time(session, "bulletin settings")
        present = schedule.settings_of(session)
        now = {spec.key: getattr(present, spec.key) for spec in specs()}
        labels = {spec.key: spec.label for spec in specs()}
        for key, value in _checked(meanwhile.merged(seen, raw, now, labels)).items():
            setattr(present, key, "" if value is None else value)  # only a text may be left empty
        session.add(present)
        this = months.first_of(clock.today())
        touched = [months.numbered(each) for each in (months.before(this), this)]
        noticing.touch(session, Subject.BULLETIN, touched)


def _checked(raw: Mapping[str, Any]) -> dict[str, Any]:
    values, problems = clean_values(specs(), raw)
    if not problems and values["build_day"] > values["issue_day"]:
        problems["issue_day"] = gettext("It cannot be due before it is built.")
    if not problems and values["shame_percent"] >= values["honour_percent"]:
        problems["shame_percent"] = gettext("It must be lower than that of the honour list.")
    if problems:
        raise InvalidError(problems)
    return values


def days(actor: Actor, month: date) -> tuple[date, date]:
    """Return on which days the bulletin of a month is built and due.

    Raises:
        NotAllowedError: the role reads no bulletins.
    """
    with use_case(actor, Action.BULLETIN_VIEW) as session:
        present, calendar = schedule.settings_of(session), working_time.calendar(session)
        return (
            schedule.working_day_after(month, present.build_day, calendar),
            schedule.working_day_after(month, present.issue_day, calendar),
        )
