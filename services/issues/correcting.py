"""Correcting what a need says before a department has it, and linking needs that belong together."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session, or_, select

from core import clock
from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext
from models.fields import as_document, clean_values
from models.issue import Issue, IssueKind, Urgency
from models.issue_class import IssueClassMember, Standing
from models.issue_log import IssueLink, LinkKind
from models.lifecycle import Verb
from services import access
from services.actor import Actor
from services.issues import events
from services.issues.moving import Move, complete, moving, required
from services.issues.registering import TEXT_LENGTH, Heard, check
from services.issues.saying import own_fields
from services.issues.steps import ACTIONS


def correct(
    actor: Actor, issue_id: int, *, kind: IssueKind | None = None, urgency: Urgency | None = None,
    category: str | None = None, text: str | None = None, first_receiver_id: int | None = None,
    extra: Mapping[str, Any] | None = None, reason: str = "", seen: int | None = None,
) -> None:  # fmt: skip
    """Correct kind, urgency, category, text, first receiver or the administrator's own fields; what is left out stays.

    The deadline of the present stage is not touched by it: the next stage begins with the limit of the new values.

    Raises:
        InvalidError: a value is not acceptable.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    with moving(actor, issue_id, Verb.EDIT, seen=seen, reason=reason) as move:
        issue = move.issue
        wanted = Heard(
            kind=kind or issue.kind,
            urgency=urgency or issue.urgency,
            category=issue.category if category is None else category,
            text=required(issue.text if text is None else text, "text", N_("Write what the enterprise said."),
                          most=TEXT_LENGTH),
        )  # fmt: skip
        check(move.session, replace(wanted, first_receiver_id=first_receiver_id))
        if wanted.category != issue.category:
            _offer_no_more(move)
        issue.kind, issue.urgency, issue.category, issue.text = (
            wanted.kind, wanted.urgency, wanted.category, wanted.text,
        )  # fmt: skip
        issue.first_receiver_id = first_receiver_id or issue.first_receiver_id
        if extra is not None:
            issue.extra = _own_values(move, extra)


def _own_values(move: Move, entered: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an issue has in own fields: as entered, and what it has in those that are in use no more."""
    issue, specs = move.issue, own_fields(move.session)
    known = {"kind": issue.kind.value, "category": issue.category, "urgency": issue.urgency.value}
    values, problems = clean_values(specs, entered, known)
    if problems:
        raise InvalidError({f"extra.{key}": message for key, message in problems.items()})
    asked = {spec.key for spec in specs}
    return {key: value for key, value in issue.extra.items() if key not in asked} | as_document(values)


def _offer_no_more(move: Move) -> None:
    """Take an issue out of what classes of its former category are offered, so that one of its own can have it."""
    offered = (IssueClassMember.issue_id == move.issue.pk, IssueClassMember.standing == Standing.OFFERED)
    for each in move.session.exec(select(IssueClassMember).where(*offered)):
        move.session.delete(each)


def link(actor: Actor, issue_id: int, other_id: int, kind: LinkKind) -> None:
    """Say that two issues belong together; both logs tell it.

    Raises:
        InvalidError: an issue cannot be linked with itself.
        ConflictError: they are linked already.
        NotFoundError: the actor may not link one of them.
    """
    first, second = _ordered(issue_id, other_id)
    with moving(actor, first, Verb.LINK) as move:
        if move.session.get(IssueLink, (first, second)) is not None:
            raise ConflictError(N_("These issues are linked already."))
        other = _other(move, second)
        row = IssueLink(
            issue_id=first, other_id=second, kind=kind, linked_by_id=actor.account_id, linked_at=clock.now()
        )
        move.session.add(row)
        _tell_both(move, other)


def unlink(actor: Actor, issue_id: int, other_id: int) -> None:
    """Say that two issues do not belong together after all.

    Raises:
        ConflictError: they are not linked.
        NotFoundError: the actor may not link one of them.
    """
    first, second = _ordered(issue_id, other_id)
    with moving(actor, first, Verb.UNLINK) as move:
        row = move.session.get(IssueLink, (first, second))
        if row is None:
            raise ConflictError(N_("These issues are not linked."))
        other = _other(move, second)
        move.session.delete(row)
        _tell_both(move, other)


def links_of(session: Session, issue_id: int) -> dict[int, LinkKind]:
    """Return the issues an issue is linked with, whichever end it was done from, and how; part of a use case."""
    rows = session.exec(select(IssueLink).where(or_(IssueLink.issue_id == issue_id, IssueLink.other_id == issue_id)))
    return {row.other_id if row.issue_id == issue_id else row.issue_id: row.kind for row in rows}


def _other(move: Move, other_id: int) -> Issue:
    return access.load(move.session, move.actor, ACTIONS[move.verb], Issue, other_id, lock=True)


def _tell_both(move: Move, other: Issue) -> None:
    move.reason = other.number
    across = Move(move.session, move.actor, other, move.verb, move.issue.number)
    complete(across, events.snapshot(other))


def _ordered(one: int, other: int) -> tuple[int, int]:
    """Return the smaller id first: two people linking at once then hold the rows in the same order."""
    if one == other:
        raise InvalidError({"other_id": gettext("An issue cannot be linked with itself.")})
    return min(one, other), max(one, other)
