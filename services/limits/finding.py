"""Which row of the time limits counts for an issue."""

from collections.abc import Callable

from sqlmodel import Session, select

from core.db import kept
from core.errors import UserError
from core.i18n import N_, gettext
from models.issue import IssueKind, Urgency
from models.limits import Stage, TimeLimit
from models.worktime import Limit

Finder = Callable[[Stage, IssueKind, Urgency, bool], Limit]
"""Returns the limit of a stage, for a kind, an urgency and whether departments work on it together."""

_Told = tuple[Stage, IssueKind | None, Urgency | None, bool | None, Limit]


class NoLimitError(UserError):
    """A stage has no limit that fits: somebody deleted the general one past the product."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(N_("There is no time limit for “{stage}”. An administrator has to add one."), stage=stage)

    def __str__(self) -> str:
        """Return the text with the stage's name in the language of the person being served."""
        return gettext(self.message).format(stage=gettext(self.params["stage"].label))  # type: ignore[attr-defined]


def finder(session: Session) -> Finder:
    """Return what finds limits among the rows as they are now: one query for any number of issues."""
    told = kept(session, "limits", lambda: _told(session))

    def find(stage: Stage, kind: IssueKind, urgency: Urgency, cross_department: bool) -> Limit:
        for of_stage, of_kind, of_urgency, across, limit in told:
            if (
                of_stage is stage
                and of_kind in {None, kind}
                and of_urgency in {None, urgency}
                and across in {None, cross_department}
            ):
                return limit
        raise NoLimitError(stage)

    return find


def _told(session: Session) -> list[_Told]:
    """Return values, not rows: the answer stays what it is when the rows change within the session."""
    session.flush()
    rows = sorted(session.exec(select(TimeLimit)).all(), key=specificity, reverse=True)
    return [(row.stage, row.kind, row.urgency, row.cross_department, Limit(row.amount, row.unit)) for row in rows]


def limit_for(session: Session, stage: Stage, *, kind: IssueKind, urgency: Urgency, cross_department: bool) -> Limit:
    """Return the limit of a stage.

    Raises:
        NoLimitError: no row fits.
    """
    return finder(session)(stage, kind, urgency, cross_department)


def specificity(row: TimeLimit) -> tuple[bool, bool, bool]:
    """Return what the more specific of two rows is greater in: urgency first, then kind, then across departments."""
    return row.urgency is not None, row.kind is not None, row.cross_department is not None
