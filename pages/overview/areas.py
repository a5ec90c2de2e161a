from dataclasses import replace

import streamlit as st

from core.errors import NotFoundError
from core.i18n import gettext as _
from core.i18n import ngettext
from pages.common import address, ui
from pages.common.links import number_asked
from pages.overview.parts import area_bars, area_map, area_table, area_walk, asked
from pages.overview.parts.area_figures import Question
from pages.shell.session import current_actor
from services.progress_overview import ask
from services.territory import levels
from services.territory.figures import Figures, figures

TABLE, BARS, MAP = "table", "bars", "map"


def page() -> None:
    """Show how the programme stands area by area, and walk from the zone down to a grid."""
    area_walk.leave()
    actor = current_actor()
    try:
        level = levels.level(actor, number_asked(area_walk.AREA))
    except NotFoundError:
        ui.header(_("By area"))
        area_walk.gone()
        return
    title = level.here.name if level.here else _("My areas")
    ui.header(title)
    area_walk.trail(level.trail)
    setting = ask(actor, replace(asked.question(), area_id=None, team_id=None, category=""))
    asked.period_and_campaign(setting)
    question = Question(actor, setting.asked, setting.campaign.pk if setting.campaign else None)
    found = figures(actor, level, question.asked, question.campaign_id)
    if question.campaign_id is None:
        st.caption(_("No campaign has begun yet; how far its visits are will stand here then."))
    area_table.whole(question, found.whole)
    view = _view() if level.below else MAP
    if view == MAP:
        area_map.area_map(question, level, title)
    else:
        _below(question, found, view, title)


def _view() -> str:
    shown = {TABLE: _("Table"), BARS: _("Bars"), MAP: _("Map")}
    return address.switch(area_walk.VIEW, shown, _("How it is shown"), alone=False)


def _below(question: Question, found: Figures, view: str, title: str) -> None:
    if not found.lines:
        ui.empty(_("Nothing here yet"), _("There is nothing to be counted in the areas below."))
        return
    if view == BARS:
        st.caption(_("A press on a bar goes down into the area."))
        area_bars.bars(found.lines, with_visits=question.campaign_id is not None)
    else:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.caption(
                _("A press on a name goes down into the area, one on a figure opens what it counts."), width="content"
            )
            area_table.excel(question, found.lines, title)
        area_table.table(question, found.lines, found.whole)
    if found.empty:
        told = ngettext("{count} area has nothing to show.", "{count} areas have nothing to show.", found.empty)
        st.caption(told.format(count=found.empty))


page()
