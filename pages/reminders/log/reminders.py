"""The reminders of the log: filters, one line each, the drawer, and what can be done with many."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from core.text import excerpt
from models.channel import ChannelKind
from models.reminder import DeliveryState, Subject
from pages.common import address, ui
from pages.common.links import number_asked
from pages.reminders.log import asked, deeds, drawer, rows, sheet
from pages.reminders.log.rows import Column, Shown
from pages.reminders.log.style import STANDS, short
from services.actor import Actor
from services.delivery_log import acting, listing
from services.delivery_log.acting import Deed
from services.delivery_log.listing import CAP, Line, Page, Way
from services.delivery_log.query import Period, Query, Stand

_MORE = ("subject", "number", "channel", "urgent", "from", "to")
_OPENED = "reminder"
_SIZE = 50
_MARKS = {DeliveryState.PLANNED: "…", DeliveryState.CLAIMED: "…", DeliveryState.SENT: "✓", DeliveryState.FAILED: "✗",
          DeliveryState.CANCELLED: "–"}  # fmt: skip


def show(actor: Actor) -> None:
    """Show them."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        query = _query(actor)
        deeds.all_matching(tuple(Deed), partial(_fitting, actor, query), partial(_all, actor, query))
        sheet.button("log", _("Reminders"), _columns(), partial(_sheet, actor, query))
    found = listing.find(actor, query, cursor=address.read(asked.AT), size=_SIZE)
    if opened := number_asked(_OPENED):
        drawer.show(actor, opened, _close)
    if not found.lines:
        ui.empty(_("No reminder fits"), _("Change the filters or choose a longer period."), icon="search_off")
        return
    chosen = rows.table("log", _columns(), [_shown(each) for each in found.lines], _open)
    _pages(actor, query, found)
    deeds.bar(chosen, tuple(Deed), lambda deed: acting.do(actor, deed, chosen))


def _query(actor: Actor) -> Query:
    person = asked.text("person", _("Recipient"), _("Name or user name"))
    stand = asked.choice("state", _("State"), asked.labels(Stand), width=130)
    period = asked.choice("period", _("To be told at"), asked.labels(Period), width=130, default=Period.WEEK.value)
    rules = {str(rule_id): name for rule_id, name in listing.rules(actor).items()}
    rule = asked.choice("rule", _("Rule"), rules, width=200)
    count = sum(bool(address.read(name)) for name in _MORE)
    label = _("More ({count})").format(count=count) if count else _("More")
    with st.popover(label, icon=":material/filter_list:"):
        subject = asked.choice("subject", _("About"), asked.labels(Subject), width="stretch")
        number = asked.text("number", _("Number"), _("Of the issue or the batch, or #12"), width="stretch")
        channel = asked.choice("channel", _("Channel"), asked.labels(ChannelKind), width="stretch")
        urgent = asked.choice("urgent", _("Urgent"), {"yes": _("Yes"), "no": _("No")}, width="stretch")
        since, until = asked.day("from", _("From")), asked.day("to", _("To"))
        st.button(_("Clear"), key="log_clear", on_click=asked.clear, args=_MORE, disabled=not count)
    return Query(
        person=person, rule_id=int(rule) if rule else None, number=number, since=since, until=until,
        subject=Subject.of(subject) if subject else None, stand=Stand.of(stand) if stand else None,
        channel=ChannelKind.of(channel) if channel else None, urgent=urgent == "yes" if urgent else None,
        period=Period.of(period),
    )  # fmt: skip


def _fitting(actor: Actor, query: Query, deed: Deed) -> int:
    return acting.fitting(actor, deed, query)


def _all(actor: Actor, query: Query, deed: Deed) -> int:
    return acting.do_matching(actor, deed, query)


def _columns() -> dict[str, Column]:
    colours = {_(stand.label): STANDS[stand] for stand in Stand}
    return {
        "stand": Column(_("State"), 94, colours),
        "due": Column(_("To be told at"), 116),
        "recipient": Column(_("Recipient"), 90),
        "title": Column(_("What is told"), 250),
        "about": Column(_("About"), 168),
        "ways": Column(_("Channel"), 110),
        "note": Column(_("Remark"), 130),
    }


def _shown(line: Line) -> Shown:
    cells: dict[str, Any] = {
        "stand": [_(line.stand.label)],
        "due": short(line.due_at),
        "recipient": line.recipient,
        "title": f"{_('[Urgent] ') if line.urgent else ''}{line.title or line.rule or _(line.occasion.label)}",
        "about": line.about,
        "ways": "  ".join(_way(each) for each in line.ways),
        "note": line.note,
    }
    badge = f":{STANDS[line.stand]}-badge[{_(line.stand.label)}]"
    below = [cells["due"], line.about, cells["ways"], excerpt(line.note, 80)]
    card = f"**{ui.plain(line.recipient)}** {badge}  \n{ui.plain(excerpt(cells['title'], 60))}  \n"
    return Shown(line.id, cells, f"{card}:small[:gray[{ui.plain(' · '.join(part for part in below if part))}]]")


def _sheet(actor: Actor, query: Query) -> Iterator[list[dict[str, Any]]]:
    cursor, first = "", True
    while cursor or first:
        page, first = listing.find(actor, query, cursor=cursor, size=sheet.PAGE), False
        yield [{**_shown(line).cells, "stand": _(line.stand.label), "due": line.due_at} for line in page.lines]
        cursor = page.after


def _way(way: Way) -> str:
    return f"{_(way.kind.label)} {_MARKS[way.state]}"


def _pages(actor: Actor, query: Query, found: Page) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_how_many(actor, query, found), width="content")
        if not (found.before or found.after):
            return
        with st.container(horizontal=True, width="content", gap="small"):
            for key, cursor, label, icon in (
                ("before", found.before, _("Previous page"), "chevron_left"),
                ("after", found.after, _("Next page"), "chevron_right"),
            ):
                st.button(
                    label, key=f"log_{key}", icon=f":material/{icon}:", disabled=not cursor, on_click=asked.turn_to,
                    args=(cursor,), icon_position="right" if key == "after" else "left",
                )  # fmt: skip


def _how_many(actor: Actor, query: Query, found: Page) -> str:
    """Return the number of all that match; a list of one page needs no count."""
    one_page = not (found.before or found.after)
    number = len(found.lines) if one_page else listing.count(actor, query)
    if number > CAP:
        return _("More than {count} reminders").format(count=format_number(CAP))
    return _("{count} reminders in all").format(count=format_number(number))


def _open(reminder_id: int) -> None:
    address.write({_OPENED: str(reminder_id)})


def _close() -> None:
    address.write({_OPENED: ""})
