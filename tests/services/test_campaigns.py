"""Campaigns are made, changed, copied and taken from draft to finished, each illegal step refused with its reason."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from core import clock
from core.db import transaction
from core.errors import ConflictError, InvalidError, NotAllowedError
from models.audit import AuditEntry
from models.campaign import Campaign, CampaignState, CampaignTarget, VisitMode
from models.enterprise import Enterprise
from models.targets import TargetRule
from models.visit import Visit
from services.actor import SYSTEM, Actor
from services.campaigns import forms, progress, setup, states, targets
from tests.people import acting

pytestmark = pytest.mark.usefixtures("demo_database")
Step = Callable[[Actor, int], None]


@pytest.fixture
def coordinator() -> Actor:
    return acting("coordinator")


def _raw(**more: Any) -> dict[str, Any]:
    start = clock.today()
    return {
        "name": "蔬送万家", "starts_on": start, "ends_on": start + timedelta(days=10), "goal": "28",
        "purpose": "", "modes": ["on_site", "phone"], "revisit_days": 0,
    } | more  # fmt: skip


def _with_target(campaign_id: int) -> None:
    with transaction(actor=SYSTEM) as session:
        enterprise = session.exec(select(Enterprise).limit(1)).one()
        session.add(CampaignTarget(campaign_id=campaign_id, enterprise_id=enterprise.pk))


def _state(actor: Actor, campaign_id: int) -> CampaignState:
    return setup.fetch(actor, campaign_id).state


def _demo(state: CampaignState) -> int:
    with transaction(actor=SYSTEM) as session:
        return session.exec(select(Campaign).where(Campaign.state == state)).one().pk


def test_a_new_campaign_is_a_draft_of_whoever_made_it(coordinator: Actor) -> None:
    campaign = setup.fetch(coordinator, setup.save(coordinator, _raw()))

    assert campaign.state is CampaignState.DRAFT
    assert campaign.owner_id == coordinator.pk
    assert campaign.modes == [VisitMode.ON_SITE, VisitMode.PHONE]
    assert campaign.goal == 28


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"ends_on": date(2023, 1, 1)}, "ends_on"),
        ({"modes": []}, "modes"),
        ({"goal": -1}, "goal"),
        ({"revisit_days": 400}, "revisit_days"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(coordinator: Actor, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidError) as told:
        setup.save(coordinator, _raw(**wrong))

    assert list(told.value.problems) == [field]


def test_two_campaigns_cannot_have_one_name(coordinator: Actor) -> None:
    setup.save(coordinator, _raw())

    with pytest.raises(InvalidError) as told:
        setup.save(coordinator, _raw())
    assert list(told.value.problems) == ["name"]


@pytest.mark.parametrize("outsider", ["lead", "worker", "officer", "manager", "admin"])
def test_only_coordinators_set_up_campaigns(outsider: str) -> None:
    actor, campaign_id = acting(outsider), _demo(CampaignState.DRAFT)

    for refused in (
        lambda: setup.save(actor, _raw()),
        lambda: setup.copy(actor, campaign_id, _raw()),
        lambda: states.start(actor, campaign_id),
        lambda: states.finish(actor, campaign_id),
        lambda: targets.add_by_rule(actor, campaign_id, TargetRule()),
        lambda: targets.remove(actor, campaign_id, [1]),
        lambda: forms.edit(actor, campaign_id, lambda form, _taken: form),
        lambda: forms.save(actor, campaign_id),
    ):
        with pytest.raises(NotAllowedError):
            refused()


def test_a_campaign_goes_from_draft_to_finished_and_back(coordinator: Actor) -> None:
    campaign_id = setup.save(coordinator, _raw())
    _with_target(campaign_id)

    seen = [_state(coordinator, campaign_id)]
    for step in (states.start, states.pause, states.resume, states.finish):
        step(coordinator, campaign_id)
        seen.append(_state(coordinator, campaign_id))
    states.reopen(coordinator, campaign_id, "两家企业补送")
    seen.append(_state(coordinator, campaign_id))

    assert [state.value for state in seen] == ["draft", "running", "paused", "running", "finished", "running"]


ILLEGAL: list[tuple[CampaignState, list[Step]]] = [
    (CampaignState.DRAFT, [states.pause, states.resume, states.finish]),
    (CampaignState.RUNNING, [states.start, states.resume]),
    (CampaignState.PAUSED, [states.start, states.pause]),
    (CampaignState.FINISHED, [states.start, states.pause, states.resume, states.finish]),
]


@pytest.mark.parametrize(("state", "steps"), ILLEGAL)
def test_an_illegal_step_is_refused_and_says_where_the_campaign_stands(
    coordinator: Actor, state: CampaignState, steps: list[Step]
) -> None:
    campaign_id = setup.save(coordinator, _raw())
    with transaction(actor=SYSTEM) as session:
        session.get_one(Campaign, campaign_id).state = state

    for step in steps:
        with pytest.raises(ConflictError) as told:
            step(coordinator, campaign_id)
        assert told.value.params["state"]
        assert _state(coordinator, campaign_id) is state


def test_a_campaign_without_targets_does_not_start(coordinator: Actor) -> None:
    campaign_id = setup.save(coordinator, _raw())

    with pytest.raises(ConflictError):
        states.start(coordinator, campaign_id)

    assert _state(coordinator, campaign_id) is CampaignState.DRAFT


def test_a_campaign_whose_last_day_is_over_does_not_start(coordinator: Actor) -> None:
    over = clock.today() - timedelta(days=1)
    campaign_id = setup.save(coordinator, _raw(starts_on=over, ends_on=over))
    _with_target(campaign_id)

    with pytest.raises(ConflictError):
        states.start(coordinator, campaign_id)


def test_reopening_needs_a_reason_and_the_audit_log_keeps_it(coordinator: Actor) -> None:
    campaign_id = _demo(CampaignState.FINISHED)

    with pytest.raises(InvalidError):
        states.reopen(coordinator, campaign_id, "  ")
    assert _state(coordinator, campaign_id) is CampaignState.FINISHED
    states.reopen(coordinator, campaign_id, "补录三家")

    with transaction(actor=SYSTEM) as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "campaign.reopened")).one()
    assert entry.after == {"reason": "补录三家"}
    assert entry.actor_id == coordinator.account_id


def test_a_finished_campaign_is_not_changed(coordinator: Actor) -> None:
    campaign_id = _demo(CampaignState.FINISHED)

    for refused in (
        lambda: setup.save(coordinator, {"goal": 1}, campaign_id),
        lambda: targets.add_by_rule(coordinator, campaign_id, TargetRule()),
        lambda: targets.remove(coordinator, campaign_id, [1]),
        lambda: forms.edit(coordinator, campaign_id, lambda _form, _taken: []),
    ):
        with pytest.raises(ConflictError):
            refused()


def test_finishing_leaves_open_visits_as_they_are(coordinator: Actor) -> None:
    campaign_id = _demo(CampaignState.RUNNING)
    before = progress.of_campaign(coordinator, campaign_id)
    assert before.unfinished > 0

    states.finish(coordinator, campaign_id)

    assert progress.of_campaign(coordinator, campaign_id) == before


def test_a_copy_has_the_settings_the_form_and_the_filters_but_no_visits(coordinator: Actor) -> None:
    source_id = _demo(CampaignState.RUNNING)
    targets.add_by_rule(coordinator, source_id, TargetRule(search="物业"))
    day = clock.today()

    copy_id = setup.copy(coordinator, source_id, {"name": "再来一次", "starts_on": day, "ends_on": day})

    made, source = setup.fetch(coordinator, copy_id), setup.fetch(coordinator, source_id)
    assert made.state is CampaignState.DRAFT
    assert (made.goal, made.modes, made.target_rules) == (source.goal, source.modes, source.target_rules)
    form = forms.draft(coordinator, copy_id)
    assert form.questions == forms.draft(coordinator, source_id).questions
    assert (form.version, form.in_use) == (1, False)
    assert progress.of_campaign(coordinator, copy_id).targets == 0
    with transaction(actor=SYSTEM) as session:
        assert session.exec(select(Visit).where(col(Visit.campaign_id) == copy_id)).first() is None


def test_a_copy_can_take_the_same_enterprises(coordinator: Actor) -> None:
    source_id = _demo(CampaignState.RUNNING)

    copy_id = setup.copy(coordinator, source_id, _raw(), with_targets=True)

    assert (
        progress.of_campaign(coordinator, copy_id).targets == progress.of_campaign(coordinator, source_id).targets > 0
    )


def test_a_copy_with_a_name_that_is_taken_is_refused_whole(coordinator: Actor) -> None:
    source = setup.fetch(coordinator, _demo(CampaignState.RUNNING))

    with pytest.raises(InvalidError) as told:
        setup.copy(coordinator, source.pk, _raw(name=source.name))

    assert list(told.value.problems) == ["name"]
    assert len(progress.campaigns(coordinator)) == 3
