"""What a form began with, so that saving leaves alone what others changed meanwhile and asks where both changed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from core.i18n import gettext as _
from models.fields import FieldSpec
from pages.common import fields, ui
from services.meanwhile import OvertakenError


class Began:
    """The beginning of one form: kept as long as its inputs are on the page, however often the page runs.

    Args:
        name: the form's name, unique on the page and for its row.
        values: the row's values now, by field key.
        first: what follows `prefix` and `_` in the key of an input that the form always has.
    """

    def __init__(self, name: str, values: Mapping[str, Any], *, first: str) -> None:
        self._key = f"_began_{name}"
        times = st.session_state.get(f"{self._key}_times", 0)
        self.prefix = f"{name}_again{times}" if times else name
        """What the keys of the form's inputs begin with: another one each time it begins anew."""
        if f"{self.prefix}_{first}" not in st.session_state or self._key not in st.session_state:
            st.session_state[self._key] = st.session_state.pop(f"{self._key}_theirs", None) or dict(values)
            st.session_state.pop(f"{self._key}_overtaken", None)

    @property
    def values(self) -> dict[str, Any]:
        """The values the form began with."""
        values: dict[str, Any] = st.session_state[self._key]
        return values

    def insisted(self) -> bool:
        """Return whether the person has just decided to save theirs in place of what somebody else wrote."""
        return bool(st.session_state.pop(f"{self._key}_insisted", False))

    def renew(self) -> None:
        """Begin anew with what is stored now: after saving, on a page that stays."""
        key = f"{self._key}_times"
        st.session_state[key] = st.session_state.get(key, 0) + 1

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Remember that somebody else was quicker, for `notice` to ask about."""
        st.session_state.pop(f"{self._key}_overtaken", None)
        try:
            yield
        except OvertakenError as problem:
            st.session_state[f"{self._key}_overtaken"] = problem

    def notice(self, specs: Sequence[FieldSpec] = (), names: fields.Choices | None = None) -> None:
        """Where somebody else was quicker, say what they wrote and let the person decide whose stays.

        Args:
            specs: the form's fields, for their values to be shown.
            names: the rows that reference fields can name.
        """
        problem: OvertakenError | None = st.session_state.get(f"{self._key}_overtaken")
        if problem is None:
            return
        with st.container(border=True, key="overtaken"):
            told = _("What you entered is still here and not saved yet.")
            st.warning(f"{ui.plain(str(problem))}  \n{told}", icon=":material/group:")
            for spec in specs:
                if spec.key in problem.keys:
                    text = fields.shown(spec, problem.now.get(spec.key), (names or {}).get(spec.key)) or "–"
                    st.caption(ui.plain(_("{field} is now: {value}").format(field=_(spec.label), value=text)))
            with st.container(horizontal=True):
                st.button(
                    _("Save mine in its place"), key=f"{self._key}_mine", icon=":material/save:",
                    on_click=self._insist, args=(problem,),
                )  # fmt: skip
                st.button(
                    _("Drop mine, show theirs"), key=f"{self._key}_drop", icon=":material/visibility:",
                    on_click=self._drop, args=(problem,),
                )  # fmt: skip

    def _insist(self, problem: OvertakenError) -> None:
        st.session_state[self._key] = self.values | {key: problem.now.get(key) for key in problem.keys}
        st.session_state[f"{self._key}_insisted"] = True

    def _drop(self, problem: OvertakenError) -> None:
        st.session_state[f"{self._key}_theirs"] = self.values | problem.now
        self.renew()
