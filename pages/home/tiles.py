"""Numbers that lead somewhere: small tiles, three in a row on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from pages.common import ui
from pages.common.links import go

_ROW = 7


@dataclass(frozen=True)
class Tile:
    """A number, what it counts and the page it is worked off on.

    Args:
        name: what is counted, translated.
        count: how many, as shown.
        page: the page's file under `pages/`.
        query: what the page's address carries.
        late: how many of them are late, in words; empty if none is.
        urgent: whether all of them are late, as the name says.
        quiet: whether there is nothing to do.
    """

    name: str
    count: str
    page: str
    query: dict[str, object] = field(default_factory=dict)
    late: str = ""
    urgent: bool = False
    quiet: bool = False


def tiles(found: Sequence[Tile], *, key: str) -> None:
    """Show tiles side by side; each is one button `tile_{key}_{place}`."""
    if not found:
        return
    with st.grid(columns=_columns(len(found)), min_column_width=104, key=f"tiles_{key}"):
        for place, tile in enumerate(found):
            if st.button(_face(tile), key=f"tile_{key}_{place}", width="stretch", wrap=True, disabled=tile.quiet):
                go(tile.page, **tile.query)


def _columns(count: int) -> int:
    """Return how many stand in a row: all if they fit, else two rows of the same length."""
    return max(count, 4) if count <= _ROW else (count + 1) // 2


def _face(tile: Tile) -> str:
    late = f" :red[{ui.plain(tile.late)}]" if tile.late else ""
    count = f"**{ui.plain(tile.count)}**"
    return f"{f':red[{count}]' if tile.urgent and not tile.quiet else count}{late}  \n:small[{ui.plain(tile.name)}]"
