"""The frame of every use case: one permission check, one transaction, one trail in the audit log."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from core.db import transaction
from core.errors import NotSignedInError
from models.account import Account, SignInSession
from services import audit_trail as _audit_trail  # noqa: F401 - its listener must be in place before any flush
from services.actor import Actor
from services.live_sessions import LIVE, moments
from services.permissions import Action, require
from services.reminders import noticing as _noticing  # noqa: F401 - likewise

_ROLE_OF_SESSION = (
    select(Account.role)
    .join(SignInSession, col(SignInSession.account_id) == Account.id)
    .where(SignInSession.id == bindparam("session_id"), LIVE, col(Account.active))
    .where(SignInSession.account_id == bindparam("account_id"))
)
"""Built once: every use case of every page asks it, and building it took longer than its answer."""


@contextmanager
def use_case(actor: Actor, action: Action) -> Iterator[Session]:
    """Check that `actor` may do `action`, then open the transaction it runs in.

    Yields:
        The session; everything done with it commits together at the end of the block, or nothing does.

    Raises:
        NotAllowedError: the role may not do this at all.
        NotSignedInError: the actor's session has ended, or their role has changed, since the page was opened.
    """
    require(actor, action)
    with transaction(actor=actor, action=action.value) as session:
        _refuse_ended(session, actor)
        yield session


def _refuse_ended(session: Session, actor: Actor) -> None:
    """Ask the session row itself: a fragment or a callback runs with the actor of an earlier page run.

    It is no use of the session by itself: a fragment that refreshes itself must not keep one open.
    """
    if actor.session_id is None:
        return
    given = {"session_id": actor.session_id, "account_id": actor.account_id} | moments()
    role = session.exec(_ROLE_OF_SESSION, params=given).first()
    if role is None or role is not actor.role:
        raise NotSignedInError
