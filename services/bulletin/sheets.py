"""A bulletin as an Excel workbook: one sheet for each table, and the frozen rows behind them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.i18n import N_, gettext, whole_only
from models.bulletin import BulletinIssue, BulletinItem, Ranked
from models.campaign import VisitMode
from models.fields import FieldKind, FieldSpec
from models.visit import Outcome
from services import audit_trail, exporting
from services.actor import Actor
from services.bulletin import reading, writing
from services.bulletin.catalogue import FIGURES, RANKED, Cohort
from services.bulletin.printed import Printed, Unit, UnitKind
from services.bulletin.reading import Shown
from services.permissions import Action
from services.use_case import use_case

Sheet = tuple[str, Sequence[FieldSpec], Iterable[Mapping[str, Any]]]
_AT_ONCE = 1000
_I, _N, _M, _D = FieldKind.INTEGER, FieldKind.NUMBER, FieldKind.MOMENT, FieldKind.DATE
_PERIODS = {
    Cohort.MONTH: N_("Registered this month"), Cohort.LAST: N_("Registered the month before"),
    Cohort.WINDOW: N_("Registered in the ranked months"), Cohort.ANY: N_("This month"),
}  # fmt: skip


def workbook(actor: Actor, bulletin_id: int) -> bytes:
    """Return a bulletin as a workbook; what the actor may not see of its rows is left empty. The audit log notes it.

    Raises:
        NotFoundError: there is no such bulletin or the actor may not read it.
    """
    with use_case(actor, Action.BULLETIN_VIEW) as session:
        shown = reading.load(session, actor, bulletin_id)
        audit_trail.note(session, "bulletin", bulletin_id, "exported", form="xlsx")
        return exporting.book(_sheets(session, actor, shown))


def _sheets(session: Session, actor: Actor, shown: Shown) -> Iterator[Sheet]:
    printed = shown.printed
    yield gettext("Figures"), _FIGURES, _figures(printed)
    for kind in UnitKind:
        yield f"{gettext('Ranking')} {gettext(kind.label)}", _unit_columns(kind), _units(printed, kind)
    yield gettext("Honour and shame list"), _LISTED, _listed(printed)
    yield (
        gettext("What is overdue"),
        _OVERDUE,
        ({"name": writing.whose_of(each), "count": each.count} for each in printed.overdue),
    )
    yield gettext("To be looked at"), _FLAGS, (
        {"kind": gettext(flag.kind.label), "text": writing.flag_text(flag, printed), "count": flag.count}
        for flag in printed.flags
    )  # fmt: skip
    yield gettext("Issues as they stood"), _ISSUES, _issues(session, actor, shown)
    yield gettext("Visits and promises as they stood"), _ITEMS, _items(session, actor, shown)


def _spec(key: str, label: str, kind: FieldKind = FieldKind.TEXT) -> FieldSpec:
    return FieldSpec(key=key, label=label, kind=kind)


_FIGURES = (
    _spec("period", N_("Of which rows")), _spec("name", N_("Figure")), _spec("count", N_("Count"), _I),
    _spec("before", N_("The month before"), _I), _spec("change", N_("Difference"), _I),
)  # fmt: skip
_LISTED = (
    _spec("list", N_("On which list")), _spec("kind", N_("Kind")), _spec("name", N_("Name")),
    _spec("rate", N_("Ranked by")), _spec("share", N_("Share, %"), _N), _spec("low", N_("Interval from, %"), _N),
    _spec("high", N_("to, %"), _N),
)  # fmt: skip
_OVERDUE = (_spec("name", N_("With whom")), _spec("count", N_("Count"), _I))
_FLAGS = (_spec("kind", N_("Kind")), _spec("text", N_("Text")), _spec("count", N_("Count"), _I))
_ISSUES = (
    _spec("number", N_("Entry no.")), _spec("enterprise", N_("Enterprise")),
    _spec("text", N_("What the enterprise said")), _spec("kind", N_("Kind")), _spec("category", N_("Category")),
    _spec("street", N_("Street or town")), _spec("village", N_("Village or community")), _spec("team", N_("Team")),
    _spec("department", N_("Lead department")), _spec("state", N_("State")),
    _spec("registered_at", N_("Registered"), _M), _spec("acknowledged_at", N_("Acknowledged at"), _M),
    _spec("resolved_at", N_("Resolved at"), _M), _spec("closed_at", N_("Closed at"), _M),
    _spec("due_at", N_("Deadline"), _M), _spec("late", N_("Late"), FieldKind.BOOLEAN),
    _spec("solved", N_("Solved"), FieldKind.BOOLEAN), _spec("satisfied", N_("Satisfied"), FieldKind.BOOLEAN),
    _spec("card", N_("Card")), _spec("counted", N_("Counts in")),
)  # fmt: skip
_ITEMS = (
    _spec("kind", N_("Kind")), _spec("enterprise", N_("Enterprise")), _spec("street", N_("Street or town")),
    _spec("village", N_("Village or community")), _spec("team", N_("Team")), _spec("person", N_("Person")),
    _spec("mode", N_("Mode")), _spec("text", N_("Text")), _spec("due_on", N_("Due on"), _D),
    _spec("done_at", N_("Done at"), _M), _spec("counted", N_("Counts in")),
)  # fmt: skip


def _figures(printed: Printed) -> Iterator[dict[str, Any]]:
    for key, figure in FIGURES.items():
        if key not in printed.counts:  # of an earlier release
            continue
        yield {
            "period": gettext(_PERIODS[figure.cohort]), "name": gettext(figure.label), "count": printed.count(key),
            "before": printed.previous.get(key), "change": printed.change(key),
        }  # fmt: skip


def _unit_columns(kind: UnitKind) -> list[FieldSpec]:
    columns = [_spec("name", kind.label), _spec("members", N_("Members"), _I)]
    for rate in _rates(kind):
        part, whole = RANKED[rate]
        columns += [
            _spec(f"{rate.value}_rank", f"{gettext(rate.label)} {gettext('Rank')}", _I),
            _spec(f"{rate.value}_count", part.label, _I), _spec(f"{rate.value}_of", whole.label, _I),
            _spec(f"{rate.value}_share", f"{gettext(rate.label)} %", _N),
            _spec(f"{rate.value}_low", N_("Interval from, %"), _N), _spec(f"{rate.value}_high", N_("to, %"), _N),
        ]  # fmt: skip
    return [*columns, _spec("issues", N_("Issues in the ranked months"), _I), _spec("open", N_("Issues open"), _I)]


def _units(printed: Printed, kind: UnitKind) -> Iterator[dict[str, Any]]:
    for unit in printed.units.get(kind, ()):
        row: dict[str, Any] = {"name": unit.name, "members": unit.members, "open": unit.counts.get("open", 0)}
        for rate in _rates(kind):
            row |= {f"{rate.value}_{key}": value for key, value in _share(unit, rate).items()}
        yield row | {"issues": unit.counts.get("window_registered", 0)}


def _rates(kind: UnitKind) -> list[Ranked]:
    return [rate for rate in Ranked if rate is not Ranked.VISITS or kind is UnitKind.TEAM]


def _share(unit: Unit, rate: Ranked) -> dict[str, Any]:
    share = unit.shares[rate]
    found = share.interval
    return {
        "rank": unit.ranks.get(rate), "count": share.count, "of": share.of, "share": _percent(found.value),
        "low": _percent(found.low), "high": _percent(found.high),
    }  # fmt: skip


def _percent(share: float) -> float:
    return round(100 * whole_only(share, 1), 1)


def _listed(printed: Printed) -> Iterator[dict[str, Any]]:
    for kind in UnitKind:
        rate = printed.rules.rate(kind)
        for title, units in ((N_("Honour list"), printed.honoured(kind)), (N_("Shame list"), printed.shamed(kind))):
            for unit in units:
                yield {
                    "list": gettext(title), "kind": gettext(kind.label), "name": unit.name, "rate": gettext(rate.label),
                    **_share(unit, rate),
                }  # fmt: skip


def _issues(session: Session, actor: Actor, shown: Shown) -> Iterator[dict[str, Any]]:
    categories = {part.key: part.name for part in shown.printed.categories}
    for batch in _batches(session, BulletinIssue, shown):
        for each in reading.issues_for(session, actor, batch):
            row = each.row
            yield {
                **row.model_dump(), "kind": gettext(row.kind.label), "state": gettext(row.state.label),
                "card": gettext(row.card.label), "category": categories.get(row.category, row.category),
                "counted": _counted(row.marks),
            }  # fmt: skip


def _items(session: Session, actor: Actor, shown: Shown) -> Iterator[dict[str, Any]]:
    for batch in _batches(session, BulletinItem, shown):
        for each in reading.items_for(session, actor, batch):
            row = each.row
            outcome = gettext(Outcome.of(row.text).label) if row.mode and row.text else row.text
            yield {
                **row.model_dump(), "kind": gettext(row.kind.label), "text": outcome,
                "mode": gettext(VisitMode.of(row.mode).label) if row.mode else "", "counted": _counted(row.marks),
            }  # fmt: skip


def _batches(session: Session, table: type[Any], shown: Shown) -> Iterator[Sequence[Any]]:
    order = BulletinIssue.number if table is BulletinIssue else BulletinItem.enterprise
    found = iter(session.scalars(
        select(table).where(col(table.bulletin_id) == shown.bulletin.pk).order_by(order, table.id)
        .execution_options(yield_per=_AT_ONCE)
    ))  # fmt: skip
    while batch := list(islice(found, _AT_ONCE)):
        yield batch


def _counted(marks: Sequence[str]) -> str:
    """Return by what a row counts, in words; flags have their own sheet."""
    return gettext(", ").join(gettext(_LABELS[mark]) for mark in marks if mark in _LABELS)


_LABELS = {figure.mark: figure.label for figure in reversed(FIGURES.values())}
