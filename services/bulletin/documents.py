"""A bulletin as an official document: its text, tables and charts in the layout of GB/T 9704, as DOCX and PDF."""

from datetime import date
from typing import Any, Literal

from core import clock
from core.i18n import format_number, gettext
from models.bulletin import BulletinState, Ranked
from services import audit_trail, charts
from services.actor import Actor
from services.bulletin import naming, reading, writing
from services.bulletin.catalogue import FIGURES
from services.bulletin.printed import Printed, Unit, UnitKind
from services.bulletin.reading import Shown
from services.charts import style
from services.documents import Appendix, Block, Column, Heading, Note, Official, Paragraph, Picture, Table, docx, pdf
from services.permissions import Action
from services.tallies.measures import PAIRS
from services.use_case import use_case

Form = Literal["docx", "pdf"]
TYPES = {"docx": docx.TYPE, "pdf": pdf.TYPE}
_TABLED = (
    "registered", "resolved_now", "closed_now", "open", "overdue", "carded", "visits", "enterprises", "promised",
    "kept", "promises_overdue", "undertaken", "fulfilled", "commitments_overdue",
)  # fmt: skip
_DRAWN = 15
"""How many units a chart shows; the appendix has them all."""
_ROW, _PLOT = 24, 360
"""Pixels of a bar's row and of the bars' length: few, so that letters are large on paper."""


def document(actor: Actor, bulletin_id: int, form: Form) -> bytes:
    """Return a bulletin as a document in the present language; it names no enterprise. The audit log notes it.

    Raises:
        NoChineseFontError: the machine has no font to draw with.
        NotFoundError: there is no such bulletin or the actor may not read it.
    """
    with use_case(actor, Action.BULLETIN_VIEW) as session:
        shown = reading.load(session, actor, bulletin_id)
        audit_trail.note(session, "bulletin", bulletin_id, "exported", form=form)
    made = paper(shown)
    return docx.write(made) if form == "docx" else pdf.write(made)


def paper(shown: Shown) -> Official:
    """Return a bulletin as a paper with its charts drawn."""
    bulletin, organ = shown.bulletin, shown.printed.rules.organ
    appendices = [_appendix(shown.printed, kind) for kind in UnitKind]
    return Official(
        organ=organ,
        number=naming.numbered(bulletin.month),
        title=naming.full_title(bulletin.month),
        addressee=gettext("all streets and towns, departments and service teams"),
        blocks=_blocks(shown),
        attachments=[each.title for each in appendices],
        appendices=appendices,
        signature=organ,
        day=_day(shown),
        remark=gettext("Draft, not issued") if bulletin.state is BulletinState.DRAFT else "",
        issuer=organ,
        issued_on=_day(shown),
    )


def _day(shown: Shown) -> date:
    return (shown.bulletin.issued_at or shown.bulletin.frozen_at).astimezone(clock.zone()).date()


def _blocks(shown: Shown) -> list[Block]:
    printed = shown.printed
    pictures = dict(zip(UnitKind, _pictures(printed), strict=True))
    blocks: list[Block] = [Paragraph(writing.opening(shown.bulletin))]
    for section in writing.sections(shown.bulletin, printed):
        blocks.append(Heading(section.heading))
        blocks += [Paragraph(text) for text in section.paragraphs]
        if section.key == "overall":
            blocks += [_figures(printed), _rates(printed)]
        if section.key == "ranking":
            for kind in UnitKind:
                blocks += _ranking(printed, kind, pictures[kind])
    return blocks


def _figures(printed: Printed) -> Table:
    numbers = (gettext("This month"), gettext("The month before"), gettext("Difference"))
    return Table(
        [Column(gettext("Figure"), 3, "left"), *(Column(title, 1.2, "right") for title in numbers)],
        [_figure(printed, key) for key in _TABLED],
        caption=gettext("Main figures"),
    )


def _figure(printed: Printed, key: str) -> list[str]:
    change, before = printed.change(key), printed.previous.get(key)
    return [
        gettext(FIGURES[key].label), format_number(printed.count(key)),
        "–" if before is None else format_number(before), "–" if change is None else f"{change:+d}",
    ]  # fmt: skip


def _rates(printed: Printed) -> Table:
    columns = [
        Column(gettext("Rate"), 1.6, "left"), Column(gettext("This month"), 1.8), Column(gettext("95% interval"), 1.8),
        Column(gettext("The month before"), 1.8),
    ]  # fmt: skip
    rows = []
    for rate, (part, whole) in PAIRS.items():
        share, before = printed.share(part, whole), printed.share_before(part, whole)
        was = writing.share_text(before) if before else "–"
        rows.append([gettext(rate.label), writing.share_text(share), writing.interval_text(share), was])
    return Table(columns, rows, caption=gettext("Rates of the needs registered in the month"))


