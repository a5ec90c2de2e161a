"""A person's own ledger: filters saved under a name, and the columns they chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core import clock, text
from core.errors import InvalidError, NotFoundError
from core.i18n import gettext, sort_key
from models.issue_log import LedgerView
from services.actor import Actor
from services.issues.moving import within
from services.permissions import Action
from services.use_case import use_case

MOST_VIEWS = 50
NAME_LENGTH = 60
_COLUMNS = ""
"""The name of the row that holds the columns; a saved view always has one."""
Asked = dict[str, list[str]]
"""What a saved view asks, as the ledger's address holds it: name → values."""


@dataclass(frozen=True)
class SavedView:
    """Filters saved under a name."""

    view_id: int
    name: str
    query: Asked


def saved(actor: Actor) -> list[SavedView]:
    """Return the views the actor has saved, by name.

    Raises:
        NotAllowedError: the role may not see issues.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        rows = session.exec(_own(actor).where(col(LedgerView.name) != _COLUMNS)).all()
        return sorted(
            (SavedView(row.pk, row.name, row.query) for row in rows), key=lambda view: sort_key(view.name)
        )  # fmt: skip


def save(actor: Actor, name: str, query: Mapping[str, Sequence[str]]) -> int:
    """Save what is asked under a name and return the view's id; a view of that name is replaced.

    Raises:
        InvalidError: the name is missing or too long, or there are too many views already.
    """
    tidy = _name(name)
    with use_case(actor, Action.ISSUE_VIEW) as session:
        if session.exec(_own(actor).where(col(LedgerView.name) == tidy)).first() is None:
            _refuse_many(session, actor)
        return _keep(session, actor, tidy, {key: list(values) for key, values in query.items()})


def rename(actor: Actor, view_id: int, name: str) -> None:
    """Give a saved view another name.

    Raises:
        InvalidError: the name is missing, too long, or that of another view.
        NotFoundError: the actor has no such view.
    """
    tidy = _name(name)
    with use_case(actor, Action.ISSUE_VIEW) as session:
        row = _load(session, actor, view_id)
        taken = _own(actor).where(col(LedgerView.name) == tidy, col(LedgerView.id) != view_id)
        if session.exec(taken).first() is not None:
            raise InvalidError({"name": gettext("You have another view of this name.")})
        row.name = tidy


def delete(actor: Actor, view_id: int) -> None:
    """Delete a saved view.

    Raises:
        NotFoundError: the actor has no such view.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        session.delete(_load(session, actor, view_id))


def columns(actor: Actor) -> list[str]:
    """Return the columns the actor has chosen; empty: the usual ones.

    Raises:
        NotAllowedError: the role may not see issues.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        row = session.exec(_own(actor).where(col(LedgerView.name) == _COLUMNS)).first()
        return list(row.query.get("columns", [])) if row else []


def keep_columns(actor: Actor, chosen: Sequence[str]) -> None:
    """Keep the columns the actor has chosen for their next visits, on any device.

    Raises:
        NotAllowedError: the role may not see issues.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        _keep(session, actor, _COLUMNS, {"columns": list(chosen)})


def _keep(session: Session, actor: Actor, name: str, query: Asked) -> int:
    """Insert or replace a row in one statement: of two that are first at once, the later stays."""
    now = clock.now()
    values = {"account_id": actor.pk, "name": name, "query": query, "created_at": now, "updated_at": now}
    given = insert(LedgerView).values(values)
    changed = {"query": given.excluded.query, "updated_at": given.excluded.updated_at}
    kept = given.on_conflict_do_update(index_elements=["account_id", "name"], set_=changed)
    view_id: int = session.execute(kept.returning(col(LedgerView.id))).scalar_one()
    return view_id


def _own(actor: Actor) -> SelectOfScalar[LedgerView]:
    return select(LedgerView).where(LedgerView.account_id == actor.pk)


def _load(session: Session, actor: Actor, view_id: int) -> LedgerView:
    row = session.exec(_own(actor).where(col(LedgerView.id) == view_id, col(LedgerView.name) != _COLUMNS)).first()
    if row is None:
        raise NotFoundError
    return row


def _refuse_many(session: Session, actor: Actor) -> None:
    if len(session.exec(_own(actor).where(col(LedgerView.name) != _COLUMNS)).all()) >= MOST_VIEWS:
        message = gettext("You have {count} views already; delete one first.")
        raise InvalidError({"name": message.format(count=MOST_VIEWS)})


def _name(given: str) -> str:
    tidy = text.clean(given)
    if not tidy:
        raise InvalidError({"name": gettext("Give the view a name.")})
    return within(tidy, "name", most=NAME_LENGTH)
