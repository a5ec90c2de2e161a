"""Every figure of a bulletin: which frozen rows it counts. The count and the list of its rows ask this one table."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from sqlalchemy import ColumnElement, any_, literal
from sqlmodel import col

from core import months
from core.i18n import N_
from models.bulletin import Bulletin, BulletinIssue, BulletinItem, ItemKind, Ranked
from services.tallies.measures import PAIRS, Measure

OPEN, OVERDUE, OVERDUE_WITH, CARDED = "open", "overdue", "overdue_with", "carded"
CLOSED, RESOLVED, UNCALLED = "closed", "resolved_now", "uncalled"
VISIT, MET, ENTERPRISE, PLANNED, AS_PLANNED = "visit", "met", "enterprise", "planned", "as_planned"
PROMISED, KEPT, PROMISE_OVERDUE = "promised", "kept", "promise_overdue"
UNDERTAKEN, FULFILLED, COMMITMENT_OVERDUE = "undertaken", "fulfilled", "commitment_overdue"
FLAG = "flag_"


class Cohort(Enum):
    """Issues registered when."""

    MONTH = auto()
    """In the bulletin's month."""
    LAST = auto()
    """In the month before."""
    WINDOW = auto()
    """In the months that are ranked."""
    ANY = auto()


@dataclass(frozen=True)
class Figure:
    """A figure.

    Args:
        key: names it in addresses and in what is printed.
        label: what people call it, a text of the catalogue.
        mark: the mark of the rows it counts.
        cohort: for figures of issues, registered when.
        items: for figures of other rows, of which kind.
    """

    key: str
    label: str
    mark: str
    cohort: Cohort = Cohort.ANY
    items: ItemKind | None = None

    @property
    def table(self) -> type[BulletinIssue] | type[BulletinItem]:
        """The table of its rows."""
        return BulletinIssue if self.items is None else BulletinItem

    def conditions(self, bulletin: Bulletin, window_months: int) -> list[ColumnElement[bool]]:
        """Return what a frozen row fulfils if the figure counts it."""
        table = self.table
        found = [col(table.bulletin_id) == bulletin.pk, literal(self.mark) == any_(col(table.marks))]
        if self.items is not None:
            return [*found, col(BulletinItem.kind) == self.items]
        return found + _of(self.cohort, bulletin.month, window_months)


def _of(cohort: Cohort, month: date, window_months: int) -> list[ColumnElement[bool]]:
    registered = col(BulletinIssue.month)
    return {
        Cohort.MONTH: [registered == month],
        Cohort.LAST: [registered == months.before(month)],
        Cohort.WINDOW: [registered >= months.before(month, window_months - 1), registered <= month],
        Cohort.ANY: [],
    }[cohort]


_NEEDS = N_("Needs of the month")
_MONTH = tuple(
    Figure(each.value, _NEEDS if each is Measure.REGISTERED else each.label, each.value, Cohort.MONTH)
    for each in Measure
)
_LAST = tuple(
    Figure(f"last_{each.value}", each.label, each.value, Cohort.LAST)
    for each in (
        Measure.REGISTERED, Measure.RESOLVED, Measure.CALLED_BACK, Measure.SOLVED, Measure.SATISFIED, Measure.VERIFIED,
    )
)  # fmt: skip
_RATED = tuple(dict.fromkeys(measure for pair in PAIRS.values() for measure in pair))
_WINDOW = tuple(
    Figure(f"window_{each.value}", each.label, each.value, Cohort.WINDOW) for each in (Measure.REGISTERED, *_RATED)
)
_V, _P, _C = ItemKind.VISIT, ItemKind.PROMISE, ItemKind.COMMITMENT
_OTHERS = (
    Figure("last_open", N_("Still open"), OPEN, Cohort.LAST),
    Figure("closed_now", N_("Closed this month"), CLOSED),
    Figure("resolved_now", N_("Resolved this month"), RESOLVED),
    Figure("uncalled", N_("Closed without a call-back that reached anybody"), UNCALLED),
    Figure("open", N_("Issues open"), OPEN),
    Figure("overdue", N_("Issues overdue"), OVERDUE),
    Figure("overdue_with", N_("Of these with departments"), OVERDUE_WITH),
    Figure("carded", N_("Issues with a card"), CARDED),
    Figure("visits", N_("Visits made"), VISIT, items=_V),
    Figure("visits_met", N_("Visits that met somebody"), MET, items=_V),
    Figure("enterprises", N_("Enterprises met"), ENTERPRISE, items=_V),
    Figure("window_planned", N_("Visits planned"), PLANNED, items=_V),
    Figure("window_as_planned", N_("Visits made by the planned day"), AS_PLANNED, items=_V),
    Figure("promised", N_("Promises made"), PROMISED, items=_P),
    Figure("kept", N_("Promises kept"), KEPT, items=_P),
    Figure("promises_overdue", N_("Promises overdue"), PROMISE_OVERDUE, items=_P),
    Figure("undertaken", N_("Commitments made"), UNDERTAKEN, items=_C),
    Figure("fulfilled", N_("Commitments made good"), FULFILLED, items=_C),
    Figure("commitments_overdue", N_("Commitments overdue"), COMMITMENT_OVERDUE, items=_C),
)
FIGURES: dict[str, Figure] = {each.key: each for each in (*_MONTH, *_LAST, *_WINDOW, *_OTHERS)}
"""Key → figure."""

RANKED: dict[Ranked, tuple[Figure, Figure]] = {
    **{
        Ranked.of(rate.value): (FIGURES[f"window_{part.value}"], FIGURES[f"window_{whole.value}"])
        for rate, (part, whole) in PAIRS.items()
    },
    Ranked.VISITS: (FIGURES["window_as_planned"], FIGURES["window_planned"]),
}
"""What units can be ranked by → what is counted, of what."""


def flag_figure(mark: str, label: str, items: ItemKind | None) -> Figure:
    """Return the figure whose rows a flag names."""
    return Figure(mark, label, mark, items=items)
