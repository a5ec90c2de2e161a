"""A form's draft loses no typing, a form in use gets a next version, and old records keep theirs."""

from itertools import count

import pytest
from sqlmodel import col, select

from core.db import transaction
from core.errors import ConflictError, InvalidError, NotFoundError
from models import forms as rules
from models.account import Role
from models.campaign import Campaign, CampaignState, FormVersion
from models.fields import FieldKind
from models.forms import Question
from models.visit import Visit, VisitState
from services.actor import SYSTEM, Actor
from services.campaigns import forms
from tests.people import acting, hired

pytestmark = pytest.mark.usefixtures("demo_database")
_numbers = count(1)


@pytest.fixture
def coordinator() -> Actor:
    return acting("coordinator")


def _campaign(state: CampaignState) -> int:
    with transaction(actor=SYSTEM) as session:
        return session.exec(select(Campaign).where(Campaign.state == state)).one().pk


def _versions(campaign_id: int) -> list[FormVersion]:
    with transaction(actor=SYSTEM) as session:
        found = select(FormVersion).where(FormVersion.campaign_id == campaign_id)
        return list(session.exec(found.order_by(col(FormVersion.version))))


def _add(actor: Actor, campaign_id: int, label: str = "", kind: FieldKind = FieldKind.TEXT) -> str:
    added = f"q-{next(_numbers)}"

    def change(form: list[Question], taken: frozenset[str]) -> list[Question]:
        grown = rules.add(form, kind, taken=taken)
        return [*grown[:-1], grown[-1].model_copy(update={"label": label or added})]

    forms.edit(actor, campaign_id, change)
    return forms.draft(actor, campaign_id).questions[-1].key


def test_an_edit_is_kept_until_it_is_saved_and_seen_by_nobody_else(coordinator: Actor) -> None:
    campaign_id, other = _campaign(CampaignState.DRAFT), hired("second", Role.COORDINATOR)
    before = _versions(campaign_id)[-1].questions

    _add(coordinator, campaign_id, "认捐颗数")

    assert forms.draft(coordinator, campaign_id).questions[-1].label == "认捐颗数"
    assert forms.draft(coordinator, campaign_id).changed
    assert not forms.draft(other, campaign_id).changed
    assert _versions(campaign_id)[-1].questions == before


def test_a_form_no_record_uses_is_changed_in_place(coordinator: Actor) -> None:
    campaign_id = _campaign(CampaignState.DRAFT)
    _add(coordinator, campaign_id, "认捐颗数")

    version = forms.save(coordinator, campaign_id)

    assert version == 1
    (only,) = _versions(campaign_id)
    assert only.specs()[-1].label == "认捐颗数"
    assert not forms.draft(coordinator, campaign_id).changed


def test_a_form_in_use_gets_the_next_version_and_old_records_keep_and_show_theirs(coordinator: Actor) -> None:
    campaign_id = _campaign(CampaignState.RUNNING)
    before = _versions(campaign_id)
    with transaction(actor=SYSTEM) as session:
        visit = session.exec(
            select(Visit).where(Visit.form_version_id == before[-1].pk, Visit.state == VisitState.RECORDED).limit(1)
        ).one()

    assert forms.draft(coordinator, campaign_id).in_use
    first = forms.draft(coordinator, campaign_id).questions[-1]
    forms.edit(coordinator, campaign_id, lambda form, _taken: rules.remove(form, first.key))
    version = forms.save(coordinator, campaign_id)

    after = _versions(campaign_id)
    assert version == before[-1].version + 1 == after[-1].version
    assert [v.questions for v in after[:-1]] == [v.questions for v in before]
    with transaction(actor=SYSTEM) as session:
        record = session.get_one(Visit, visit.pk)
        shown = session.get_one(FormVersion, record.form_version_id)
        assert first.key in [spec.key for spec in shown.specs()]
        assert record.answers == visit.answers
    assert first.key not in [spec.key for spec in after[-1].specs()]


