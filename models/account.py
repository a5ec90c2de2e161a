"""Accounts, roles, sign-in sessions and attempts."""

from datetime import datetime

from sqlmodel import Field

from core.i18n import N_
from models.base import LabelledEnum, Row, column, moment_column
from models.fields import Condition


class Role(LabelledEnum):
    """What an account is for; what each may do is the matrix in `services.permissions`."""

    COORDINATOR = "coordinator", N_("Campaign coordinator")
    TEAM_LEAD = "team_lead", N_("Team lead")
    GRID_WORKER = "grid_worker", N_("Grid worker")
    DEPARTMENT_OFFICER = "department_officer", N_("Department officer")
    MANAGER = "manager", N_("Manager")
    ADMINISTRATOR = "administrator", N_("Administrator")


class Department(Row, table=True):
    """A government department that issues are dispatched to."""

    name: str = column(N_("Name"), unique=True, max_length=100, listed=True, searchable=True)
    short_name: str = column(N_("Short name"), default="", max_length=30, listed=True)
    phone: str = column(N_("Phone number"), default="", max_length=30, listed=True)
    active: bool = column(N_("Active"), default=True, listed=True, filterable=True)


class Account(Row, table=True):
    """A person who signs in."""

    username: str = column(
        N_("User name"), unique=True, max_length=50, listed=True, searchable=True,
        help=N_("Letters, digits or . _ - @; written in any case"),
    )  # fmt: skip
    name: str = column(N_("Full name"), max_length=50, listed=True, searchable=True)
    role: Role = column(N_("Role"), choices=Role, listed=True, filterable=True)
    phone: str = column(N_("Phone number"), default="", max_length=30, searchable=True)
    email: str = column(N_("E-mail"), default="", max_length=200)
    locale: str = column(N_("Language"), default="", max_length=10, editable=False)
    active: bool = column(N_("Active"), default=True, listed=True, filterable=True)
    department_id: int | None = column(
        N_("Department"), default=None, foreign_key="department.id", reference="department", listed=True
    )
    heads_department: bool = column(
        N_("Head of the department"), default=False, filterable=True,
        shown_if=Condition(field="role", values=(Role.DEPARTMENT_OFFICER,)),
        help=N_("Gets what goes to the head when the department is late"),
    )  # fmt: skip
    weekly_digest: bool = column(N_("Weekly digest"), default=False, editable=False)
    """Whether they subscribe to it; only who may see the figures of the whole zone gets it."""
    password_hash: str = column(N_("Password"), default="", max_length=200, editable=False)
    must_change_password: bool = column(N_("Must change password"), default=True, editable=False)
    oidc_subject: str | None = column(
        N_("OpenID Connect subject"), default=None, unique=True, max_length=255, editable=False
    )
    last_signed_in_at: datetime | None = moment_column(default=None)


class SignInSession(Row, table=True):
    """One sign-in of one account on one device; ended by its person, an administrator or time."""

    __tablename__ = "sign_in_session"
    audited = False  # the audit log tells it in words: signed in, signed out, sessions ended

    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    expires_at: datetime = moment_column()
    last_seen_at: datetime = moment_column()
    ended_at: datetime | None = moment_column(default=None)
    ip: str = Field(default="", max_length=45)
    user_agent: str = Field(default="", max_length=300)


class SignInAttempt(Row, table=True):
    """One wrong password, counted against the account name and the address it came from."""

    __tablename__ = "sign_in_attempt"
    audited = False

    username: str = Field(index=True, max_length=50)
    ip: str = Field(index=True, max_length=45)
