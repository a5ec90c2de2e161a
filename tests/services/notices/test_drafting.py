"""A batch until it goes out."""

import pytest

from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from models.addressees import EnterpriseChoice, StaffChoice
from models.reminder import Audience, BatchState, NoticeBatch
from services.notices import drafting, reading, sending
from tests import factories
from tests.services.notices.conftest import WORDS, Zone


def _batch(batch_id: int) -> NoticeBatch:
    return factories.rows(NoticeBatch, lambda row: row.pk == batch_id)[0]


def test_drafts_are_numbered_one_after_the_other_and_keep_whom_they_mean(zone: Zone) -> None:
    first, second = zone.draft(EnterpriseChoice.of("瓷", {"scale": ["large"]})), zone.draft()

    assert [_batch(each).number for each in (first, second)] == ["TZ-2023-0001", "TZ-2023-0002"]
    assert reading.get(zone.coordinator, first).choice == EnterpriseChoice.of("瓷", {"scale": ["large"]})
    assert _batch(first).state is BatchState.DRAFT


def test_a_draft_can_mean_staff_instead(zone: Zone) -> None:
    batch_id = zone.draft()

    drafting.choose(zone.coordinator, StaffChoice(search="王"), batch_id)

    assert _batch(batch_id).audience is Audience.STAFF
    assert reading.get(zone.coordinator, batch_id).choice == StaffChoice(search="王")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"title": ""}, "title"),
        ({"body": " "}, "body"),
        ({"title": "长" * 201}, "title"),
        ({"body": "{{ enterprise"}, "body"),
        ({"body": "{{ telephone }}"}, "body"),
        ({"title": "{{ person.__class__ }}"}, "title"),
        ({"body": "{{ cycler }}"}, "body"),
    ],
)
def test_a_missing_or_faulty_text_is_refused_at_once(zone: Zone, words: dict[str, str], field: str) -> None:
    batch_id = zone.draft()

    with pytest.raises(InvalidError) as problem:
        drafting.write(zone.coordinator, batch_id, WORDS | words)
    assert set(problem.value.problems) == {field}


def test_staff_have_no_enterprise_to_be_named(zone: Zone) -> None:
    batch_id = drafting.choose(zone.coordinator, StaffChoice())

    with pytest.raises(InvalidError):
        drafting.write(zone.coordinator, batch_id, WORDS)


def test_what_has_gone_out_is_not_changed_but_copied(zone: Zone) -> None:
    batch_id = zone.draft()
    sending.start(zone.coordinator, batch_id)

    for change in (
        lambda: drafting.write(zone.coordinator, batch_id, WORDS),
        lambda: drafting.choose(zone.coordinator, EnterpriseChoice(), batch_id),
    ):
        with pytest.raises(ConflictError):
            change()
    copied = _batch(drafting.copy(zone.coordinator, batch_id))
    assert (copied.state, copied.number, copied.started_at) == (BatchState.DRAFT, "TZ-2023-0002", None)
    assert (copied.title, copied.body, copied.matter) == (WORDS["title"], WORDS["body"], WORDS["matter"])


def test_matters_so_far_are_offered_the_latest_first(zone: Zone) -> None:
    for matter in ("年报", "许可", "年报"):
        zone.draft(matter=matter)

    assert drafting.matters(zone.coordinator) == ["年报", "许可"]


@pytest.mark.parametrize("who", ["manager", "lead", "officer"])
def test_nobody_else_writes_notices(zone: Zone, who: str) -> None:
    batch_id, outsider = zone.draft(), getattr(zone, who)

    for deed in (
        lambda: drafting.choose(outsider, EnterpriseChoice()),
        lambda: drafting.write(outsider, batch_id, WORDS),
        lambda: drafting.copy(outsider, batch_id),
        lambda: drafting.matters(outsider),
    ):
        with pytest.raises(NotAllowedError):
            deed()


def test_a_batch_that_is_not_there_is_not_found(zone: Zone) -> None:
    with pytest.raises(NotFoundError):
        drafting.write(zone.coordinator, 999_999, WORDS)
