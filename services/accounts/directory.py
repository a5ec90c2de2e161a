"""Finding accounts by what people call them."""

from sqlmodel import col, select

from core.errors import NotFoundError
from core.i18n import N_
from models.account import Account
from services.actor import Actor
from services.permissions import Action
from services.use_case import use_case


def everyone(actor: Actor) -> list[Account]:
    """Return every account, by user name."""
    with use_case(actor, Action.ACCOUNT_MANAGE) as session:
        return list(session.exec(select(Account).order_by(col(Account.username))))


def by_username(actor: Actor, username: str) -> Account:
    """Return the account of that user name.

    Raises:
        NotFoundError: there is none.
    """
    with use_case(actor, Action.ACCOUNT_MANAGE) as session:
        found = session.exec(select(Account).where(Account.username == username.strip().lower())).one_or_none()
    if found is None:
        raise NotFoundError(N_("There is no account with the user name {username}."), username=username)
    return found
