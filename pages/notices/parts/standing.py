"""How a batch stands, as every page of notices shows it."""

import streamlit as st

from core import clock
from core.i18n import format_date, format_number, format_percent
from core.i18n import gettext as _
from models.addressees import Choice, EnterpriseChoice, audience_of
from models.reminder import Audience, BatchState
from pages.common import filters, ui
from services.actor import Actor
from services.notices import choosing
from services.notices.reading import Standing

_COLORS = {
    BatchState.DRAFT: "gray",
    BatchState.SENDING: "blue",
    BatchState.PAUSED: "orange",
    BatchState.SENT: "green",
    BatchState.CANCELLED: "gray",
}
ICONS = {Audience.ENTERPRISES: "domain", Audience.STAFF: "groups"}


def badges(standing: Standing) -> str:
    """Return state, audience and urgency as Markdown."""
    batch = standing.batch
    urgent = f" :red-badge[{_('Urgent')}]" if batch.urgent else ""
    audience = f":gray-badge[:material/{ICONS[batch.audience]}: {_(batch.audience.label)}]"
    return f":{_COLORS[batch.state]}-badge[{_(batch.state.label)}] {audience}{urgent}"


def progress_bar(standing: Standing) -> None:
    """Show for how many of a batch's recipients nothing is left to do."""
    share = standing.told / standing.total if standing.total else 0.0
    text = _("{told} of {total} done").format(told=format_number(standing.told), total=format_number(standing.total))
    st.progress(min(share, 1.0), text)


def reached_rate(standing: Standing) -> str:
    """Return which part of its recipients has it; empty for a draft."""
    counts = standing.counts
    return format_percent(counts.reached / counts.total) if counts.total else ""


def read_rate(standing: Standing) -> str:
    """Return which part of those who have it has read it; empty while nobody has it."""
    counts = standing.counts
    return format_percent(counts.read / counts.reached) if counts.reached else ""


def begun(standing: Standing) -> str:
    """Return the day a batch began to go out, or that it has not."""
    at = standing.batch.started_at
    return format_date(at.astimezone(clock.zone()).date()) if at else _("Not sent yet")


def title(standing: Standing) -> str:
    """Return a batch's title; a draft may have none yet."""
    return standing.batch.title or _("Untitled notice")


def described(actor: Actor, choice: Choice) -> str:
    """Return whom a choice means, for Markdown."""
    offered = choosing.offered(actor, audience_of(choice))
    asked = asked_of(choice)
    parts = [f"“{ui.plain(choice.search)}”"] if choice.search else []
    parts += filters.described(offered.specs, asked, offered.references)
    if isinstance(choice, EnterpriseChoice):
        if choice.only:
            count = format_number(len(choice.only))
            parts.insert(0, _("a list of {count} enterprises").format(count=count))
        return " · ".join(parts) or _("All enterprises")
    return " · ".join(parts) or _("All staff")


def asked_of(choice: Choice) -> dict[str, object]:
    """Return what a choice asks of each field, as filters take it."""
    if isinstance(choice, EnterpriseChoice):
        return choice.query_filters()
    return {key: list(value) for key, value in choice.model_dump(exclude={"search"}).items() if value}
