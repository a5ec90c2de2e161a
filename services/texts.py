"""An administrator's own wording of the product's texts, kept ready in each process."""

import re
import time
from collections import defaultdict

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Session, select

from core import logs
from core.db import transaction
from core.errors import InvalidError
from core.i18n import LOCALES, N_, gettext, standard_texts, use_own_texts
from models.configuration import CustomText
from models.fields import Option
from services.actor import SYSTEM, Actor
from services.entities.declaration import Entity
from services.permissions import Action

_log = logs.get(__name__)
_PLACE = re.compile(r"{[^{}]*}")
_FRESH_SECONDS = 30
_CHANGED = "own_texts_changed"
_read_at = -float(_FRESH_SECONDS)


def refresh() -> None:
    """Read the texts again if another process may have changed them: called before a page, request or task.

    Never from within a translation, which may happen in the middle of a transaction.
    """
    global _read_at  # noqa: PLW0603 - one process has one set of texts
    if time.monotonic() - _read_at < _FRESH_SECONDS:
        return
    _read_at = time.monotonic()
    try:
        use_own_texts(_read())
    except SQLAlchemyError:
        _log.warning("own texts could not be read; the ones read before are used")


def places_fit(message: str, text: str) -> bool:
    """Return whether a wording has the same {places} to fill in as the standard text."""
    return set(_PLACE.findall(message)) == set(_PLACE.findall(text)) and text.count("{") == text.count("}")


def _read() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with transaction(actor=SYSTEM) as session:
        for row in session.exec(select(CustomText)):
            if places_fit(row.message, row.text):
                found[row.locale][row.message] = row.text
    return dict(found)


def _prepare(_session: Session, _actor: Actor, row: CustomText) -> None:
    if not places_fit(row.message, row.text):
        places = " ".join(_PLACE.findall(row.message)) or "–"
        raise InvalidError({"text": gettext("Keep the places to fill in: {places}").format(places=places)})


@event.listens_for(Session, "after_flush")
def _notice(session: Session, _flush: UOWTransaction) -> None:
    if any(isinstance(row, CustomText) for row in (*session.new, *session.dirty, *session.deleted)):
        session.info[_CHANGED] = True


@event.listens_for(Session, "after_commit")
def _forget(session: Session) -> None:
    global _read_at  # noqa: PLW0603 - one process has one set of texts
    if session.info.pop(_CHANGED, False):
        _read_at = -float(_FRESH_SECONDS)


def _standard() -> tuple[Option, ...]:
    """Return the texts that can be replaced, each shown in both languages so that either finds it."""
    return tuple(
        Option(value=message, label=f"{chinese} · {message}"[:500])
        for message, chinese in standard_texts().items()
        if len(message) <= _LONGEST
    )


_LONGEST = 500
_LANGUAGES = tuple(Option(value=key, label=name) for key, name in LOCALES.items())
CUSTOM_TEXTS = Entity(
    key="custom_text",
    model=CustomText,
    label=N_("Own text"),
    labels=N_("Own texts"),
    view=Action.CONFIGURE,
    edit=Action.CONFIGURE,
    natural_key=("locale", "message"),
    title="message",
    order="message",
    choices={"locale": lambda _session: _LANGUAGES, "message": lambda _session: _standard()},
    prepare=_prepare,
    deletable=True,
)
