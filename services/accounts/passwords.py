"""Passwords: kept as argon2 hashes, chosen by their person, first ones changed at the first sign-in."""

import secrets
from functools import cache

from pwdlib import PasswordHash
from sqlmodel import Session

from core.errors import InvalidError
from core.i18n import gettext
from core.settings import settings
from models.account import Account
from services.accounts import attempts
from services.accounts.leaks import is_leaked
from services.accounts.sessions import end_sessions
from services.actor import Actor
from services.permissions import Action
from services.use_case import use_case

MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 128
OF_DEMONSTRATION = "qianqi-2026"
"""Of every account of the demonstration and shown to all: in production mode it is nobody's."""
_EASY_SCORE = 2
"""Below it zxcvbn's estimate is under a million guesses: no more than a list of what others use."""
_COUNTED = 72
"""As many characters zxcvbn looks at; what is that long and not easy by then stays so."""
_LOVED = ("woaini", "aini", "5201314", "1314520", "1314", "520")
"""What many Chinese passwords are made of and zxcvbn's lists do not know: Li, Han and Xu, USENIX Security 2014."""
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else when written down


def change_password(actor: Actor, present: str, new: str) -> None:
    """Set a new password and end the account's other sessions.

    Raises:
        InvalidError: the present password is wrong or the new one too weak.
        UserError: too many wrong ones; it is counted like a sign-in.
    """
    with use_case(actor, Action.ACCOUNT_BASICS) as session:
        account = session.get_one(Account, actor.pk)
        attempts.refuse_if_throttled(session, account.username, actor.ip)
        if fits(session, account, present):
            _refuse_same(present, new)
            set_password(account, new)
            account.must_change_password = False
            end_sessions(session, account.pk, but=actor.session_id)
            return
        attempts.count(session, account.username, actor.ip)
    raise InvalidError({"present": gettext("The present password is wrong.")})


def set_password(account: Account, password: str) -> None:
    """Give an account a password; part of the caller's use case.

    Raises:
        InvalidError: the password is too short, too long, easily guessed, known from a leak, or contains the user name.
    """
    problem = _weakness(account, password)
    if problem:
        raise InvalidError({"new": problem})
    account.password_hash = _hasher().hash(password)


def set_initial_password(account: Account) -> str:
    """Give an account a password made up here, to be changed at the first sign-in; part of the caller's use case.

    Returns:
        The password: shown once and kept nowhere.
    """
    password = "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
    account.password_hash = _hasher().hash(password)
    account.must_change_password = True
    return password


def fits(session: Session, account: Account | None, password: str) -> bool:
    """Return whether a password is an active account's; takes as long where there is no such account.

    A hash made with older parameters is renewed on the way.
    """
    if account is None or not account.active or not account.password_hash or len(password) > MAX_PASSWORD_LENGTH:
        _hasher().verify(password[:MAX_PASSWORD_LENGTH], _decoy())  # so that the time does not tell which names exist
        return False
    right, renewed = _hasher().verify_and_update(password, account.password_hash)
    if renewed:
        account.password_hash = renewed
        session.add(account)
    return right and not _is_public(password)


def _is_public(password: str) -> bool:
    return settings().mode == "production" and password == OF_DEMONSTRATION


def _weakness(account: Account, password: str) -> str:
    if len(password) < MIN_PASSWORD_LENGTH:
        return gettext("A password needs at least {count} characters.").format(count=MIN_PASSWORD_LENGTH)
    if len(password) > MAX_PASSWORD_LENGTH:
        return gettext("A password has at most {count} characters.").format(count=MAX_PASSWORD_LENGTH)
    if account.username.lower() in password.lower():
        return gettext("A password must not contain the user name.")
    if password.isdigit() or _is_easy(account, password):
        return gettext("This password is too easy to guess: mix letters, digits or signs.")
    if _is_public(password) or is_leaked(password):
        return gettext("This password is known from a leak: please choose one you use nowhere else.")
    return ""


def _is_easy(account: Account, password: str) -> bool:
    """Return whether a password is, or is made of, what many use (OWASP ASVS 5.0, 6.2.4)."""
    from zxcvbn import zxcvbn  # its lists are read when first needed

    found = zxcvbn(password[:_COUNTED], user_inputs=[*_LOVED, account.name])
    return int(found["score"]) < _EASY_SCORE


def _refuse_same(present: str, new: str) -> None:
    if present == new:
        raise InvalidError({"new": gettext("The new password must differ from the present one.")})


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _decoy() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))
