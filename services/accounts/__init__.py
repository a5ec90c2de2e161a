"""Accounts: signing in and out, sessions, passwords, and an administrator's care of them."""

from services.accounts.actors import actor_for, is_live
from services.accounts.administration import (
    ACCOUNTS,
    DEPARTMENTS,
    AccountState,
    NewAccount,
    create,
    departments,
    end_all_sessions,
    form,
    reset_password,
    state_of,
    unlock,
)
from services.accounts.directory import by_username, everyone
from services.accounts.identity import Identity, link, sign_in_by_identity, unlink
from services.accounts.open_work import OpenWork, open_work
from services.accounts.own import Profile, choose_locale, profile, subscribe
from services.accounts.passwords import MIN_PASSWORD_LENGTH, change_password, set_password
from services.accounts.sessions import (
    LiveSession,
    end_session,
    end_sessions,
    live_sessions,
    own_sessions,
    sign_out,
    sign_out_everywhere,
)
from services.accounts.signing_in import open_session, sign_in

__all__ = [
    "ACCOUNTS",
    "DEPARTMENTS",
    "MIN_PASSWORD_LENGTH",
    "AccountState",
    "Identity",
    "LiveSession",
    "NewAccount",
    "OpenWork",
    "Profile",
    "actor_for",
    "by_username",
    "change_password",
    "choose_locale",
    "create",
    "departments",
    "end_all_sessions",
    "end_session",
    "end_sessions",
    "everyone",
    "form",
    "is_live",
    "link",
    "live_sessions",
    "open_session",
    "open_work",
    "own_sessions",
    "profile",
    "reset_password",
    "set_password",
    "sign_in",
    "sign_in_by_identity",
    "sign_out",
    "sign_out_everywhere",
    "state_of",
    "subscribe",
    "unlink",
    "unlock",
]