def test_a_key_that_records_answer_never_comes_back_for_another_question(coordinator: Actor) -> None:
    campaign_id = _campaign(CampaignState.RUNNING)
    key = _add(coordinator, campaign_id)
    version = forms.save(coordinator, campaign_id)
    with transaction(actor=SYSTEM) as session:
        form = session.exec(select(FormVersion).where(FormVersion.campaign_id == campaign_id)).all()
        visit = session.exec(select(Visit).where(Visit.campaign_id == campaign_id).limit(1)).one()
        visit.form_version_id = next(each.pk for each in form if each.version == version)
    assert key in forms.draft(coordinator, campaign_id).answered

    forms.edit(coordinator, campaign_id, lambda form, _taken: rules.remove(form, key))
    forms.save(coordinator, campaign_id)

    assert _add(coordinator, campaign_id) != key


def test_a_draft_that_equals_the_saved_form_again_is_no_change(coordinator: Actor) -> None:
    campaign_id = _campaign(CampaignState.DRAFT)
    key = _add(coordinator, campaign_id)

    forms.edit(coordinator, campaign_id, lambda form, _taken: rules.remove(form, key))

    assert not forms.draft(coordinator, campaign_id).changed


def test_discarding_shows_the_saved_form_again(coordinator: Actor) -> None:
    campaign_id = _campaign(CampaignState.DRAFT)
    saved = forms.draft(coordinator, campaign_id).questions
    _add(coordinator, campaign_id)

    forms.discard(coordinator, campaign_id)

    assert forms.draft(coordinator, campaign_id).questions == saved


def test_a_form_that_is_not_whole_is_kept_as_a_draft_but_not_saved(coordinator: Actor) -> None:
    campaign_id = _campaign(CampaignState.DRAFT)
    forms.edit(coordinator, campaign_id, lambda form, taken: rules.add(form, FieldKind.CHOICE, taken=taken))
    new = forms.draft(coordinator, campaign_id).questions[-1]

    with pytest.raises(InvalidError) as told:
        forms.save(coordinator, campaign_id)

    assert list(told.value.problems) == [new.key] == list(forms.draft(coordinator, campaign_id).problems)
    assert forms.draft(coordinator, campaign_id).questions[-1] == new


def test_of_two_who_edit_at_once_the_second_is_told_by_whom_and_loses_nothing(coordinator: Actor) -> None:
    campaign_id, other = _campaign(CampaignState.DRAFT), hired("second", Role.COORDINATOR)
    _add(coordinator, campaign_id, "认捐颗数")
    _add(other, campaign_id, "感谢语")
    forms.save(coordinator, campaign_id)

    with pytest.raises(ConflictError) as told:
        forms.save(other, campaign_id)

    assert coordinator.name in str(told.value)
    draft = forms.draft(other, campaign_id)
    assert draft.overtaken
    assert draft.questions[-1].label == "感谢语"
    assert _versions(campaign_id)[-1].specs()[-1].label == "认捐颗数"


def test_the_second_may_take_theirs_or_put_the_own_in_its_place(coordinator: Actor) -> None:
    campaign_id, other = _campaign(CampaignState.DRAFT), hired("second", Role.COORDINATOR)
    _add(coordinator, campaign_id, "认捐颗数")
    _add(other, campaign_id, "感谢语")
    forms.save(coordinator, campaign_id)

    forms.save(other, campaign_id, over_theirs=True)

    labels = [spec.label for spec in _versions(campaign_id)[-1].specs()]
    assert "感谢语" in labels
    assert "认捐颗数" not in labels


def test_a_form_can_begin_with_that_of_another_campaign(coordinator: Actor) -> None:
    campaign_id, source_id = _campaign(CampaignState.DRAFT), _campaign(CampaignState.RUNNING)

    forms.take_from(coordinator, campaign_id, source_id)

    assert forms.draft(coordinator, campaign_id).questions == forms.draft(coordinator, source_id).questions


def test_there_is_no_form_of_a_campaign_that_does_not_exist(coordinator: Actor) -> None:
    with pytest.raises(NotFoundError):
        forms.draft(coordinator, 999)
