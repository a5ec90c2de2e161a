"""What of an extra field can no longer change: rows have values in it, or another field depends on its answers."""

from typing import Any

from sqlalchemy import inspect
from sqlmodel import Session, select

from core.i18n import gettext, ngettext
from models.configuration import Extensible, ExtraField, choice_lines
from services.configuration.usage import rows_with_choice, rows_with_field

_LAST = 2**31


def bound(session: Session, row: ExtraField) -> dict[str, str]:
    """Return why parts of a field cannot change as somebody wants to save them now: the part's key → message."""
    if row.id is None:
        return {}
    return {**_by_fields(session, row), **_by_rows(session, row)}


def asked_after(session: Session, entity: Extensible, key: str) -> list[ExtraField]:
    """Return the extra fields of an entity that are only asked after an answer to the field with a key."""
    rows = session.exec(select(ExtraField).where(ExtraField.entity == entity)).all()
    return [row for row in rows if row.asked_after == key]


def before(row: ExtraField, other: ExtraField) -> bool:
    """Return whether forms ask one field before another; a new one comes after those of the same position."""
    return (row.position, row.id or _LAST) < (other.position, other.id or _LAST)


def _by_fields(session: Session, row: ExtraField) -> dict[str, str]:
    """Return what would keep the fields that are asked after this one from ever being asked."""
    key = _was(row, "key") or row.key
    waiting = [other for other in asked_after(session, row.entity, key) if other.active and other.id != row.id]
    changed = {name for name in ("key", "kind", "choice_list") if _was(row, name) is not None}
    if _was(row, "active"):
        changed.add("active")
    if _was(row, "position") is not None and any(before(other, row) for other in waiting):
        changed.add("position")
    if {f"{key}={value}" for value in _gone(row)} & {answer for other in waiting for answer in other.shown_if}:
        changed.add("options")
    message = gettext("Another field is only asked after an answer to this one. Change that field first.")
    return dict.fromkeys(changed, message) if waiting else {}


def _by_rows(session: Session, row: ExtraField) -> dict[str, str]:
    """Return what rows that have a value in the field would lose."""
    changed = [name for name in ("key", "kind", "choice_list", "options") if _was(row, name) is not None]
    key = _was(row, "key") or row.key
    used = rows_with_field(session, row.entity, key) if changed else 0
    if not used:
        return {}
    kind = ngettext(
        "{count} entry has a value in this field; its kind can no longer be changed. Make a new field instead.",
        "{count} entries have a value in this field; its kind can no longer be changed. Make a new field instead.",
        used,
    )
    reasons = {
        "key": gettext("Entries have values under this key; it can no longer be changed."),
        "kind": kind.format(count=used),
        "choice_list": gettext(
            "Entries have a value in this field; where its choices come from can no longer be changed."
        ),
    }
    return {name: reasons[name] for name in changed if name in reasons} or _by_choices(session, row)


def _by_choices(session: Session, row: ExtraField) -> dict[str, str]:
    """Return which of its own choices rows have that would be gone."""
    used = [line for value, line in _gone(row).items() if rows_with_choice(session, row, value)]
    if not used:
        return {}
    message = gettext("Entries have these values, which must stay among the choices: {choices}.")
    return {"options": message.format(choices=gettext(", ").join(used))}


def _gone(row: ExtraField) -> dict[str, str]:
    """Return choices of its own that stood there before and no longer do: value → line."""
    if row.choice_list or _was(row, "kind") is not None:
        return {}
    present = _choices_in(_was(row, "options") or "")
    return {value: line for value, line in present.items() if value not in _choices_in(row.options)}


def _choices_in(options: str) -> dict[str, str]:
    """Return the choices somebody wrote one a line: value → line."""
    return {line[0]: " | ".join(part for part in line if part) for line in choice_lines(options)}


def _was(row: ExtraField, name: str) -> Any:
    """Return what a field was before it is saved now; `None` for an unchanged one."""
    deleted = inspect(row).attrs[name].history.deleted
    return deleted[0] if deleted else None
