"""What `qianqi bench load` found, for people; `bench.report.as_json` tells programs."""

from dataclasses import asdict
from typing import Any

from bench.load.measuring import SPAN, WARM, LoadReport, PageTimes
from bench.load.watching import Slope
from bench.report import machine
from core.i18n import gettext as _

MOST_SECONDS, MOST_MB = 1.5, 1.5
"""What is wanted: 95 of 100 pages within so many seconds, and no more megabytes for each further session."""


def as_text(report: LoadReport) -> str:
    """Return a report for people."""
    head = _(
        "{sessions} people at once for {seconds} s, a page each {every:g} s for each; {cores} cores, Python {python}"
    ).format(sessions=report.sessions, seconds=report.seconds, every=report.every, **machine())
    told = [
        head,
        _("All pages: {count} openings, {times}, wanted p95 ≤ {most:g} s: {verdict}").format(
            count=report.whole.count, times=_times(report.whole), most=MOST_SECONDS,
            verdict=_verdict(report.whole.p95 <= MOST_SECONDS * 1000),
        ),
        _("Errors: {errors}; moments missed: {missed}; tabs opened: {tabs}").format(
            errors=len(report.errors), missed=report.missed, tabs=report.tabs
        ),
        _("A further session: {here:.2f} MB, wanted ≤ {most:g} MB: {verdict}").format(
            here=report.per_session, most=MOST_MB, verdict=_verdict(report.per_session <= MOST_MB)
        ),
        _("Streamlit alone with a table: {there:.2f} MB a further session").format(there=report.peer_per_session),
        _("Memory of the web process: {steps}").format(
            steps=", ".join(f"{count} → {size:.0f} MB" for count, size in report.memory.items())
        ),
        _("… averaged over each {minutes:g} minutes of the run: {sizes} MB").format(
            minutes=SPAN / 60, sizes=", ".join(f"{size:.0f}" for size in report.course)
        ),
        _growth(report.slope),
        _("Processors kept busy: {parts}").format(
            parts=", ".join(f"{name} {share:.2f}" for name, share in report.processors.items())
        ),
        "",
        *(f"{each.page:28} {each.count:6} × {_times(each)}, {each.size:.0f} kB" for each in report.pages),
        *sorted(set(report.errors))[:20],
    ]  # fmt: skip
    return "\n".join(told)


def for_programs(report: LoadReport) -> dict[str, Any]:
    """Return the report for programs, with what is reckoned from it."""
    return asdict(report) | {
        "per_session": report.per_session,
        "peer_per_session": report.peer_per_session,
        "machine": machine(),
        "met": report.whole.p95 <= MOST_SECONDS * 1000 and report.per_session <= MOST_MB and not report.errors,
    }


def _times(times: PageTimes) -> str:
    return f"p50 {times.p50:.0f} ms, p95 {times.p95:.0f} ms, p99 {times.p99:.0f} ms"


def _growth(slope: Slope | None) -> str:
    if slope is None:
        return _("Growth of memory: this run is too short to tell")
    told = _("Growth of memory after {minutes:g} minutes: {slope:+.1f} MB an hour (95 %: {least:+.1f} to {most:+.1f})")
    return told.format(minutes=WARM / 60, slope=slope.mb_per_hour, least=slope.least, most=slope.most)


def _verdict(true: bool) -> str:
    return _("met") if true else _("NOT met")
