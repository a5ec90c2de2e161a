"""Words and signals that move no issue: comments, urging, supervision and cards."""

from core.i18n import N_
from models.issue import WITH_DEPARTMENT, Card, Issue
from models.lifecycle import Verb
from services import numbers
from services.actor import Actor
from services.issues.moving import moving, required


def comment(actor: Actor, issue_id: int, said: str) -> None:
    """Say something that everybody who sees the issue can read.

    Raises:
        InvalidError: it says nothing.
        NotFoundError: there is no such issue or the actor may not comment on it.
    """
    tidy = required(said, "comment", N_("Write something."), most=2000)
    with moving(actor, issue_id, Verb.COMMENT, reason=tidy):
        pass


def urge(actor: Actor, issue_id: int, note: str = "", *, seen: int | None = None) -> None:
    """Urge whoever is to act now (催办).

    Raises:
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    with moving(actor, issue_id, Verb.URGE, seen=seen, reason=note) as move:
        move.issue.urges += 1


def supervise(actor: Actor, issue_id: int, reason: str, *, seen: int | None = None) -> str:
    """Put the issue under supervision (督办) and return the supervision's number, such as DB-2023-0001.

    Raises:
        InvalidError: the reason is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(reason, "reason", N_("Write what the supervision demands."))
    with moving(actor, issue_id, Verb.SUPERVISE, seen=seen, reason=tidy) as move:
        move.issue.supervision = numbers.next_number(move.session, numbers.SUPERVISION, 4)
        return move.issue.supervision


def yellow_card(actor: Actor, issue_id: int, reason: str, *, seen: int | None = None) -> None:
    """Show whoever is to act a yellow card.

    Raises:
        InvalidError: the reason is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    _card(actor, issue_id, Verb.YELLOW_CARD, Card.YELLOW, reason, seen)


def red_card(actor: Actor, issue_id: int, reason: str, *, seen: int | None = None) -> None:
    """Show whoever is to act a red card.

    Raises:
        InvalidError: the reason is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    _card(actor, issue_id, Verb.RED_CARD, Card.RED, reason, seen)


def show_card(issue: Issue, card: Card) -> None:
    """Show a card to whoever is to act now; part of a step. Only a department's own counts against it."""
    issue.card = card
    issue.card_department_id = issue.department_id if issue.state in WITH_DEPARTMENT else None


def _card(  # noqa: PLR0917 - the two public functions name them
    actor: Actor, issue_id: int, verb: Verb, card: Card, reason: str, seen: int | None
) -> None:
    tidy = required(reason, "reason", N_("Write what the card is for."))
    with moving(actor, issue_id, verb, seen=seen, reason=tidy) as move:
        show_card(move.issue, card)
