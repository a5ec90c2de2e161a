"""The cookies of the shell: the session's, and the language of somebody not signed in yet."""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from core.i18n import LOCALES
from core.settings import settings

LANGUAGE = "qianqi_lang"
_YEAR = 365 * 24 * 3600


def session_cookie() -> str:
    """Return the name of the session cookie; over HTTPS browsers hold it to this host by the name alone."""
    return "__Host-qianqi_session" if settings().secure_cookies else "qianqi_session"


def session_token(connection: HTTPConnection) -> str:
    """Return the session token a browser sent, or an empty text."""
    return connection.cookies.get(session_cookie(), "")


def set_session(response: Response, token: str) -> None:
    """Give the browser its session token: hidden from scripts and not sent with requests of other sites."""
    _set(response, session_cookie(), token, max_age=settings().session_hours * 3600)


def clear_session(response: Response) -> None:
    """Take the session token from the browser."""
    response.delete_cookie(session_cookie(), path="/", secure=settings().secure_cookies, httponly=True, samesite="lax")


def language(connection: HTTPConnection) -> str:
    """Return the language a visitor chose on the sign-in page, or the default."""
    chosen = connection.query_params.get("lang") or connection.cookies.get(LANGUAGE, "")
    return chosen if chosen in LOCALES else settings().default_locale


def set_language(response: Response, locale: str) -> None:
    """Remember a visitor's language."""
    _set(response, LANGUAGE, locale, max_age=_YEAR)


def _set(response: Response, name: str, value: str, *, max_age: int) -> None:
    response.set_cookie(
        name, value, max_age=max_age, path="/", httponly=True, samesite="lax", secure=settings().secure_cookies
    )
