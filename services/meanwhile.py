"""Two people with one row open: each keeps what they changed, unless both changed the same field.

A form sends all its fields, those its person never touched too. What they began with tells the two apart: a field
that still has the value the form began with is left as it is now, whoever changed it meanwhile.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, func, select

from core.errors import ConflictError
from core.i18n import N_, gettext


class OvertakenError(ConflictError):
    """Somebody else has changed the same fields since the form was opened.

    Args:
        labels: field key → its English name, of the fields both changed.
        now: the values as they are now, by field key.
    """

    def __init__(self, labels: Mapping[str, str], now: Mapping[str, Any]) -> None:
        named = gettext(", ").join(gettext(label) for label in labels.values())
        super().__init__(N_("Somebody else has changed this meanwhile: {fields}."), fields=named)
        self.keys = tuple(labels)
        self.now = dict(now)


def own_changes(
    seen: Mapping[str, Any], given: Mapping[str, Any], now: Mapping[str, Any], labels: Mapping[str, str]
) -> set[str]:
    """Return the keys of the fields the person changed.

    Args:
        seen: the values the form began with, by field key; a field that is not named counts as changed by the person.
        given: the values entered, in the form values are stored in.
        now: the values stored now.
        labels: field key → its English name.

    Raises:
        OvertakenError: a field was changed by both, and not to the same value.
    """
    own = {key for key, value in given.items() if key not in seen or not _same(value, seen[key])}
    theirs = {key for key in own if key in seen and not _same(now.get(key), seen[key])}
    both = [key for key in given if key in theirs and not _same(now.get(key), given[key])]
    if both:
        raise OvertakenError({key: labels[key] for key in both}, now)
    return own


def merged(
    seen: Mapping[str, Any] | None, given: Mapping[str, Any], now: Mapping[str, Any], labels: Mapping[str, str]
) -> dict[str, Any]:
    """Return what to store: what the person changed, and of the rest what is stored now; see `own_changes`.

    With `seen` `None` everything given is stored whatever happened.
    """
    if seen is None:
        return dict(given)
    own = own_changes(seen, given, now, labels)
    return {key: value if key in own else now.get(key) for key, value in given.items()}


def one_at_a_time(session: Session, name: str) -> None:
    """Let nobody else change settings of one row, which may not be there yet, until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def _same(one: Any, other: Any) -> bool:
    nothing: tuple[Any, ...] = (None, "", [], ())
    return bool(one == other) or (one in nothing and other in nothing)
