"""The text of a bulletin, from what it printed: what changed, who is best and worst, what is over time and with whom.

Sober and short, in the present language; a sentence is left out where there is nothing to say, not filled up.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, takewhile

from core import clock, months
from core.i18n import N_, format_date, format_number, format_percent, gettext, locale
from models.bulletin import Bulletin, Ranked
from models.issue import IssueKind, IssueState
from services.bulletin.naming import month_name
from services.bulletin.printed import ClassLine, Flag, FlagKind, Part, Printed, Share, Unit, UnitKind

_WAITING = {each.value: each.label for each in IssueState}
_NAMED, _MOST_NAMED = 3, 6
"""How many units a sentence names, and how many at most where equals share the last of these places."""
_MOST_FLAGS = 12


@dataclass(frozen=True)
class Section:
    """A section: what it is about, its heading and its paragraphs."""

    key: str
    heading: str
    paragraphs: Sequence[str]


def opening(bulletin: Bulletin) -> str:
    """Return the sentence a bulletin begins with."""
    return gettext(
        "The work of the campaign of visiting enterprises in {month}, and what came of their needs, was as follows."
    ).format(month=month_name(bulletin.month))


def sections(bulletin: Bulletin, printed: Printed) -> list[Section]:
    """Return the sections of a bulletin's text, in order; those with nothing to say are left out."""
    when = _when(bulletin)
    written: list[tuple[str, str, list[str]]] = [
        (
            "overall",
            gettext("Overall"),
            [
                _visits(printed),
                _registered(printed),
                _rates(printed, when),
                _closed(printed, when),
            ],
        ),
        ("ranking", gettext("Ranking"), [_ranking(printed, kind) for kind in UnitKind]),
        ("lists", gettext("Honour and shame list"), [_lists(printed, kind) for kind in UnitKind]),
        ("overdue", gettext("What is overdue"), [_overdue(printed, when), _promises(printed), _commitments(printed)]),
        ("last_month", gettext("What came of last month’s needs"), [_last_month(printed, when)]),
        ("classes", gettext("From one need to a class"), [_class(line) for line in printed.classes]),
        ("flags", gettext("To be looked at"), _flags(printed)),
        ("remark", gettext("Requirements"), _remark(bulletin)),
    ]
    filled = [(key, heading, [each for each in paragraphs if each]) for key, heading, paragraphs in written]
    return [Section(key, heading, paragraphs) for key, heading, paragraphs in filled if paragraphs]


def share_text(share: Share) -> str:
    """Return a share with its counts, such as 95.0% (38/40)."""
    if not share.of:
        return "–"
    return (
        f"{percent(share.interval.value)}（{share.count}/{share.of}）"
        if locale() == "zh_CN"
        else (f"{percent(share.interval.value)} ({share.count}/{share.of})")
    )


def interval_text(share: Share) -> str:
    """Return the interval of a share, such as 83.5%–98.6%."""
    found = share.interval
    return f"{percent(found.low)}–{percent(found.high)}" if share.of else "–"


def percent(value: float) -> str:
    """Return a share (0.954) as a percentage with one decimal (95.4%)."""
    return format_percent(value, 1)


def whose_of(part: Part) -> str:
    """Return with whom a part of what is overdue is: a department, or the state it waits in where none is to act.

    Bulletins of earlier releases know lead departments only.
    """
    return part.name or gettext(_WAITING.get(part.key) or N_("no lead department"))


def flag_text(flag: Flag, printed: Printed) -> str:
    """Return what a flag says, as one sentence."""
    rules = printed.rules
    words = {"unit": flag.unit, "count": flag.count, "of": flag.of}
    more = {
        FlagKind.COPIED: {"times": rules.copied_times},
        FlagKind.QUICK: {"minutes": rules.quick_minutes},
        FlagKind.BURST: {"km": rules.burst_km},
    }
    return _FLAGS[flag.kind]().format(**words, **more.get(flag.kind, {}))


_FLAGS: dict[FlagKind, Callable[[], str]] = {
    FlagKind.BUNCHED: lambda: gettext(
        "{unit}: {count} of {of} closures fell in the last two working days of the month."
    ),
    FlagKind.UNCALLED: lambda: gettext("{unit}: {count} of {of} were closed without a call-back that reached anybody."),
    FlagKind.COPIED: lambda: gettext("{unit}: one person wrote the same text on {count} issues."),
    FlagKind.QUICK: lambda: gettext(
        "{unit}: at {count} issues the enterprise was called within {minutes} minutes of being told the result."
    ),
    FlagKind.BURST: lambda: gettext(
        "{unit}: one person recorded {count} visits on site within an hour, more than {km} km apart."
    ),
}


