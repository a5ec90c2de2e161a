"""An administrator's care of accounts and departments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, inspect
from sqlmodel import Session, col, select

from core import text
from core.errors import ConflictError, InvalidError, UserError
from core.i18n import N_, gettext
from models.account import Account, Department, Role
from models.fields import FieldSpec, clean_values
from services import access, audit_trail
from services.accounts import attempts, passwords
from services.accounts.sessions import count_live, end_sessions
from services.actor import Actor
from services.entities.changes import assign, store
from services.entities.declaration import Entity
from services.entities.fields import fields
from services.entities.references import choices
from services.permissions import Action
from services.use_case import use_case

_USERNAME = re.compile(r"[\w.@-]{2,50}")


@dataclass(frozen=True)
class NewAccount:
    """An account just made or reset, with the password to hand over: shown once and kept nowhere."""

    id: int
    username: str
    name: str
    password: str


@dataclass(frozen=True)
class AccountState:
    """What an administrator sees of an account beside its fields."""

    must_change_password: bool
    has_password: bool
    has_identity: bool
    locked_until: datetime | None
    sessions: int
    """How many devices it is signed in on now."""
    last_signed_in_at: datetime | None


def create(actor: Actor, raw: Mapping[str, Any]) -> NewAccount:
    """Make an account with a first password that must be changed at the first sign-in.

    Args:
        actor: who asks.
        raw: field key → value as entered.

    Raises:
        InvalidError: a value is not acceptable.
    """
    with use_case(actor, Action.ACCOUNT_MANAGE) as session:
        specs = [spec for spec in fields(session, ACCOUNTS) if spec.editable]
        values, problems = clean_values(specs, raw)
        if problems:
            raise InvalidError(problems)
        account = Account()
        assign(account, values, specs)
        password = passwords.set_initial_password(account)
        store(session, actor, ACCOUNTS, account)
        return NewAccount(account.pk, account.username, account.name, password)


def reset_password(actor: Actor, account_id: int) -> NewAccount:
    """Give an account a new first password, end its sessions and forget its wrong passwords.

    Raises:
        ConflictError: it is the actor's own; that is changed on the page of the own account.
        NotFoundError: there is no such account.
    """
    with use_case(actor, Action.ACCOUNT_MANAGE) as session:
        if account_id == actor.account_id:
            raise ConflictError(N_("Change your own password under “My account”."))
        account = access.load(session, actor, Action.ACCOUNT_MANAGE, Account, account_id, lock=True)
        password = passwords.set_initial_password(account)
        end_sessions(session, account.pk)
        attempts.forget(session, account.username)
        return NewAccount(account.pk, account.username, account.name, password)


def unlock(actor: Actor, account_id: int) -> None:
    """Let an account try again at once after too many wrong passwords.

    Raises:
        NotFoundError: there is no such account.
    """
    with use_case(actor, Action.ACCOUNT_MANAGE) as session:
        account = access.load(session, actor, Action.ACCOUNT_MANAGE, Account, account_id)
        attempts.forget(session, account.username)
        audit_trail.note(session, "account", account.pk, "unlocked")


def end_all_sessions(actor: Actor, account_id: int) -> int:
    """End every session of an account and return how many there were.

    Raises:
        NotFoundError: there is no such account.
    """
    with use_case(actor, Action.ACCOUNT_MANAGE) as session:
        account = access.load(session, actor, Action.ACCOUNT_MANAGE, Account, account_id)
        return end_sessions(session, account.pk)


def state_of(actor: Actor, account_id: int) -> AccountState:
    """Return how an account stands.

    Raises:
        NotFoundError: there is no such account.
    """
    with use_case(actor, Action.ACCOUNT_MANAGE) as session:
        account = access.load(session, actor, Action.ACCOUNT_MANAGE, Account, account_id)
        return AccountState(
            must_change_password=account.must_change_password,
            has_password=bool(account.password_hash),
            has_identity=account.oidc_subject is not None,
            locked_until=attempts.locked_until(session, account.username),
            sessions=count_live(session, account.pk),
            last_signed_in_at=account.last_signed_in_at,
        )


def form(actor: Actor) -> list[FieldSpec]:
    """Return the fields of an account that an administrator fills in."""
    with use_case(actor, Action.ACCOUNT_MANAGE) as session:
        return [spec for spec in fields(session, ACCOUNTS) if spec.editable]


def departments(actor: Actor) -> dict[int, str]:
    """Return id → name of the departments an account can belong to."""
    with use_case(actor, Action.ACCOUNT_MANAGE) as session:
        return choices(session, actor, "department")


def _prepare(session: Session, actor: Actor, account: Account) -> None:
    """Keep what no column can say: acceptable names, and never a house without an administrator."""
    account.username = account.username.lower()
    if account.role is not Role.DEPARTMENT_OFFICER:
        account.heads_department = False
    problems = _problems(account)
    if problems:
        raise InvalidError(problems)
    with session.no_autoflush:
        _keep_an_administrator(session, actor, account)
    if account.id is not None and not account.active:
        end_sessions(session, account.id)


def _problems(account: Account) -> dict[str, str]:
    problems = {}
    if not _USERNAME.fullmatch(account.username):
        problems["username"] = gettext("A user name has 2 to 50 letters, digits or the signs . _ - @")
    if account.email and not text.is_email(account.email):
        problems["email"] = gettext("This is not an e-mail address.")
    if account.role is Role.DEPARTMENT_OFFICER and account.department_id is None:
        problems["department_id"] = gettext("A department officer belongs to a department.")
    return problems


def _keep_an_administrator(session: Session, actor: Actor, account: Account) -> None:
    if account.id is None or (account.active and account.role is Role.ADMINISTRATOR) or not _was_administrator(account):
        return
    if account.id == actor.account_id:
        raise UserError(N_("You cannot take away your own administrator's rights; another administrator can."))
    # One at a time, so that two administrators cannot remove each other at once.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("last administrator"))))
    other = session.exec(
        select(Account.id).where(Account.role == Role.ADMINISTRATOR, col(Account.active), Account.id != account.id)
    ).first()
    if other is None:
        raise UserError(N_("This is the last administrator; name another one first."))


def _was_administrator(account: Account) -> bool:
    state = inspect(account)
    role, active = state.attrs.role.history, state.attrs.active.history
    before = (role.deleted or role.unchanged)[0], (active.deleted or active.unchanged)[0]
    return bool(before[0] is Role.ADMINISTRATOR and before[1])


ACCOUNTS = Entity(
    key="account",
    model=Account,
    label=N_("Account"),
    labels=N_("Accounts"),
    view=Action.ACCOUNT_MANAGE,
    edit=Action.ACCOUNT_MANAGE,
    natural_key=("username",),
    order="username",
    prepare=_prepare,
)
DEPARTMENTS = Entity(
    key="department",
    model=Department,
    label=N_("Department"),
    labels=N_("Departments"),
    view=Action.CONFIGURE,
    edit=Action.CONFIGURE,
    natural_key=("name",),
    order="name",
)
