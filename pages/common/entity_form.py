"""One row of an entity in a drawer: its form or its values, what can be done with it, and what happened to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.errors import NotFoundError
from core.i18n import N_, format_moment
from core.i18n import gettext as _
from models.fields import FieldSpec
from pages.common import address, deed, fields, ui
from pages.common.began import Began
from services import entities
from services.actor import Actor
from services.entities import Described, Entity
from services.permissions import allows

NEW = "new"
_VERBS = {"created": N_("created"), "changed": N_("changed"), "deleted": N_("deleted")}
Preview = Callable[[Mapping[str, Any]], None]
"""Shown below a form with what is entered so far."""
About = Callable[[Mapping[str, Any]], None]
"""Shown above the form or the values of a row that is there: how it stands and what can be done about that."""
Inputs = Callable[..., dict[str, Any]]
"""Shows a row's inputs and returns what is entered: `pages.common.fields.inputs`, or what takes the same arguments."""


@dataclass(frozen=True)
class Look:
    """How an entity's drawer looks.

    Args:
        preview: shows below the form what the entered values make.
        inputs: shows the form's inputs, if not one below the other.
        switch: whether the drawer makes rows active and inactive.
        about: shows above a row that is there how it stands.
    """

    preview: Preview | None = None
    inputs: Inputs = fields.inputs
    switch: bool = True
    about: About | None = None


PLAIN = Look()


@dataclass(frozen=True)
class Undo:
    """How to take back the last thing done: save these values, in this row or as a new one."""

    message: str
    row_id: int | None
    values: Mapping[str, Any]


def open_row(row: int | str) -> None:
    """Open a row, or `NEW`, in the drawer: for a button's `on_click`."""
    address.write({address.ROW: str(row)})


def close_row() -> None:
    """Close the drawer."""
    address.write({address.ROW: ""})


def drawer(actor: Actor, entity: Entity, described: Described, look: Look = PLAIN) -> None:
    """Show the drawer if the address names a row."""
    asked = address.read(address.ROW)
    if asked == NEW and allows(actor, entity.edit):
        title, row = _("New: {entity}").format(entity=_(entity.label)), None
    elif asked.isdecimal():
        try:
            row = entities.fetch(actor, entity, int(asked))
        except NotFoundError as problem:
            close_row()
            st.warning(str(problem), icon=":material/search_off:")
            return
        title = _title(entity, described, row) or _(entity.label)
    else:
        return

    def content() -> None:
        if look.about is not None and row is not None:
            look.about(row)
        _content(actor, entity, described, row, look)

    st.dialog(ui.plain(title), position="right", width="medium", on_dismiss=close_row)(content)()


def offer_undo(entity: Entity, undo: Undo | None) -> None:
    """Remember how to take back what was just done, `None` for nothing; `show_undo` shows it."""
    st.session_state[_undo_key(entity)] = undo


def show_undo(actor: Actor, entity: Entity) -> None:
    """Offer to take back the last thing done."""
    undo: Undo | None = st.session_state.get(_undo_key(entity))
    if undo is not None and ui.undo_bar(undo.message, key=f"{entity.key}_undo"):
        with ui.told():
            deed.once(
                _undo_key(entity),
                lambda: entities.save(actor, entity, undo.values, undo.row_id),
                lambda _saved: _taken_back(entity),
            )


def _taken_back(entity: Entity) -> None:
    offer_undo(entity, None)
    ui.flash(_("Taken back."))


def _content(actor: Actor, entity: Entity, described: Described, row: dict[str, Any] | None, look: Look) -> None:
    if allows(actor, entity.edit):
        _form(actor, entity, described, row, look)
        if row is not None:
            _actions(actor, entity, described, row, look)
            _history(actor, entity, row["id"])
    elif row is not None:
        described = entities.name_held(actor, entity, described, row)
        values(described.specs, row, described.references)


def values(specs: list[FieldSpec], row: Mapping[str, Any], names: fields.Choices) -> None:
    """Show a row's values one below the other, for whoever may not change them."""
    for spec in specs:
        text = fields.shown(spec, row[spec.key], names.get(spec.key))
        if text:
            st.markdown(f":small[:gray[{ui.plain(_(spec.label))}]]  \n{ui.plain(text)}")


