"""Classes as a workbook: one a line, with who is in charge, the measure and what it has changed."""

from typing import Any

from sqlmodel import col, select

from core.i18n import N_, gettext
from models.fields import FieldKind, FieldSpec
from models.issue_class import RULED_STATES, IssueClass
from services import access, audit_trail, exporting
from services.actor import Actor
from services.classes.reading import Shown, shown_in
from services.classes.wording import effect_sentence
from services.permissions import Action
from services.use_case import use_case

_COLUMNS = (
    FieldSpec(key="title", label=N_("What they have in common")),
    FieldSpec(key="category", label=N_("Category")),
    FieldSpec(key="state", label=N_("State")),
    FieldSpec(key="department", label=N_("Department in charge")),
    FieldSpec(key="owner", label=N_("Person in charge")),
    FieldSpec(key="measure", label=N_("Reform measure")),
    FieldSpec(key="due_on", label=N_("To take effect by"), kind=FieldKind.DATE),
    FieldSpec(key="in_force_on", label=N_("In force since"), kind=FieldKind.DATE),
    FieldSpec(key="issues", label=N_("Issues it holds"), kind=FieldKind.INTEGER),
    FieldSpec(key="enterprises", label=N_("Enterprises"), kind=FieldKind.INTEGER),
    FieldSpec(key="effect", label=N_("Effect")),
    FieldSpec(key="conclusion", label=N_("Conclusion")),
)


def workbook(actor: Actor) -> bytes:
    """Return all confirmed classes as an Excel file; the audit log notes it.

    Raises:
        NotAllowedError: the role may not see classes.
    """
    with use_case(actor, Action.CLASS_VIEW) as session:
        statement = select(IssueClass).where(
            col(IssueClass.state).in_(RULED_STATES), access.condition(actor, Action.CLASS_VIEW, IssueClass)
        )
        found = shown_in(session, session.exec(statement.order_by(col(IssueClass.id).desc())).all())
        audit_trail.note(session, "issue_class", "", "exported", rows=len(found))
        return exporting.workbook(gettext(N_("Classes of issues")), _COLUMNS, [_line(each) for each in found])


def _line(shown: Shown) -> dict[str, Any]:
    row = shown.row
    return {
        "title": row.title, "category": shown.category, "state": gettext(row.state.label),
        "department": shown.department, "owner": shown.owner, "measure": row.measure, "due_on": row.due_on,
        "in_force_on": row.in_force_on, "issues": shown.issues, "enterprises": shown.enterprises,
        "effect": effect_sentence(shown.effect) if shown.effect else "", "conclusion": row.conclusion,
    }  # fmt: skip
