"""Answers are summed up for whoever may see the visits, and go out whole as a workbook."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from core.db import transaction
from core.errors import NotAllowedError
from models.audit import AuditEntry
from models.campaign import Campaign, CampaignState, FormVersion
from models.fields import FieldKind, FieldSpec
from models.visit import Visit, VisitState
from services.actor import SYSTEM
from services.campaigns import answers
from tests.people import acting

pytestmark = pytest.mark.usefixtures("demo_database")


@pytest.fixture
def campaign_id() -> int:
    with transaction(actor=SYSTEM) as session:
        return session.exec(select(Campaign).where(Campaign.state == CampaignState.RUNNING)).one().pk


def _recorded(campaign_id: int) -> list[Visit]:
    with transaction(actor=SYSTEM) as session:
        found = select(Visit).where(Visit.campaign_id == campaign_id, Visit.state == VisitState.RECORDED)
        return list(session.exec(found))


def test_a_coordinator_sees_what_all_records_add_up_to(campaign_id: int) -> None:
    visits = _recorded(campaign_id)

    count, summaries = answers.summaries(acting("coordinator"), campaign_id)

    assert count == len(visits) > 0
    choice = next(each for each in summaries if each.spec.kind is FieldKind.CHOICE)
    given = [visit.answers[choice.spec.key] for visit in visits if visit.answers.get(choice.spec.key)]
    assert sum(choice.counts.values()) == len(given) == choice.answered
    for option in choice.spec.options:
        assert choice.counts[option.label] == given.count(option.value)


def test_a_lead_sees_those_of_their_area_and_an_officer_none(campaign_id: int) -> None:
    count, _summaries = answers.summaries(acting("lead"), campaign_id)

    assert 0 < count < len(_recorded(campaign_id))
    with pytest.raises(NotAllowedError):
        answers.summaries(acting("officer"), campaign_id)


def test_the_workbook_has_every_record_with_all_answers_and_the_export_is_audited(campaign_id: int) -> None:
    coordinator, visits = acting("coordinator"), _recorded(campaign_id)

    book = load_workbook(BytesIO(answers.export(coordinator, campaign_id)))

    rows = list(book.active.iter_rows(values_only=True))
    with transaction(actor=SYSTEM) as session:
        form = session.exec(
            select(FormVersion).where(FormVersion.campaign_id == campaign_id, FormVersion.version == 2)
        ).one()
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "campaign.answers_exported")).one()
    assert len(rows) == len(visits) + 1
    assert {spec.label for spec in form.specs()} <= set(rows[0])
    assert entry.after == {"rows": len(visits)}


def test_a_worker_exports_nothing(campaign_id: int) -> None:
    with pytest.raises(NotAllowedError):
        answers.export(acting("worker"), campaign_id)


def test_phone_numbers_in_answers_are_masked_for_whoever_may_not_see_them(campaign_id: int) -> None:
    with transaction(actor=SYSTEM) as session:
        spec = FieldSpec(key="q9", label="收货人电话", kind=FieldKind.PHONE)
        session.add(FormVersion(campaign_id=campaign_id, version=9, questions=[spec.model_dump(mode="json")]))
        visit = session.get_one(Visit, _recorded(campaign_id)[0].pk)
        visit.answers = {**visit.answers, "q9": "+8613805330001"}

    def latest(username: str) -> str:
        _count, summaries = answers.summaries(acting(username), campaign_id)
        return next(each for each in summaries if each.spec.key == "q9").latest[0][0]

    assert latest("coordinator") == "+8613805330001"
    assert "0533" not in latest("manager")
