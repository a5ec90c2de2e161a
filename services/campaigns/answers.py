"""What the visits of a campaign brought back: summed up by question, and as a workbook."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Record
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from core.clock import zone
from core.i18n import N_, gettext
from models.account import Account
from models.answers import Answers, Summary, merged, summarise
from models.area import Area
from models.campaign import Campaign, FormVersion, VisitMode
from models.enterprise import Enterprise
from models.fields import FieldKind, FieldSpec, Option
from models.team import Team
from models.visit import Attachment, Outcome, Visit, VisitState
from services import access, audit_trail
from services.actor import Actor
from services.exporting import workbook
from services.permissions import Action
from services.phones import readable
from services.use_case import use_case

_OWN = [
    FieldSpec(key="v_enterprise", label=N_("Enterprise")),
    FieldSpec(key="v_credit_code", label=N_("Credit code")),
    FieldSpec(key="v_area", label=N_("Area")),
    FieldSpec(key="v_team", label=N_("Team")),
    FieldSpec(key="v_visitor", label=N_("Visitor")),
    FieldSpec(key="v_recorded_at", label=N_("Recorded at"), kind=FieldKind.MOMENT),
    FieldSpec(
        key="v_mode", label=N_("Mode"), kind=FieldKind.CHOICE,
        options=tuple(Option(value=mode.value, label=mode.label) for mode in VisitMode),
    ),
    FieldSpec(
        key="v_outcome", label=N_("Outcome"), kind=FieldKind.CHOICE,
        options=tuple(Option(value=outcome.value, label=outcome.label) for outcome in Outcome),
    ),
    FieldSpec(key="v_met_person", label=N_("Who was met")),
    FieldSpec(key="v_summary", label=N_("Summary"), kind=FieldKind.LONG_TEXT),
]  # fmt: skip


def summaries(actor: Actor, campaign_id: int) -> tuple[int, list[Summary]]:
    """Return how many records `actor` may see of a campaign, and what each question's answers add up to.

    Raises:
        NotFoundError: there is no such campaign or the actor may not see it.
    """
    with use_case(actor, Action.VISIT_VIEW) as session:
        access.load(session, actor, Action.CAMPAIGN_VIEW, Campaign, campaign_id)
        questions = _questions(session, campaign_id)
        records = [
            Answers(
                readable(actor, questions, row.answers), row.v_enterprise, row.v_recorded_at.astimezone(zone()).date()
            )
            for row in _records(session, actor, Action.VISIT_VIEW, campaign_id)
        ]
        return len(records), summarise(questions, records)


def export(actor: Actor, campaign_id: int) -> bytes:
    """Return every record of a campaign that `actor` may export, with all answers, as a workbook.

    Raises:
        NotAllowedError: the role may not export visits.
        NotFoundError: there is no such campaign or the actor may not see it.
    """
    with use_case(actor, Action.VISIT_EXPORT) as session:
        campaign = access.load(session, actor, Action.CAMPAIGN_VIEW, Campaign, campaign_id)
        questions = _questions(session, campaign_id)
        files = _file_names(session, campaign_id)
        records = list(_records(session, actor, Action.VISIT_EXPORT, campaign_id))
        columns = [*_OWN, *(_column(spec) for spec in questions)]
        rows = (_row(actor, record, questions, files) for record in records)
        content = workbook(campaign.name, columns, rows)
        audit_trail.note(session, "campaign", campaign_id, "answers_exported", rows=len(records))
        return content


def _day(moment: datetime) -> date:
    return moment.astimezone(zone()).date()


def _questions(session: Session, campaign_id: int) -> list[FieldSpec]:
    versions = session.exec(
        select(FormVersion).where(FormVersion.campaign_id == campaign_id).order_by(col(FormVersion.version))
    )
    return merged([version.specs() for version in versions])


def _records(session: Session, actor: Actor, action: Action, campaign_id: int) -> Iterable[Record[Any]]:
    visitor = aliased(Account)
    statement = (
        select_columns(
            col(Visit.answers),
            col(Enterprise.name).label("v_enterprise"),
            col(Enterprise.credit_code).label("v_credit_code"),
            col(Area.name).label("v_area"),
            col(Team.name).label("v_team"),
            col(visitor.name).label("v_visitor"),
            col(Visit.recorded_at).label("v_recorded_at"),
            col(Visit.mode).label("v_mode"),
            col(Visit.outcome).label("v_outcome"),
            col(Visit.met_person).label("v_met_person"),
            col(Visit.summary).label("v_summary"),
        )
        .join(Enterprise, col(Enterprise.id) == col(Visit.enterprise_id))
        .join(Area, col(Area.id) == col(Visit.area_id))
        .join(Team, col(Team.id) == col(Visit.team_id))
        .outerjoin(visitor, col(visitor.id) == col(Visit.recorded_by_id))
        .where(col(Visit.campaign_id) == campaign_id, col(Visit.state) == VisitState.RECORDED)
        .where(access.condition(actor, action, Visit))
        .order_by(col(Visit.recorded_at).desc(), col(Visit.id).desc())
    )
    return session.execute(statement)


def _file_names(session: Session, campaign_id: int) -> dict[int, str]:
    visits = select(Visit.id).where(Visit.campaign_id == campaign_id)
    found = select(Attachment).where(Attachment.subject == "visit", col(Attachment.subject_id).in_(visits))
    return {row.pk: row.file_name for row in session.exec(found)}


def _column(spec: FieldSpec) -> FieldSpec:
    kind = FieldKind.TEXT if spec.kind is FieldKind.ATTACHMENT else spec.kind
    return spec.model_copy(update={"key": f"a_{spec.key}"[:48], "kind": kind})


def _row(actor: Actor, record: Record[Any], questions: list[FieldSpec], files: Mapping[int, str]) -> dict[str, Any]:
    answers = readable(actor, questions, record.answers)
    for spec in questions:
        if spec.kind is FieldKind.ATTACHMENT:
            ids = answers.get(spec.key) or []
            answers[spec.key] = gettext(", ").join(files.get(row_id, str(row_id)) for row_id in ids)
    own = {spec.key: getattr(record, spec.key) for spec in _OWN}
    return {**own, **{_column(spec).key: answers.get(spec.key) for spec in questions}}