def _visits(printed: Printed) -> str:
    return gettext("{visits} visits were made{change}; {enterprises} enterprises were met{change_met}.").format(
        visits=_number(printed, "visits"), change=_change(printed, "visits"),
        enterprises=_number(printed, "enterprises"), change_met=_change(printed, "enterprises"),
    )  # fmt: skip


def _registered(printed: Printed) -> str:
    counted = {part.key: part.count for part in printed.kinds}
    kinds = gettext(", ").join(
        f"{gettext(kind.label)} {format_number(counted[kind.value])}" for kind in IssueKind if counted.get(kind.value)
    )
    if not kinds:
        return gettext("No need was registered.")
    return gettext("{count} needs were registered{change}: {kinds}.").format(
        count=_number(printed, "registered"), change=_change(printed, "registered"), kinds=kinds
    )


def _when(bulletin: Bulletin) -> str:
    """Say as of when the figures stand: of a month that goes on there is no end to speak of."""
    if bulletin.until >= months.end(bulletin.month):
        return gettext("the end of the month")
    return format_date(bulletin.until.astimezone(clock.zone()).date())


def _rates(printed: Printed, when: str) -> str:
    if not printed.count("registered"):
        return ""
    told = [
        (gettext(rate.label), printed.share(part, whole), printed.share_before(part, whole))
        for rate, part, whole in (
            (Ranked.RESPONSE, "responded", "answerable"),
            (Ranked.ON_TIME, "on_time", "resolved"),
            (Ranked.RESOLUTION, "solved", "called_back"),
            (Ranked.SATISFACTION, "satisfied", "rated"),
        )
        if printed.count(whole)
    ]
    rates = gettext("; ").join(f"{name} {share_text(now)}{_points(now, was)}" for name, now, was in told)
    return gettext("As of {when}: {rates}.").format(when=when, rates=rates) if rates else ""


def _closed(printed: Printed, when: str) -> str:
    return gettext(
        "{closed} issues were closed{change}; as of {when} {open} are open, those of earlier months included."
    ).format(
        closed=_number(printed, "closed_now"), change=_change(printed, "closed_now"), open=_number(printed, "open"),
        when=when,
    )  # fmt: skip


def _ranking(printed: Printed, kind: UnitKind) -> str:
    ranked, left = printed.ranked(kind), len(printed.unranked(kind))
    words = {
        "kind": gettext(kind.label), "rate": gettext(printed.rules.rate(kind).label),
        "months": printed.rules.window_months, "least": printed.rules.minimum_sample, "left": left,
        "count": len(ranked),
    }  # fmt: skip
    if not ranked:
        return gettext(
            "{kind}: nobody had {least} cases within {months} months by which the {rate} could be ranked."
        ).format(**words)
    told = gettext("{kind}, by the {rate} of {months} months: {count} are ranked.").format(**words)
    rest = gettext("{left} had fewer than {least} cases and are not ranked.").format(**words) if left else ""
    return _joined(told, *_places(printed, kind, ranked), rest)


def _places(printed: Printed, kind: UnitKind, ranked: Sequence[Unit]) -> tuple[str, str]:
    """Say who is first and who is last.

    Nobody is called last whose share is as high as that of somebody called first: what keeps them behind is the number
    of their cases. Where all are equal nobody is first.
    """
    rate = printed.rules.rate(kind)
    groups = [list(units) for _rank, units in groupby(ranked, key=lambda unit: unit.ranks[rate])]
    share = share_text(groups[0][0].shares[rate])
    if len(groups) == 1 < len(ranked):
        return gettext("All are equal with {share}.").format(share=share), ""
    best = _together(groups)
    enough = min(group[0].shares[rate].interval.value for group in best or groups[:1])
    below = takewhile(lambda group: group[0].shares[rate].interval.value < enough, reversed(groups[len(best) :]))
    worst = [unit for group in reversed(_together(below)) for unit in group]
    first = (
        gettext("First: {best}.").format(best=_named(printed, kind, list(chain(*best))))
        if best
        else gettext("{count} share the first place with {share}.").format(count=len(groups[0]), share=share)
    )
    return first, gettext("Last: {worst}.").format(worst=_named(printed, kind, worst)) if worst else ""


def _together(groups: Iterable[list[Unit]]) -> list[list[Unit]]:
    """Return whom a sentence names of units in order: those that share a place together or not at all."""
    named: list[list[Unit]] = []
    count = 0
    for group in groups:
        if count >= _NAMED or count + len(group) > _MOST_NAMED:
            break
        named.append(group)
        count += len(group)
    return named


