import streamlit as st

from core.i18n import gettext as _
from pages.common import address, filters, ui
from pages.common.links import go
from pages.issues.parts import ledger_address, ledger_bulk, ledger_table, ledger_toolbar, ledger_views_menu
from pages.issues.parts.downloads import ledger_downloads
from pages.issues.parts.numbers import urged_today
from pages.shell.session import current_actor
from services import entities
from services.actor import Actor
from services.issues import ledger, ledger_fields
from services.issues.ledger import Count, Page, Query
from services.issues.ledger_filters import QuickView
from services.permissions import Action, allows

_OPENED, _COUNTED = "ledger_opened", "ledger_counted"


def page() -> None:
    """The official list of all issues in sight: searched, filtered, ordered, and worked on several at a time."""
    actor = current_actor()
    if opened := st.session_state.pop(_OPENED, None):
        go("issues/issue.py", issue=opened)
    with ui.header(_("Issue ledger"), _("A click on a row opens the issue.")):
        if allows(actor, Action.ISSUE_REGISTER) and st.button(
            _("Register an issue"), key="register", type="primary", icon=":material/add:"
        ):
            go("issues/register.py")
    query, columns = _asked(actor)
    cursor = address.read(ledger_address.AT)
    found = ledger.find(
        actor, query, cursor=cursor, size=ledger_address.size(), counted=_to_be_counted(query, cursor), placed=True,
        named={*columns, *ledger_table.ON_CARDS},
    )  # fmt: skip
    total = _total(found)
    ledger_bulk.results()
    if query.view is QuickView.TO_URGE and allows(actor, Action.ISSUE_URGE):
        urged_today(actor)
    if not found.rows:
        _nothing(query)
        return
    chosen = ledger_table.table(found, columns, _open, choosing=bool(ledger_bulk.offered(actor)))
    ledger_table.pages(found, total)
    ledger_bulk.bar(actor, chosen)


def _asked(actor: Actor) -> tuple[Query, list[str]]:
    """Show what stands above the rows and return what it asks, and the columns to show."""
    described = ledger_fields.describe(actor, ledger_address.areas(), ledger_address.enterprises())
    rows = filters.asked_rows(filters.filterable(described.specs))
    described = entities.name_asked(actor, ledger_fields.LEDGER, described, rows)
    prefix = ledger_address.begin(described.specs)
    ledger_toolbar.quick_views(actor, prefix)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        search, asked = ledger_toolbar.search_and_filters(described, prefix)
        ledger_address.remember(described.specs, search, asked)
        query = ledger_address.query(search, asked)
        ledger_views_menu.saved_views(actor, described.specs)
        ledger_toolbar.order(prefix)
        columns = ledger_toolbar.display(actor, described.specs, prefix)
        ledger_downloads(actor, query)
    return query, columns


def _to_be_counted(query: Query, cursor: str) -> bool:
    """Count anew unless somebody only turns pages."""
    known, _count = st.session_state.get(_COUNTED, (None, None))
    st.session_state[_COUNTED] = (repr(query), _count)
    return not cursor or known != repr(query)


def _total(found: Page) -> Count:
    asked, known = st.session_state[_COUNTED]
    total = found.count or known or Count(len(found.rows))
    st.session_state[_COUNTED] = (asked, total)
    return total


def _nothing(query: Query) -> None:
    if query.search or query.filters:
        ui.empty(_("Nothing matches"), _("Search for less, or clear the filters."), icon="search_off")
        return
    if query.view is not QuickView.ALL:
        with ui.empty(
            _("Nothing here: {view}").format(view=_(query.view.label)),
            _("That is good news, or all of it is done."),
            icon="task_alt",
        ):
            st.button(
                _("Show all issues"), key="ledger_show_all", on_click=ledger_address.change,
                kwargs={"view": QuickView.ALL.value},
            )  # fmt: skip
        return
    ui.empty(_("No issues yet"), _("They come from visits, or are registered here when an enterprise calls."))


def _open(issue_id: int) -> None:
    """Remember what was pressed: a callback runs before the page and cannot leave it."""
    st.session_state[_OPENED] = issue_id


page()
