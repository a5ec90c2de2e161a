"""The first decision on a need: resolved on the spot, accepted, declined, or handed to the tier above."""

from core import clock
from core.i18n import N_
from models.area import Tier
from models.lifecycle import Verb
from services.actor import Actor
from services.issues.moving import moving, required

ABOVE = {Tier.GRID: Tier.VILLAGE, Tier.VILLAGE: Tier.STREET, Tier.STREET: Tier.ZONE}


def resolve_on_site(actor: Actor, issue_id: int, solution: str, *, seen: int | None = None) -> None:
    """Say how a registered need was resolved on the spot.

    Raises:
        InvalidError: it does not say how.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(solution, "solution", N_("Write how it was resolved."), most=4000)
    with moving(actor, issue_id, Verb.RESOLVE_ON_SITE, seen=seen) as move:
        move.issue.solution = tidy
        move.issue.resolved_at, move.issue.resolved_by_id = clock.now(), actor.account_id


def accept(actor: Actor, issue_id: int, *, note: str = "", seen: int | None = None) -> None:
    """Accept a need as one the programme handles.

    Raises:
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    with moving(actor, issue_id, Verb.ACCEPT, seen=seen, reason=note):
        pass


def decline(actor: Actor, issue_id: int, reason: str, *, seen: int | None = None) -> None:
    """Decline a need, with the reason the enterprise is told.

    Raises:
        InvalidError: the reason is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(reason, "reason", N_("Write why it is declined."))
    with moving(actor, issue_id, Verb.DECLINE, seen=seen, reason=tidy):
        pass


def escalate(actor: Actor, issue_id: int, reason: str, *, seen: int | None = None) -> None:
    """Hand a need to the tier above, because this one cannot settle it.

    Raises:
        InvalidError: the reason is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(reason, "reason", N_("Write why the tier above must act."))
    with moving(actor, issue_id, Verb.ESCALATE, seen=seen, reason=tidy) as move:
        move.issue.tier = ABOVE[move.issue.tier]
