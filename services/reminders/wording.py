"""A rule in a sentence: “2 working days before it is due → whoever is to act”."""

from collections.abc import Iterable

from core.i18n import N_, ngettext
from core.i18n import gettext as _
from models.reminder import Effect, Occasion, OffsetUnit, ReminderRule
from services.reminders.occasions import SUDDEN


def sentence(rule: ReminderRule) -> str:
    """Return who is reminded when, and what the product does itself, in the present language."""
    done = to_whom((_(each.label) for each in rule.recipients), rule.effect)
    return _("{when} → {done}").format(when=when(rule), done=done)


def to_whom(names: Iterable[str], effect: Effect) -> str:
    """Return whom a step goes to and, apart from these, what the product does itself, in the present language."""
    whom = _(", ").join(names)
    does = _(effect.label) if effect is not Effect.NONE else ""
    return _("{whom}; {effect}").format(whom=whom, effect=does) if whom and does else whom or does


def when(rule: ReminderRule) -> str:
    """Return when a rule reminds for the first time, and how often again."""
    first = _first(rule)
    if not rule.repeats:
        return first
    again = ngettext("{first}, again {every} later", "{first}, {count} times more every {every}", rule.repeats)
    return again.format(first=first, count=rule.repeats, every=_amount(rule.repeat_every, rule.unit))


def order(rule: ReminderRule) -> tuple[int, int, str]:
    """Return what orders the steps of a ladder: the soonest first."""
    a_day = 24 * 60
    minutes = rule.offset * a_day if rule.unit is OffsetUnit.WORKING_DAYS else rule.offset
    return minutes, rule.unit is OffsetUnit.MINUTES, rule.name


def _first(rule: ReminderRule) -> str:
    before, at, after = _WORDS.get(rule.occasion, _HAPPENED if rule.occasion in SUDDEN else _DUE)
    if rule.offset == 0:
        return _(at) if rule.unit is OffsetUnit.WORKING_DAYS else _(_AT_ONCE[rule.occasion in SUDDEN])
    return _(after if rule.offset > 0 else before).format(amount=_amount(abs(rule.offset), rule.unit))


def _amount(count: int, unit: OffsetUnit) -> str:
    if unit is OffsetUnit.MINUTES:
        return ngettext("{count} minute", "{count} minutes", count).format(count=count)
    return ngettext("{count} working day", "{count} working days", count).format(count=count)


_DUE = N_("{amount} before it is due"), N_("On the day it is due"), N_("{amount} overdue")
_HAPPENED = N_("{amount} before"), N_("On the same day"), N_("{amount} later")
_WORDS = {
    Occasion.VISIT_PLANNED: (N_("{amount} before the visit"), N_("On the day of the visit"), N_("{amount} later")),
    Occasion.WEEKLY_DIGEST: (N_("{amount} before"), N_("On Monday"), N_("{amount} later")),
    Occasion.SHELVED_REVIEW: (N_("{amount} before the review"), N_("On the day of the review"), N_("{amount} overdue")),
}
_AT_ONCE = N_("When the time has come"), N_("At once")
