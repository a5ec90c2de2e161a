"""Issues: what enterprises said during visits. Their life cycle beyond registration is built on these rows."""

from typing import Any

from sqlmodel import Field

from core.i18n import N_
from models.base import LabelledEnum, Row, Table, column, json_column, search_column, search_index


class IssueKind(LabelledEnum):
    """What kind of need an issue is."""

    SUGGESTION = "suggestion", N_("Suggestion")
    DIFFICULT_ISSUE = "difficult_issue", N_("Difficult issue")
    ENQUIRY = "enquiry", N_("Enquiry")


class IssueState(LabelledEnum):
    """Where an issue stands."""

    REGISTERED = "registered", N_("Registered")
    RESOLVED_ON_SITE = "resolved_on_site", N_("Resolved on site")
    RESOLVED = "resolved", N_("Resolved")


class Issue(Row, table=True):
    """A need an enterprise raised."""

    __table_args__ = (search_index("issue"),)

    number: str = column(N_("Entry no."), unique=True, max_length=20, listed=True, editable=False)
    kind: IssueKind = column(N_("Kind"), choices=IssueKind, listed=True, filterable=True)
    state: IssueState = column(
        N_("State"), choices=IssueState, default=IssueState.REGISTERED, listed=True, filterable=True
    )
    text: str = column(N_("What the enterprise said"), max_length=4000, listed=True, searchable=True)
    category: str = column(
        N_("Category"), default="", max_length=64, choice_list="issue_category", listed=True, filterable=True
    )
    solution: str = column(N_("How it was resolved"), default="", max_length=4000)
    enterprise_id: int = column(N_("Enterprise"), foreign_key="enterprise.id", index=True, reference="enterprise")
    visit_id: int | None = Field(default=None, foreign_key="visit.id", index=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    registered_by_id: int = Field(foreign_key="account.id")
    department_id: int | None = column(
        N_("Department"), default=None, foreign_key="department.id", reference="department", filterable=True
    )
    extra: dict[str, Any] = json_column()
    search_text: str = search_column("number", "text")


class NumberSeries(Table, table=True):
    """The last number given out in a series; its row lock keeps the series without gaps."""

    __tablename__ = "number_series"
    audited = False

    name: str = Field(primary_key=True, max_length=30)
    """Prefix and year, for example `QY-2026`."""
    last: int = Field(default=0)
