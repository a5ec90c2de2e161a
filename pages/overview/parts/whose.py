"""Choosing whose both directions are shown: everything, a team or an enterprise; the choice stands in the address."""

import streamlit as st

from core.i18n import N_
from core.i18n import gettext as _
from models.base import LabelledEnum
from pages.common import address
from pages.common.links import number_asked
from pages.common.options import apart
from services.actor import Actor
from services.permissions import Action, Scope, scope
from services.two_way import place

TEAM, ENTERPRISE = "team", "enterprise"
_LEVEL, _SEARCH = "_of", "two_way_search"


class Level(LabelledEnum):
    """Whose both directions are shown."""

    ALL = "all", N_("Whole zone")
    TEAM = TEAM, N_("Service team")
    ENTERPRISE = ENTERPRISE, N_("Enterprise")


def whose(actor: Actor) -> tuple[int | None, int | None]:
    """Let the person choose, and return the team or the enterprise; both `None` for everything."""
    team, enterprise = number_asked(TEAM), number_asked(ENTERPRISE)
    level = Level.ENTERPRISE if enterprise else Level.TEAM if team else _level()
    st.session_state["two_way_level"] = level
    st.segmented_control(
        _("Of whom"), list(Level), format_func=lambda each: _label(actor, each), key="two_way_level", required=True,
        label_visibility="collapsed", on_change=_leveled,
    )  # fmt: skip
    if level is Level.TEAM:
        _choose(TEAM, place.choices(actor).teams, team, _("Choose a team"))
    elif level is Level.ENTERPRISE:
        _enterprise(actor, enterprise)
    return team, enterprise


def _label(actor: Actor, level: Level) -> str:
    whole = scope(actor, Action.PROGRESS_VIEW) is Scope.ZONE
    return _("My area") if level is Level.ALL and not whole else _(level.label)


def _level() -> Level:
    given = address.read(_LEVEL)
    return Level.of(given) if given in {each.value for each in Level} else Level.ALL


def _leveled() -> None:
    level = st.session_state["two_way_level"]
    address.write({TEAM: "", ENTERPRISE: "", _LEVEL: "" if level is Level.ALL else level.value})


def _enterprise(actor: Actor, present: int | None) -> None:
    offered = place.choices(actor)
    if offered.many:
        search = st.text_input(
            _("Search"), key=_SEARCH, type="search", icon=":material/search:", width=260, label_visibility="collapsed",
            placeholder=_("Part of the name, credit code or address"),
        )  # fmt: skip
        offered = place.choices(actor, search or "")
    _choose(ENTERPRISE, offered.enterprises, present, _("Choose an enterprise"))


def _choose(name: str, options: dict[int, str], present: int | None, hint: str) -> None:
    key = f"two_way_{name}"
    st.session_state[key] = present if present in options else None
    st.selectbox(
        hint, list(options), format_func=apart(options), key=key, index=None, placeholder=hint, width=340,
        label_visibility="collapsed", on_change=_chosen, args=(name, key),
    )  # fmt: skip


def _chosen(name: str, key: str) -> None:
    address.write({name: str(st.session_state[key] or "")})