def _form(actor: Actor, entity: Entity, described: Described, row: dict[str, Any] | None, look: Look) -> None:
    specs = [spec for spec in described.specs if spec.editable and spec.key != "active"]
    began = Began(f"{entity.key}_form_{row['id'] if row else NEW}", row or defaults(entity), first="save")
    described = entities.name_held(actor, entity, _found(actor, entity, described, began.prefix), began.values)
    live = look.preview is not None or any(spec.shown_if for spec in specs)
    slots: fields.Slots = {}
    with st.container(border=False) if live else st.form(f"{began.prefix}_all", border=False, enter_to_submit=False):
        entered = look.inputs(
            specs, began.values, prefix=began.prefix, references=described.references, slots=slots
        )  # fmt: skip
        if look.preview is not None:
            look.preview(entered)
        key, button = f"{began.prefix}_save", st.button if live else st.form_submit_button
        pressed = button(_("Save"), key=key, type="primary", width="stretch", icon=":material/check:")
    if pressed or began.insisted():
        with ui.told(slots), began.saving():
            entities.save(actor, entity, entered, row["id"] if row else None, seen=began.values)
            _done(entity, _("Saved."))
    began.notice(specs, described.references)


def _found(actor: Actor, entity: Entity, described: Described, prefix: str) -> Described:
    """Ask for part of a name where not everything that may be chosen is offered, and offer what it finds."""
    asked = {}
    for spec in entities.unlisted(described):
        label = _("Find: {field}").format(field=ui.inline(_(spec.label)))
        given = st.text_input(
            label,
            key=f"{prefix}_{spec.key}_search",
            placeholder=_("Part of its name or code"),
            icon=":material/search:",
        )
        if given and given.strip():
            asked[spec.key] = given
    return entities.look_for(actor, entity, described, asked) if asked else described


def defaults(entity: Entity) -> dict[str, Any]:
    """Return the values a new row begins with."""
    given = {}
    for key, info in entity.model.model_fields.items():
        value = info.get_default(call_default_factory=True)
        if isinstance(value, str | bool | int | float | list) and key not in {"id"}:
            given[key] = value
    return given


def _actions(actor: Actor, entity: Entity, described: Described, row: dict[str, Any], look: Look) -> None:
    title = _title(entity, described, row)
    with st.container(horizontal=True, gap="small"):
        if look.switch and "active" in row:
            _switch(actor, entity, row, title)
        if entity.deletable and ui.confirm(
            _("Delete"),
            _("Delete “{title}”?").format(title=ui.plain(title)),
            key=f"{entity.key}_delete",
            icon=":material/delete:",
        ):
            with ui.told():
                before = entities.delete(actor, entity, row["id"])
                _done(entity, "", Undo(_("“{title}” was deleted.").format(title=title), None, before))


def _switch(actor: Actor, entity: Entity, row: dict[str, Any], title: str) -> None:
    if not row["active"]:
        if st.button(_("Make active"), key=f"{entity.key}_activate", icon=":material/toggle_on:"):
            with ui.told():
                entities.save(actor, entity, {"active": True}, row["id"])
                _done(entity, _("“{title}” is active again.").format(title=title))
        return
    question = _("“{title}” can then no longer be chosen; entries that have it keep it.").format(title=ui.plain(title))
    if ui.confirm(_("Make inactive"), question, key=f"{entity.key}_deactivate", icon=":material/toggle_off:"):
        with ui.told():
            entities.save(actor, entity, {"active": False}, row["id"])
            _done(entity, "", Undo(_("“{title}” is inactive.").format(title=title), row["id"], {"active": True}))


def _done(entity: Entity, message: str, undo: Undo | None = None) -> None:
    if message:
        ui.flash(message)
    offer_undo(entity, undo)
    close_row()
    st.rerun()


def _history(actor: Actor, entity: Entity, row_id: int) -> None:
    with st.expander(_("Change history"), icon=":material/history:"):
        for change in entities.history(actor, entity, row_id):
            verb = _(_VERBS.get(change.verb, change.verb))
            st.markdown(f"**{format_moment(change.at)}** {ui.plain(change.actor_name)} · {verb}")
            for one in change.changes:
                names = change.names.get(one.spec.key)
                before, after = fields.shown(one.spec, one.before, names), fields.shown(one.spec, one.after, names)
                st.caption(ui.plain(ui.labelled(_(one.spec.label), f"{before or '–'} → {after or '–'}")))


def _title(entity: Entity, described: Described, row: Mapping[str, Any]) -> str:
    spec = next(spec for spec in described.specs if spec.key == entity.title)
    return fields.shown(spec, row[entity.title])


def _undo_key(entity: Entity) -> str:
    return f"_undo_{entity.key}"
