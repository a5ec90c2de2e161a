"""Rules of reminders: rows an administrator edits; what could never work is refused when it is saved.

Reminders follow a changed rule by themselves: `noticing` sees the row and owes a new planning of all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from core.errors import InvalidError
from core.i18n import N_, gettext
from models.channel import ChannelKind
from models.limits import Stage
from models.reminder import Effect, Occasion, OffsetUnit, Relation, ReminderRule, ReminderTemplate
from services.actor import Actor
from services.entities import Entity
from services.permissions import Action
from services.reminders import wording
from services.reminders.occasions import EFFECTIVE, OPTIONS, RELATIONS, STAGED, SUDDEN
from services.use_case import use_case

MOST_DAYS, MOST_MINUTES = 250, 100_000
"""How far from its occasion a reminder may lie: a year of working days, two months of minutes."""

_LONGEST_NAME = 100


def ladders(actor: Actor) -> dict[Occasion, Sequence[ReminderRule]]:
    """Return the rules of every occasion, the step that comes first at the top."""
    with use_case(actor, Action.CONFIGURE) as session:
        rows = session.exec(select(ReminderRule).order_by(col(ReminderRule.id))).all()
    return {
        occasion: sorted((row for row in rows if row.occasion is occasion), key=wording.order) for occasion in RELATIONS
    }


def problems(rule: ReminderRule) -> dict[str, str]:
    """Return what makes a rule impossible: field key → why, in the present language; empty if it is sound.

    Args:
        rule: a rule with an occasion, saved or not.
    """
    if rule.occasion not in RELATIONS:
        return {"occasion": gettext("A notice is sent from its own page and needs no rule.")}
    return {field: told for field, problem in _PROBLEMS if (told := problem(rule))}


def draft(raw: Mapping[str, Any]) -> ReminderRule:
    """Return the rule that entered values make, not stored: for previews.

    Args:
        raw: field key → value as the form gives it; what is left out or empty has its default.
    """
    return ReminderRule(
        name=raw.get("name") or "",
        occasion=Occasion.of(raw["occasion"]),
        stage=Stage.of(raw["stage"]) if raw.get("stage") else None,
        offset=raw.get("offset") or 0,
        unit=OffsetUnit.of(raw.get("unit") or OffsetUnit.WORKING_DAYS),
        repeats=raw.get("repeats") or 0,
        repeat_every=raw.get("repeat_every") or 0,
        recipients=[Relation.of(each) for each in raw.get("recipients") or ()],
        urgent=bool(raw.get("urgent")),
        effect=Effect.of(raw.get("effect") or Effect.NONE),
        template_id=raw.get("template_id") or 0,
    )


def suggested_name(raw: Mapping[str, Any]) -> str:
    """Return what a rule with these values may be called: its occasion and its moment."""
    rule = draft(raw)
    about = [gettext(rule.occasion.label), gettext(rule.stage.label)] if rule.stage else [gettext(rule.occasion.label)]
    return " · ".join([*about, wording.when(rule)])[:_LONGEST_NAME]


def _prepare(session: Session, _actor: Actor, row: ReminderRule) -> None:
    row.recipients = [Relation.of(each) for each in row.recipients]
    row.channels = [ChannelKind.of(each) for each in row.channels]
    found = problems(row)
    template = session.get(ReminderTemplate, row.template_id)
    if template is None:
        found["template_id"] = gettext("Choose a template.")
    elif template.occasion is not row.occasion:
        reason = gettext("“{template}” is for “{other}”. Choose one for “{occasion}”.")
        found["template_id"] = reason.format(
            template=template.name, other=gettext(template.occasion.label), occasion=gettext(row.occasion.label)
        )
    if found:
        raise InvalidError(found)
    row.repeat_every = row.repeat_every if row.repeats else 0
    row.stage = row.stage if row.occasion in STAGED else None


def _offset(rule: ReminderRule) -> str:
    if rule.occasion in SUDDEN and rule.offset < 0:
        return gettext("Nobody can be reminded of this before it happens.")
    days = rule.unit is OffsetUnit.WORKING_DAYS
    furthest = max(abs(rule.offset), abs(rule.offset + rule.repeats * rule.repeat_every))
    if furthest > (MOST_DAYS if days else MOST_MINUTES):
        reason = gettext("The last reminder lies too far off: at most {days} working days or {minutes} minutes.")
        return reason.format(days=MOST_DAYS, minutes=MOST_MINUTES)
    return ""


def _recipients(rule: ReminderRule) -> str:
    if not rule.recipients and rule.effect is Effect.NONE:
        return gettext("Choose who is reminded, or what the product does itself.")
    strangers = [each for each in rule.recipients if each not in RELATIONS[rule.occasion]]
    if strangers:
        names = gettext(", ").join(gettext(each.label) for each in strangers)
        return gettext("Nobody is that here: {names}.").format(names=names)
    return ""


def _effect(rule: ReminderRule) -> str:
    if rule.effect is Effect.NONE:
        return ""
    if rule.occasion not in EFFECTIVE:
        return gettext("Cards and handing up are for deadlines of issues only.")
    if rule.offset < 0 or (rule.offset == 0 and rule.unit is OffsetUnit.WORKING_DAYS):
        return gettext("Cards and handing up come after the deadline, not before.")
    return ""


def _channels(rule: ReminderRule) -> str:
    if Relation.ENTERPRISE_CONTACT in rule.recipients and rule.channels and ChannelKind.MAIL not in rule.channels:
        return gettext("Contacts of enterprises are reached by e-mail only.")
    return ""


def _repeat_every(rule: ReminderRule) -> str:
    return gettext("Say how long to wait between two reminders.") if rule.repeats and rule.repeat_every < 1 else ""


_PROBLEMS: Sequence[tuple[str, Callable[[ReminderRule], str]]] = (
    ("offset", _offset),
    ("recipients", _recipients),
    ("effect", _effect),
    ("channels", _channels),
    ("repeat_every", _repeat_every),
)
RULES = Entity(
    key="reminder_rule",
    model=ReminderRule,
    label=N_("Reminder rule"),
    labels=N_("Reminder rules"),
    view=Action.CONFIGURE,
    edit=Action.CONFIGURE,
    natural_key=("name",),
    order="id",
    choices={"occasion": lambda _session: OPTIONS},
    prepare=_prepare,
    deletable=True,
)
