"""The frame of every use case: one permission check, one transaction, one trail in the audit log."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from core.db import transaction
from services import audit_trail as _audit_trail  # noqa: F401 - its listener must be in place before any flush
from services.actor import Actor
from services.permissions import Action, require


@contextmanager
def use_case(actor: Actor, action: Action) -> Iterator[Session]:
    """Check that `actor` may do `action`, then open the transaction it runs in.

    Yields:
        The session; everything done with it commits together at the end of the block, or nothing does.

    Raises:
        NotAllowedError: the role may not do this at all.
    """
    require(actor, action)
    with transaction(actor=actor, action=action.value) as session:
        yield session
