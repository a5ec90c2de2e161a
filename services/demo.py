"""The demonstration data: the programme as it really is, on the real area tree and places."""

from dataclasses import dataclass

from sqlmodel import select

from core.db import transaction
from core.i18n import gettext
from models.account import Account, Role
from services.accounts import set_password
from services.actor import SYSTEM

PASSWORD = "qianqi-2026"  # noqa: S105 - the demonstration's own, shown on its sign-in page


@dataclass(frozen=True)
class DemoAccount:
    """A sign-in shown to whoever tries the demonstration."""

    role: str
    username: str
    password: str


_ACCOUNTS = {
    Role.COORDINATOR: ("coordinator", "周敏"),
    Role.TEAM_LEAD: ("lead", "孙立国"),
    Role.GRID_WORKER: ("worker", "李娜"),
    Role.DEPARTMENT_OFFICER: ("officer", "王建华"),
    Role.MANAGER: ("manager", "张志远"),
    Role.ADMINISTRATOR: ("admin", "系统管理员"),
}


def accounts() -> list[DemoAccount]:
    """Return the demonstration's sign-ins, one for each role, labelled in the present language."""
    return [DemoAccount(gettext(role.label), username, PASSWORD) for role, (username, _name) in _ACCOUNTS.items()]


def load() -> None:
    """Load the demonstration data into an empty database; a database that has accounts is left alone."""
    with transaction(actor=SYSTEM) as session:
        if session.exec(select(Account.id).limit(1)).first() is not None:
            return
        for role, (username, name) in _ACCOUNTS.items():
            account = Account(username=username, name=name, role=role, must_change_password=False)
            set_password(account, PASSWORD)
            session.add(account)
