"""What the form builder keeps between runs of the page: which question is open, what was deleted last."""

from dataclasses import dataclass

import streamlit as st

from models.forms import Question


@dataclass(frozen=True)
class Deleted:
    """A question that was deleted and where it stood, so that it can come back."""

    question: Question
    place: int


class BuilderState:
    """The form builder's memory for one campaign; the questions themselves lie in the draft at the database."""

    def __init__(self, campaign_id: int) -> None:
        self._prefix = f"builder_{campaign_id}"

    @property
    def opened(self) -> str:
        """Key of the question that is being edited, or empty."""
        return str(st.session_state.get(f"{self._prefix}_open", ""))

    @opened.setter
    def opened(self, key: str) -> None:
        st.session_state[f"{self._prefix}_open"] = key

    @property
    def deleted(self) -> Deleted | None:
        """The question deleted last, until something else is done."""
        found = st.session_state.get(f"{self._prefix}_deleted")
        return found if isinstance(found, Deleted) else None

    @deleted.setter
    def deleted(self, deleted: Deleted | None) -> None:
        st.session_state[f"{self._prefix}_deleted"] = deleted

    @property
    def run(self) -> int:
        """Part of every input's key; `renew` changes it, so that inputs begin anew with the draft's values."""
        return int(st.session_state.get(f"{self._prefix}_run", 0))

    def renew(self) -> None:
        """Let every input begin anew: the draft was changed other than by typing."""
        st.session_state[f"{self._prefix}_run"] = self.run + 1
        self.deleted = None