def _lists(printed: Printed, kind: UnitKind) -> str:
    words = {
        "kind": gettext(kind.label), "honour": printed.rules.honour_percent, "shame": printed.rules.shame_percent
    }  # fmt: skip
    honoured, shamed = printed.honoured(kind), printed.shamed(kind)
    praise = (
        gettext("{kind}, honour list: {units}.").format(**words, units=_named(printed, kind, honoured))
        if honoured
        else gettext("{kind}: nobody reached {honour}% with the whole interval.").format(**words)
    )
    blame = (
        gettext("{kind}, shame list: {units}.").format(**words, units=_named(printed, kind, shamed))
        if shamed
        else gettext("{kind}: nobody stayed below {shame}% with the whole interval.").format(**words)
    )
    return _joined(praise, blame)


def _overdue(printed: Printed, when: str) -> str:
    if not printed.count("overdue"):
        return gettext("As of {when} no issue is overdue.").format(when=when)
    whose = gettext(", ").join(f"{whose_of(part)} {part.count}" for part in printed.overdue)
    told = gettext("As of {when} {count} issues are overdue{change}: {whose}. {cards} open ones have a card.")
    return told.format(
        count=_number(printed, "overdue"), change=_change(printed, "overdue"), whose=whose,
        cards=_number(printed, "carded"), when=when,
    )  # fmt: skip


def _promises(printed: Printed) -> str:
    return gettext("{made} promises were made to enterprises and {kept} kept; {overdue} are past their day.").format(
        made=_number(printed, "promised"), kept=_number(printed, "kept"), overdue=_number(printed, "promises_overdue")
    )


def _commitments(printed: Printed) -> str:
    return gettext(
        "{made} approvals were given on commitment and {fulfilled} made good; {overdue} are past their day."
    ).format(
        made=_number(printed, "undertaken"), fulfilled=_number(printed, "fulfilled"),
        overdue=_number(printed, "commitments_overdue"),
    )  # fmt: skip


def _last_month(printed: Printed, when: str) -> str:
    if not printed.count("last_registered"):
        return ""
    return gettext(
        "Of {count} needs registered the month before, as of {when} {resolved} are resolved, {solved} are solved, say "
        "the enterprises, {verified} are closed and verified; {open} are still open."
    ).format(
        count=_number(printed, "last_registered"), resolved=_number(printed, "last_resolved"),
        solved=_number(printed, "last_solved"), verified=_number(printed, "last_verified"),
        open=_number(printed, "last_open"), when=when,
    )  # fmt: skip


def _class(line: ClassLine) -> str:
    told = (
        gettext(
            "{title}: {count} needs of this kind in the month. Measure of {department}, in force: {measure}. {effect}."
        )
        if line.in_force
        else gettext("{title}: {count} needs of this kind in the month. Measure of {department}, to come: {measure}.")
    )
    return told.format(
        title=line.title, count=line.month, department=line.department or gettext("nobody yet"),
        measure=line.measure.rstrip("。.") or gettext("none yet"), effect=line.effect.get(locale(), "").rstrip("。."),
    )  # fmt: skip


def _flags(printed: Printed) -> list[str]:
    if not printed.flags:
        return []
    told = [flag_text(flag, printed) for flag in printed.flags[:_MOST_FLAGS]]
    note = gettext("These are questions to be looked into, not findings.")
    return [*told, note]


def _remark(bulletin: Bulletin) -> list[str]:
    written = bulletin.remark if locale() == "zh_CN" else bulletin.remark_en
    return [line for line in written.splitlines() if line.strip()]


def _named(printed: Printed, kind: UnitKind, units: Sequence[Unit]) -> str:
    rate = printed.rules.rate(kind)
    return gettext("; ").join(
        gettext("{name} {share}, interval {interval}").format(
            name=unit.name, share=share_text(unit.shares[rate]), interval=interval_text(unit.shares[rate])
        )
        for unit in units
    )


def _number(printed: Printed, key: str) -> str:
    return format_number(printed.count(key))


def _change(printed: Printed, key: str) -> str:
    change = printed.change(key)
    if change is None:
        return ""
    if not change:
        return gettext(" (as many as the month before)")
    text = (
        gettext(" ({count} more than the month before)")
        if change > 0
        else gettext(" ({count} fewer than the month before)")
    )
    return text.format(count=format_number(abs(change)))


def _points(now: Share, before: Share | None) -> str:
    if before is None or not before.of:
        return ""
    change = round((now.interval.value - before.interval.value) * 100, 1)
    return gettext(", {points} points").format(points=f"{change:+.1f}") if change else ""


def _joined(*sentences: str) -> str:
    return ("" if locale() == "zh_CN" else " ").join(each for each in sentences if each)
