"""What the product does itself when a rule's moment has come: cards and escalation, each a step in the issue's log."""

from collections.abc import Callable

from sqlalchemy import update
from sqlmodel import Session, col, select

from core import clock
from core.db import transaction
from core.i18n import N_, gettext, in_locale
from core.settings import settings
from models.issue import Card
from models.lifecycle import Verb
from models.reminder import Effect, Reminder, ReminderRule, ReminderState
from services.actor import SYSTEM
from services.issues.accepting import ABOVE
from services.issues.guards import StepRefusedError
from services.issues.moving import Move, moving
from services.issues.talking import show_card

REFUSED = N_("Not done: the issue has gone on, or has the card already.")
"""Note of an effect that was not possible any more."""
_WHY = {
    Verb.YELLOW_CARD: N_("Over time by rule “{rule}”."),
    Verb.RED_CARD: N_("Over time by rule “{rule}”."),
    Verb.ESCALATE: N_("Not settled in time, by rule “{rule}”."),
}


def carry_out(reminder_id: int) -> None:
    """Do what a claimed reminder without a recipient stands for, once, and record it on its row.

    The step and the record commit together. A step that is no longer possible is recorded as cancelled.
    """
    found = _read(reminder_id)
    if found is None:
        return
    reminder, rule = found
    verb = VERBS[rule.effect]
    with in_locale(settings().default_locale):
        why = gettext(_WHY[verb]).format(rule=rule.name)
    try:
        with moving(SYSTEM, reminder.subject_id, verb, reason=why) as move:
            _do(move, reminder_id)
    except StepRefusedError:
        with transaction(actor=SYSTEM) as session:
            _record(session, reminder_id, ReminderState.CANCELLED)


def _do(move: Move, reminder_id: int) -> None:
    """Take the step and record it, or refuse it whole."""
    if not _CHANGES[move.verb](move) or not _record(move.session, reminder_id, ReminderState.DELIVERED):
        raise StepRefusedError(REFUSED)


def _read(reminder_id: int) -> tuple[Reminder, ReminderRule] | None:
    with transaction(actor=SYSTEM) as session:
        return session.exec(
            select(Reminder, ReminderRule)
            .join(ReminderRule, col(ReminderRule.id) == Reminder.rule_id)
            .where(Reminder.id == reminder_id, Reminder.state == ReminderState.CLAIMED)
        ).one_or_none()


def _record(session: Session, reminder_id: int, state: ReminderState) -> bool:
    """Record the outcome unless the row was cancelled meanwhile; returns whether it was recorded."""
    now = clock.now()
    done = state is ReminderState.DELIVERED
    values = {"sent_at": now, "delivered_at": now} if done else {"cancelled_at": now, "note": REFUSED}
    statement = (
        update(Reminder)
        .where(col(Reminder.id) == reminder_id, col(Reminder.state) == ReminderState.CLAIMED)
        .values(state=state, claimed_until=None, **values)
        .returning(col(Reminder.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).one_or_none() is not None


def _card(card: Card) -> Callable[[Move], bool]:
    def show(move: Move) -> bool:
        if _ORDER.index(move.issue.card) >= _ORDER.index(card):
            return False
        show_card(move.issue, card)
        return True

    return show


def _escalate(move: Move) -> bool:
    above = ABOVE.get(move.issue.tier)
    if above is None:
        return False
    move.issue.tier = above
    return True


_ORDER = tuple(Card)
VERBS = {Effect.YELLOW_CARD: Verb.YELLOW_CARD, Effect.RED_CARD: Verb.RED_CARD, Effect.ESCALATE: Verb.ESCALATE}
"""Effect of a rule → the step it is in the log of an issue."""
_CHANGES: dict[Verb, Callable[[Move], bool]] = {
    Verb.YELLOW_CARD: _card(Card.YELLOW),
    Verb.RED_CARD: _card(Card.RED),
    Verb.ESCALATE: _escalate,
}
