"""More time, or none running: extensions and shelving, each asked for by the department and decided by another."""

from datetime import date

from core import clock
from core.errors import InvalidError
from core.i18n import N_, gettext
from models.lifecycle import Verb
from services import outbox
from services.actor import Actor
from services.issues import clocks
from services.issues.moving import Move, moving, required

RESUME = "issue.resume"
"""Topic of the message that takes a shelved issue up again on its review date."""
MOST_DAYS = 60


def request_extension(actor: Actor, issue_id: int, days: int, reason: str, *, seen: int | None = None) -> None:
    """Ask for more working days to handle an issue; its clock stands still until the decision.

    Raises:
        InvalidError: the days are not between 1 and 60, or the reason is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    if not 1 <= days <= MOST_DAYS:
        raise InvalidError({"days": gettext("Ask for 1 to {most} working days.").format(most=MOST_DAYS)})
    tidy = required(reason, "reason", N_("Write why more time is needed."))
    with moving(actor, issue_id, Verb.REQUEST_EXTENSION, seen=seen, reason=tidy) as move:
        move.issue.extension_days = days


def approve_extension(actor: Actor, issue_id: int, *, note: str = "", seen: int | None = None) -> None:
    """Grant the working days asked for.

    Raises:
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    with moving(actor, issue_id, Verb.APPROVE_EXTENSION, seen=seen, reason=note) as move:
        clocks.extend(move.session, move.issue, move.issue.extension_days)
        move.issue.extension_days = 0


def refuse_extension(actor: Actor, issue_id: int, reason: str, *, seen: int | None = None) -> None:
    """Refuse the extension; the time of waiting for the decision does not count.

    Raises:
        InvalidError: the reason is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(reason, "reason", N_("Write why it is refused."))
    with moving(actor, issue_id, Verb.REFUSE_EXTENSION, seen=seen, reason=tidy) as move:
        move.issue.extension_days = 0


def request_shelving(actor: Actor, issue_id: int, review_on: date, reason: str, *, seen: int | None = None) -> None:
    """Ask to shelve an issue that cannot be resolved for now (挂账), until a day on which it is looked at again.

    Raises:
        InvalidError: the day is not in the coming two years, or the reason is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    _check(review_on)
    tidy = required(reason, "reason", N_("Write why it cannot be resolved for now."))
    with moving(actor, issue_id, Verb.REQUEST_SHELVING, seen=seen, reason=tidy) as move:
        move.issue.review_on = review_on


def approve_shelving(
    actor: Actor, issue_id: int, *, review_on: date | None = None, note: str = "", seen: int | None = None
) -> None:
    """Shelve the issue until its review date; it is taken up again by itself then.

    Args:
        actor: who decides.
        issue_id: the issue.
        review_on: another day than the one asked for.
        note: what the department is told.
        seen: the version the person looked at.

    Raises:
        InvalidError: the day is not in the coming two years.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    with moving(actor, issue_id, Verb.APPROVE_SHELVING, seen=seen, reason=note) as move:
        day = review_on or move.issue.review_on
        assert day is not None  # noqa: S101 - a request names one
        _check(day)
        move.issue.review_on = day
        _remember(move, day)


def refuse_shelving(actor: Actor, issue_id: int, reason: str, *, seen: int | None = None) -> None:
    """Refuse to shelve the issue; the time of waiting for the decision does not count.

    Raises:
        InvalidError: the reason is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(reason, "reason", N_("Write why it is refused."))
    with moving(actor, issue_id, Verb.REFUSE_SHELVING, seen=seen, reason=tidy) as move:
        move.issue.review_on = None


def resume(actor: Actor, issue_id: int, *, note: str = "", seen: int | None = None) -> None:
    """Take a shelved issue up again; its clock goes on where it stood.

    Raises:
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    with moving(actor, issue_id, Verb.RESUME, seen=seen, reason=note) as move:
        move.issue.review_on = None


def _check(day: date) -> None:
    today = clock.today()
    if not today < day <= date(today.year + 2, 12, 31):
        raise InvalidError({"review_on": gettext("Choose a day after today, within two years.")})


def _remember(move: Move, day: date) -> None:
    due_at = clock.now().replace(year=day.year, month=day.month, day=day.day, hour=0, minute=1, second=0, microsecond=0)
    outbox.put(move.session, RESUME, {"issue": move.issue.pk, "review_on": day.isoformat()}, due_at)
