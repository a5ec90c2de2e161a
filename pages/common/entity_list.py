"""The list of an entity: search, filters, columns, order and pages, kept in the address; cards on a phone."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core.i18n import format_number, ngettext
from core.i18n import gettext as _
from models.fields import FieldKind, FieldSpec
from pages.common import address, fields, filters, ui
from pages.common.downloads import export_menu
from pages.common.options import apart
from services import entities
from services.actor import Actor
from services.entities import Described, Entity, Found, Query

SIZES = (20, 50, 100)
_NUMBERS = frozenset({FieldKind.INTEGER, FieldKind.NUMBER})
_ON_CARDS = 4
_DIGITS = 7  # of the number of a page; no list is longer


def view(
    actor: Actor,
    entity: Entity,
    described: Described,
    *,
    narrow: Callable[[Query], Query] = lambda query: query,
    more: Sequence[FieldSpec] = (),
) -> tuple[Query, Found]:
    """Show search, filters and what can be done with the list; return what they ask and the rows they leave.

    Args:
        actor: who looks.
        entity: the declaration.
        described: its fields and what its references can name.
        narrow: adds what a page's own filters mean, before rows are found or handed out.
        more: filters that are no columns; `narrow` gives them their meaning.
    """
    offered = filters.filterable([*described.specs, *more])
    described = entities.name_asked(actor, entity, described, filters.asked_rows(offered))
    _begin(entity, offered)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        search, asked = _toolbar(entity, described, offered)
        query = Query(search=search, filters=asked, order=address.read(address.SORT), page=_page(), page_size=_size())
        export_menu(actor, entity, narrow(query))
    _remember(entity, offered, query)
    query = _from_the_first_page_if_changed(entity, query)
    return query, entities.find(actor, entity, narrow(query))


def table(entity: Entity, query: Query, found: Found, on_open: Callable[[int], None]) -> None:
    """Show the rows: a table whose headers sort and whose cells open the row; cards on a phone.

    Args:
        entity: the declaration.
        query: what was asked.
        found: what was found.
        on_open: called with a row's id when it is opened, before the page runs again.
    """
    columns = _columns(entity, found.specs)
    with st.container(key=f"wide_{entity.key}"):
        _grid(entity, query, found, columns, on_open)
    with st.container(key=f"narrow_{entity.key}", gap="small"):
        for row in found.rows:
            label = _card(entity, columns, found, row)
            key = f"{entity.key}_open_{row['id']}"
            st.button(label, key=key, on_click=on_open, args=(row["id"],), width="stretch", type="secondary")
    _pages(entity, query, found)


def nothing(query: Query, entity: Entity, hint: str) -> None:
    """Say that there is nothing to show, and what to do about it."""
    if query.search or query.filters:
        ui.empty(_("Nothing matches"), _("Search for less, or clear the filters."), icon="search_off")
    else:
        ui.empty(_("Nothing here yet: {entries}").format(entries=_(entity.labels)), hint)


def _begin(entity: Entity, offered: Sequence[FieldSpec]) -> None:
    """Begin anew where the address was changed from outside: a link, the back button, a first visit.

    The widgets in closed popovers are not in the browser yet and would not take a value set here; so they get new
    keys and take it as what they begin with.
    """
    stands = _standing(offered)
    marker, search = f"{entity.key}_address", f"{entity.key}_search"
    if st.session_state.get(marker) == stands and search in st.session_state:
        return
    if marker in st.session_state:
        st.session_state[f"{entity.key}_begun"] = st.session_state.get(f"{entity.key}_begun", 0) + 1
    st.session_state[marker] = stands
    st.session_state[search] = address.read(address.SEARCH)


def _standing(offered: Sequence[FieldSpec]) -> dict[str, list[str]]:
    """Return what of the address belongs to the widgets of the list."""
    names = [address.SEARCH, address.SIZE, address.COLUMNS, *(spec.key for spec in offered)]
    return {name: st.query_params.get_all(name) for name in names if name in st.query_params}


def _key(entity: Entity, name: str) -> str:
    begun = st.session_state.get(f"{entity.key}_begun", 0)
    return f"{entity.key}_{name}_{begun}" if begun else f"{entity.key}_{name}"


def _toolbar(entity: Entity, described: Described, offered: Sequence[FieldSpec]) -> tuple[str, dict[str, Any]]:
    searched = [_(spec.label) for spec in described.specs if spec.searchable]
    active = filters.count(offered, prefix=_key(entity, "filter"))
    asked: dict[str, Any] = {}
    search = ""
    if searched:
        search = st.text_input(
            _("Search"), key=f"{entity.key}_search", type="search", icon=":material/search:", width=340,
            placeholder=_(", ").join(searched), label_visibility="collapsed",
        ) or ""  # fmt: skip
    if offered:
        label = _("Filters ({count})").format(count=active) if active else _("Filters")
        with st.popover(label, icon=":material/filter_list:", key=f"{entity.key}_filters"):
            asked = filters.show(offered, prefix=_key(entity, "filter"), references=described.references)
    if active or search:
        st.button(
            _("Clear"), key=f"{entity.key}_clear", icon=":material/filter_list_off:", type="tertiary",
            on_click=filters.clear, args=(offered,),
        )  # fmt: skip
    _view_options(entity, described.specs)
    return search, asked


def _view_options(entity: Entity, specs: Sequence[FieldSpec]) -> None:
    labels = {spec.key: _(spec.label) for spec in specs}
    with st.popover(_("Display"), icon=":material/view_column:", type="tertiary", key=f"{entity.key}_view"):
        columns = st.multiselect(
            _("Columns"), list(labels), _columns(entity, specs), apart(labels), _key(entity, "columns"),
            placeholder=_("Standard"), select_all=False,
        )  # fmt: skip
        size = st.segmented_control(
            _("Rows on a page"), SIZES, default=_size(), key=_key(entity, "size"), required=True
        )
        _sorting(labels)
    standard = [spec.key for spec in specs if spec.listed]
    address.write({
        address.COLUMNS: "" if columns in (standard, []) else columns,
        address.SIZE: "" if size in (SIZES[0], None) else str(size),
    })  # fmt: skip


def _sorting(labels: dict[str, str]) -> None:
    """Offer the order for whoever sees cards and has no headers to press."""
    present = address.read(address.SORT)
    by = st.selectbox(
        _("Order by"), list(labels), format_func=apart(labels), placeholder=_("Standard"),
        index=list(labels).index(present.removeprefix("-")) if present.removeprefix("-") in labels else None,
    )  # fmt: skip
    down = st.toggle(_("Descending"), present.startswith("-"), disabled=by is None)
    address.write({address.SORT: ("-" if down else "") + by if by else ""})


def _remember(entity: Entity, offered: Sequence[FieldSpec], query: Query) -> None:
    wanted = {spec.key: address.written_filter(spec, query.filters.get(spec.key)) for spec in offered}
    address.write({address.SEARCH: query.search, **wanted})
    st.session_state[f"{entity.key}_address"] = _standing(offered)


def _from_the_first_page_if_changed(entity: Entity, query: Query) -> Query:
    asked = (query.search, repr(query.filters), query.page_size)
    before = st.session_state.get(f"{entity.key}_asked", asked)
    st.session_state[f"{entity.key}_asked"] = asked
    if before == asked:
        return query
    address.write({address.PAGE: ""})
    return replace(query, page=1)


def _page() -> int:
    given = address.read(address.PAGE)
    return max(1, int(given)) if given.isdecimal() and len(given) < _DIGITS else 1


def _size() -> int:
    given = address.read(address.SIZE)
    return int(given) if given.isdecimal() and int(given) in SIZES else SIZES[0]


def _columns(entity: Entity, specs: Sequence[FieldSpec]) -> list[str]:
    known = [spec.key for spec in specs]
    chosen = [key for key in st.query_params.get_all(address.COLUMNS) if key in known]
    return chosen or [spec.key for spec in specs if spec.listed] or [entity.title]


def _grid(entity: Entity, query: Query, found: Found, columns: Sequence[str], on_open: Callable[[int], None]) -> None:
    shown = {spec.key: spec for spec in found.specs}
    cells = {key: [_cell(shown[key], row[key], found) for row in found.rows] for key in columns}
    turn = st.session_state.get(f"{entity.key}_turn", 0)
    key = f"{entity.key}_table_{turn}"
    ui.sorted_by_header()
    st.dataframe(
        pd.DataFrame(cells),
        hide_index=True,
        key=key,
        height="content",
        row_height=38,
        column_config={key: _header(shown[key], query.order or entity.order) for key in columns},
        selection_mode=["single-cell", "single-column"],
        on_select=lambda: _selected(entity, key, [row["id"] for row in found.rows], on_open),
        placeholder="",
    )


def _header(spec: FieldSpec, order: str) -> Any:
    arrow = {spec.key: " ↑", f"-{spec.key}": " ↓"}.get(order, "")
    if spec.kind in _NUMBERS:
        return st.column_config.NumberColumn(_(spec.label) + arrow, format="localized")
    return st.column_config.TextColumn(_(spec.label) + arrow)


def _cell(spec: FieldSpec, value: Any, found: Found) -> Any:
    if spec.kind in _NUMBERS:
        return value
    return fields.shown(spec, value, found.labels.get(spec.key))


def _selected(entity: Entity, key: str, ids: list[int], on_open: Callable[[int], None]) -> None:
    """Open the row whose cell was pressed, or sort by the column whose header was; then forget the selection."""
    chosen = st.session_state[key]["selection"]
    st.session_state[f"{entity.key}_turn"] = st.session_state.get(f"{entity.key}_turn", 0) + 1
    if chosen["cells"]:
        on_open(ids[chosen["cells"][0][0]])
    elif chosen["columns"]:
        column = str(chosen["columns"][0])
        present = address.read(address.SORT) or entity.order
        address.write({address.SORT: f"-{column}" if present == column else column, address.PAGE: ""})


def _card(entity: Entity, columns: Sequence[str], found: Found, row: dict[str, Any]) -> str:
    shown = {spec.key: spec for spec in found.specs}
    texts = {key: fields.shown(shown[key], row[key], found.labels.get(key)) for key in {*columns, entity.title}}
    title = texts.pop(entity.title) or "–"
    parts = [f"{_(shown[key].label)} {texts[key]}" for key in columns if texts.get(key)]
    below = ui.plain(" · ".join(parts[:_ON_CARDS]))
    return f"**{ui.plain(title)}**" + (f"  \n:small[:gray[{below}]]" if below else "")


def _pages(entity: Entity, query: Query, found: Found) -> None:
    count = max(1, -(-found.total // query.page_size))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        total = ngettext("{count} entry", "{count} entries", found.total)
        st.caption(total.format(count=format_number(found.total)), width="content")
        if count > 1:
            key = f"{entity.key}_page_{count}_{query.page}"
            chosen = st.pagination(count, default=min(query.page, count), key=key, max_visible_pages=5)
            if chosen != query.page:
                address.write({address.PAGE: "" if chosen == 1 else str(chosen)})
                st.rerun()