def _ranking(printed: Printed, kind: UnitKind, picture: Picture | None) -> list[Block]:
    if picture is None:
        return []
    rate = printed.rules.rate(kind)
    columns = [
        Column(gettext("Rank"), 0.7), Column(gettext(kind.label), 3, "left"), Column(gettext(rate.label), 2.2),
        Column(gettext("95% interval"), 2), Column(gettext("Issues a member"), 1.3, "right"),
    ]  # fmt: skip
    rows = [
        [
            str(unit.ranks[rate]), unit.name, writing.share_text(unit.shares[rate]),
            writing.interval_text(unit.shares[rate]), _load(unit),
        ]
        for unit in printed.ranked(kind)
    ]  # fmt: skip
    note = gettext("Ranked by the lower end of the 95% interval; whoever has fewer than {least} cases is not ranked.")
    title = gettext("{kind} by {rate}").format(kind=gettext(kind.label), rate=gettext(rate.label))
    return [picture, Table(columns, rows, caption=title), Note(note.format(least=printed.rules.minimum_sample))]


def _load(unit: Unit) -> str:
    load = unit.load("window_registered")
    return "–" if load is None else f"{load:.1f}"


def _appendix(printed: Printed, kind: UnitKind) -> Appendix:
    """Return every unit with all its rates, whether ranked or not."""
    rates = [rate for rate in Ranked if rate is not Ranked.VISITS or kind is UnitKind.TEAM]
    columns = [Column(gettext(kind.label), 2.6, "left"), *(Column(gettext(rate.label), 1.5) for rate in rates)]
    rows = [
        [unit.name, *(writing.share_text(unit.shares[rate]) for rate in rates), str(unit.counts.get("open", 0))]
        for unit in printed.units.get(kind, ())
        if any(unit.shares[rate].of for rate in rates)
    ]
    title = gettext("{kind}: all rates of {months} months").format(
        kind=gettext(kind.label), months=printed.rules.window_months
    )
    return Appendix(title, [Table([*columns, Column(gettext("Issues open"), 1, "right")], rows)])


def _pictures(printed: Printed) -> list[Picture | None]:
    """Draw the ranking of each kind of unit; `None` where nobody is ranked. All are drawn in one go."""
    drawn = [(kind, _chart(printed, kind)) for kind in UnitKind if printed.ranked(kind)]
    specs = [chart for _kind, chart in drawn]
    found = {
        kind: Picture(png, svg, caption=_caption(printed, kind))
        for (kind, _chart_of), png, svg in zip(
            drawn, charts.pictures(specs, "png"), charts.pictures(specs, "svg"), strict=True
        )
    } if drawn else {}  # fmt: skip
    return [found.get(kind) for kind in UnitKind]


def _caption(printed: Printed, kind: UnitKind) -> str:
    return gettext("{kind} by {rate}, with the 95% interval").format(
        kind=gettext(kind.label), rate=gettext(printed.rules.rate(kind).label)
    )


def _chart(printed: Printed, kind: UnitKind) -> dict[str, Any]:
    """Return bars with their intervals as a Vega-Lite specification."""
    rate, units = printed.rules.rate(kind), printed.ranked(kind)[:_DRAWN]
    honour, shame = printed.rules.honour_percent / 100, printed.rules.shame_percent / 100
    rows = [
        {"name": unit.name, "place": place, "value": found.value, "low": found.low, "high": found.high,
         "colour": style.GOOD if found.low >= honour else style.BAD if found.high < shame else style.MAIN}
        for place, unit in enumerate(units)
        for found in [unit.shares[rate].interval]
    ]  # fmt: skip
    names = {"field": "name", "type": "nominal", "sort": {"field": "place"}, "title": None, "axis": {"labelLimit": 240}}
    values = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {"format": "%"}, "title": None}
    line = {"color": "#26324a", "strokeDash": [], "strokeWidth": 1.5}
    ends = [
        {"mark": {"type": "tick", "thickness": 1.5, "size": 10, "color": "#26324a"},
         "encoding": {"y": names, "x": {**values, "field": end}}}
        for end in ("low", "high")
    ]  # fmt: skip
    return {
        "data": {"values": rows}, "width": _PLOT, "height": {"step": _ROW},
        "layer": [
            {"mark": {"type": "bar", "size": 14},
             "encoding": {"y": names, "x": {**values, "field": "value"},
                          "color": {"field": "colour", "type": "nominal", "scale": None}}},
            {"mark": {"type": "rule", **line}, "encoding": {"y": names, "x": {**values, "field": "low"},
                                                            "x2": {"field": "high"}}},
            *ends,
        ],
    }  # fmt: skip
