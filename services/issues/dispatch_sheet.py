"""The 交办单 of one issue: what a department is asked, by when, and room for what becomes of it."""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt
from docx.table import Table

from core import clock
from core.i18n import N_, gettext, in_locale
from models.issue import Issue
from services import access, audit_trail
from services.actor import Actor
from services.documents import word as paper
from services.issues import official
from services.issues.ledger_xlsx import OFFICIAL_LOCALE
from services.issues.official import Line
from services.permissions import Action
from services.use_case import use_case

_WIDTHS = [26.0, 52.0, 26.0, 52.0]
_SIZE = 12
_LOW, _MIDDLE, _HIGH = 10.0, 18.0, 30.0
_TICKED, _EMPTY = "☑", "□"


@dataclass(frozen=True)
class Sheet:
    """A dispatch sheet: the name of its file and its content."""

    file_name: str
    content: bytes


def dispatch_sheet(actor: Actor, issue_id: int) -> Sheet:
    """Return the dispatch sheet of an issue as a Word document; the audit log notes it.

    Raises:
        NotAllowedError: the role may not export issues.
        NotFoundError: there is no such issue or the actor may not export it.
    """
    with use_case(actor, Action.ISSUE_EXPORT) as session, in_locale(OFFICIAL_LOCALE):
        issue = access.load(session, actor, Action.ISSUE_EXPORT, Issue, issue_id)
        (line,) = official.lines(session, actor, [issue])
        audit_trail.note(session, "issue", issue_id, "exported", form="dispatch_sheet")
        title = gettext("Dispatch sheet")
        return Sheet(f"{title}-{issue.number}.docx", _document(line, official.unit(session, actor)))


def _document(line: Line, unit: str) -> bytes:
    document = paper.a4()
    programme = gettext("Government services into a thousand enterprises")
    title = gettext("{programme}: dispatch sheet of an issue").format(programme=programme)
    document.core_properties.title, document.core_properties.author = f"{title} {line.issue.number}", unit
    paper.write(document.add_paragraph(), title, paper.TITLE, 22, paper.CENTRE)
    _number(document, line)
    made = paper.table(document, _WIDTHS)
    _asked(made, line)
    _done(made, line)
    _signatures(document, line, unit)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _number(document: Document, line: Line) -> None:
    """Write number and day of dispatch below the title, one left, one right."""
    dispatched = _day(line.issue.dispatched_at) or gettext("(not dispatched yet)")
    paragraph = document.add_paragraph()
    width = sum(_WIDTHS)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(width), WD_TAB_ALIGNMENT.RIGHT)
    left = gettext("No.: {number}").format(number=line.issue.number)
    right = gettext("Day of dispatch: {day}").format(day=dispatched)
    paper.write(paragraph, f"{left}\t{right}", paper.BODY, _SIZE)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(6)


def _asked(made: Table, line: Line) -> None:
    issue = line.issue
    _pair(made, (N_("Enterprise name"), line.enterprise), (N_("Grid"), line.place))
    _pair(made, (N_("Contact"), line.contact), (N_("Contact's phone"), line.phone))
    _pair(made, (N_("Category of the issue"), line.category), (N_("Urgency"), gettext(issue.urgency.label)))
    _pair(made, (N_("Source of the issue"), line.source), (N_("First receiver"), line.first_receiver))
    _wide(made, N_("Description of the issue"), issue.text, _HIGH)
    signed = _signed(line.dispatched_by, line.instructed_at)
    _wide(made, N_("Dispatch instruction"), issue.instruction, _MIDDLE, signed=signed)
    if line.again:
        _wide(made, N_("Why it is handled again"), line.again, _LOW, signed=_signed(line.again_by, line.again_at))
    _pair(made, (N_("Lead unit"), line.department), (N_("Assisting units"), line.assisting))
    _pair(made, (N_("Time limit"), _limit(line)), (N_("Supervision no."), issue.supervision))
    _pair(made, (N_("Acknowledged by"), line.handler), (N_("Time of acknowledgement"), _moment(issue.acknowledged_at)))


def _done(made: Table, line: Line) -> None:
    issue = line.issue
    resolved = _signed("", issue.resolved_at) if issue.result else ""
    _wide(made, N_("Result of the handling"), issue.result, _HIGH, signed=resolved)
    _wide(made, N_("Opinion of the review"), line.review, _MIDDLE, signed=line.reviewer)
    _wide(made, N_("Judgement of the enterprise"), _judgement(issue), _MIDDLE, signed=gettext("Signature:"))
    _wide(made, N_("Remarks"), line.note, _LOW)


def _signatures(document: Document, line: Line, unit: str) -> None:
    paragraph = document.add_paragraph()
    words = gettext("Dispatched by (seal): {unit}").format(unit=unit)
    officer = gettext("Officer in charge: {name}").format(name=line.dispatched_by or " " * 10)
    today = _day(clock.now())
    paper.write(paragraph, f"{words}      {officer}      {today}", paper.BODY, _SIZE)
    paragraph.paragraph_format.space_before = Pt(9)


def _pair(made: Table, *fields: tuple[str, str]) -> None:
    cells = paper.row(made, _LOW).cells
    for place, (label, value) in enumerate(fields):
        paper.put(cells[2 * place], gettext(label), paper.HEADING, _SIZE, paper.CENTRE)
        paper.put(cells[2 * place + 1], value, paper.BODY, _SIZE)


def _wide(made: Table, label: str, value: str, height: float, *, signed: str = "") -> None:
    """Write a row whose value takes the whole width, with a signature below it on the right."""
    cells = paper.row(made, height).cells
    paper.put(cells[0], gettext(label), paper.HEADING, _SIZE, paper.CENTRE)
    wide = cells[1].merge(cells[3])
    paper.put(wide, value, paper.BODY, _SIZE)
    if signed:
        paper.write(wide.add_paragraph(), signed, paper.BODY, _SIZE, paper.RIGHT)


def _judgement(issue: Issue) -> str:
    """Offer the answers of the call-back to be ticked, ticked where they were given."""
    solved = _choice(issue.solved, N_("Has been solved"), N_("Not solved"))
    satisfied = _choice(issue.satisfied, N_("Is satisfied"), N_("Not satisfied"))
    return f"{solved}      {satisfied}"


def _choice(given: bool | None, yes: str, no: str) -> str:
    marks = (_TICKED if given else _EMPTY, _TICKED if given is False else _EMPTY)
    return f"{marks[0]} {gettext(yes)}  {marks[1]} {gettext(no)}"


def _signed(name: str, at: datetime | None) -> str:
    return "  ".join(part for part in (name, _day(at)) if part)


def _limit(line: Line) -> str:
    if line.due_at is None:
        return ""
    mark = gettext(" (provisional)") if line.provisional else ""
    until = _moment(line.due_at) if line.to_the_minute else _day(line.due_at)
    return gettext("before {day}").format(day=until) + mark


def _day(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    day = moment.astimezone(clock.zone()).date() if isinstance(moment, datetime) else moment
    return gettext("{year}-{month}-{day}").format(year=day.year, month=day.month, day=day.day)


def _moment(moment: datetime | None) -> str:
    return f"{_day(moment)} {moment.astimezone(clock.zone()):%H:%M}" if moment else ""
