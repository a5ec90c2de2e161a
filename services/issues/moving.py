"""The frame of every step: permission, the issue held, nobody quicker, the step legal; afterwards clocks and log."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlmodel import Session

from core import text
from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext, ngettext
from models.issue import Issue, IssueState
from models.issue_log import IssueEvent
from models.lifecycle import STEPS, Verb
from services import access
from services.actor import Actor
from services.issues import clocks, events
from services.issues.guards import refuse
from services.issues.steps import ACTIONS
from services.use_case import use_case


class StaleError(ConflictError):
    """Something happened to the issue since the person looked at it; nothing was changed.

    Args:
        events: what happened since, oldest first.
        version: the version to name when the person has read it and goes on.
    """

    def __init__(self, events: Sequence[IssueEvent], version: int) -> None:
        last = events[-1]
        super().__init__(
            N_("{who} was quicker: “{what}”. Look at it and decide again."),
            who=last.actor_name,
            what=gettext(last.verb.label),
        )
        self.events = list(events)
        self.version = version


_SPOKEN: dict[Verb, tuple[str, ...]] = {
    Verb.DISPATCH: ("department_id",),
    Verb.REDISPATCH: ("department_id",),
    Verb.APPROVE_SHELVING: ("review_on",),
    Verb.START_CALL_BACK: ("caller_id",),
    Verb.REDO: ("solved", "satisfied"),
}


@dataclass
class Move:
    """A step being taken."""

    session: Session
    actor: Actor
    issue: Issue
    verb: Verb
    reason: str = ""
    task_id: int | None = None
    spoken: tuple[str, ...] = ()
    """Columns its event tells even if they stay as they were, because its words speak of them."""

    def to(self, state: IssueState) -> None:
        """Lead the issue to a state that the life cycle allows for this step."""
        assert state in STEPS[self.verb].targets  # noqa: S101 - a step that leads elsewhere would be a defect of ours
        self.issue.state = state


@contextmanager
def moving(
    actor: Actor, issue_id: int, verb: Verb, *, seen: int | None = None, reason: str = ""
) -> Iterator[Move]:  # fmt: skip
    """Take a step: one permission check, one transaction, one event.

    A step that has one target leads there by itself; the block says what else changes.

    Args:
        actor: who takes it.
        issue_id: the issue.
        verb: the step.
        seen: the version the person looked at; `None` does not ask.
        reason: what they wrote; an event carries it.

    Yields:
        The issue, held until the end of the block.

    Raises:
        NotFoundError: there is no such issue or the actor may not take this step with it.
        StaleError: something happened to it since `seen`.
        StepRefusedError: the step is not possible now; the message says why.
    """
    with use_case(actor, ACTIONS[verb]) as session, moving_in(session, actor, issue_id, verb, seen, reason) as move:
        yield move


@contextmanager
def moving_in(  # noqa: PLR0917 - `moving` names them
    session: Session, actor: Actor, issue_id: int, verb: Verb, seen: int | None = None, reason: str = ""
) -> Iterator[Move]:
    """Take a step as part of a use case, so that several commit together or not at all; see `moving`."""
    issue = access.load(session, actor, ACTIONS[verb], Issue, issue_id, lock=True)
    _refuse_stale(session, issue, seen)
    refuse(session, actor, issue, verb)
    tidy = within(text.prose(reason), "note", most=4000)
    move, before = Move(session, actor, issue, verb, tidy, spoken=_SPOKEN.get(verb, ())), events.snapshot(issue)
    yield move
    targets = STEPS[verb].targets
    if len(targets) == 1:
        issue.state = targets[0]
    complete(move, before)


def complete(move: Move, before: events.Snapshot) -> None:
    """Let the clocks follow and write the event; for a step within another's use case."""
    move.session.add(move.issue)
    clocks.follow(move.session, move.issue)
    events.record(
        move.session, move.actor, move.issue, move.verb, before, reason=move.reason, task_id=move.task_id,
        spoken=move.spoken,
    )  # fmt: skip


def required(given: str, field: str, message: str, *, most: int = 1000) -> str:
    """Return a text that must not be empty, tidied.

    Args:
        given: as entered.
        field: the key of the field, for `InvalidError`.
        message: what to say when it is empty, marked with `N_`.
        most: its greatest length.

    Raises:
        InvalidError: it is empty or too long.
    """
    tidy = text.prose(given)
    if not tidy:
        raise InvalidError({field: gettext(message)})
    return within(tidy, field, most=most)


def within(tidy: str, field: str, *, most: int) -> str:
    """Return a text that is not too long.

    Raises:
        InvalidError: it is.
    """
    if len(tidy) > most:
        message = ngettext("At most {count} character.", "At most {count} characters.", most)
        raise InvalidError({field: message.format(count=most)})
    return tidy


def _refuse_stale(session: Session, issue: Issue, seen: int | None) -> None:
    if seen is None or seen == issue.version:
        return
    since = events.of(session, issue.pk, after=seen)
    session.expunge_all()  # they are read after the transaction has been rolled back
    raise StaleError(since, issue.version)
