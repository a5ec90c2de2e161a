"""Recording a visit: all or nothing, by the assignee only, while the campaign runs, and once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from threading import Barrier

import pytest
from PIL import Image

from core import clock
from core.db import transaction
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError, UserError
from models.campaign import Campaign, CampaignState, FormVersion
from models.configuration import Extensible, ExtraField
from models.enterprise import Contact
from models.fields import FieldKind
from models.issue import Issue, IssueState
from models.visit import Attachment, Outcome, Promise, Visit, VisitDraft, VisitState
from services import attachments
from services.actor import SYSTEM
from services.visits import drafts, files, recording, review, unplanned
from services.visits.content import Content, FileEntry, IssueEntry, PromiseEntry
from tests.visit_world import FORM, World, everything, one, put, recorded, refreshed


def photo(colour: str = "red") -> BytesIO:
    stream = BytesIO()
    Image.new("RGB", (800, 600), colour).save(stream, "JPEG")
    stream.seek(0)
    return stream


def filled(**more: object) -> Content:
    values = {"mode": "on_site", "outcome": "met", "met_person": "赵厂长", "answers": {"state": "steady"}}
    return Content(**(values | more))  # type: ignore[arg-type]


def everything_entered(world: World, visit: Visit) -> Content:
    worker = world.actor("worker_1a")
    contact = everything(Contact)[0]
    return filled(
        met=[contact.pk],
        met_phone="13900000002",
        answers={"state": "falling", "reason": "订单减少", "next_contact": "2024-01-05"},
        files={"licence": [files.take_in(worker, visit.pk, photo("blue"), "执照.jpg", photos_only=False)]},
        photos=[files.take_in(worker, visit.pk, photo(), "门头.jpg")],
        issues=[
            IssueEntry(uid="1", kind="difficult_issue", text="贷款难", category="finance"),
            IssueEntry(uid="2", kind="enquiry", text="怎么办执照", resolved=True, solution="当场讲清楚"),
        ],
        promises=[PromiseEntry(uid="1", text="我去问清楚再答复您", due_on=clock.today() + timedelta(days=3))],
        summary="谈了半小时。",
    )


def test_a_hand_in_stores_visit_issues_promises_attachments_and_contact(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    content = everything_entered(world, visit)
    registered = recording.hand_in(world.actor("worker_1a"), visit.pk, visit.version, content)

    stored = refreshed(Visit, visit.pk)
    assert (stored.state, stored.outcome) == (VisitState.RECORDED, Outcome.MET)
    assert (stored.met_person, stored.met_phone) == ("王经理、赵厂长", "+8613900000002")
    assert stored.recorded_at == clock.now()
    attachments = everything(Attachment)
    assert [(row.field, row.file_name, row.media_type) for row in attachments] == [
        ("licence", "执照.jpg", "image/jpeg"),
        ("", "门头.jpg", "image/jpeg"),
    ]
    assert stored.answers == {
        "state": "falling", "reason": "订单减少", "next_contact": "2024-01-05", "licence": [attachments[0].pk],
    }  # fmt: skip
    assert [each.number for each in registered] == ["QY-2023-000001", "QY-2023-000002"]
    issues = everything(Issue)
    assert [(row.number, row.state) for row in issues] == [
        ("QY-2023-000001", IssueState.REGISTERED),
        ("QY-2023-000002", IssueState.RESOLVED_ON_SITE),
    ]
    assert {row.area_id for row in issues} == {visit.area_id}
    assert [(row.text, row.promised_by_id) for row in everything(Promise)] == [
        ("我去问清楚再答复您", world.people["worker_1a"].pk)
    ]
    assert [(row.name, row.phone) for row in everything(Contact)] == [
        ("王经理", "+8613800000001"),
        ("赵厂长", "+8613900000002"),
    ]


def test_whatever_is_wrong_is_told_at_its_field_and_nothing_is_stored(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    content = Content(
        mode="on_site", outcome="met", met_phone="1", answers={"state": "falling"},
        issues=[IssueEntry(uid="4", kind=None, resolved=True)], promises=[PromiseEntry(uid="7")],
    )  # fmt: skip
    with pytest.raises(InvalidError) as problem:
        recording.hand_in(world.actor("worker_1a"), visit.pk, visit.version, content)
    of_all = {
        "answers.reason", "issues.4.kind", "issues.4.text", "issues.4.solution", "promises.7.text", "promises.7.due_on",
    }  # fmt: skip
    assert set(problem.value.problems) == {"met_person", *of_all}  # a number of nobody named is none
    with pytest.raises(InvalidError) as named:
        recording.hand_in(
            world.actor("worker_1a"), visit.pk, visit.version, content.model_copy(update={"met_person": "王芳"})
        )
    assert set(named.value.problems) == {"met_phone", *of_all}
    assert refreshed(Visit, visit.pk).state is VisitState.PLANNED
    assert not everything(Issue)


def test_an_empty_form_asks_for_mode_and_outcome(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    with pytest.raises(InvalidError) as problem:
        recording.hand_in(world.actor("worker_1a"), visit.pk, visit.version, Content())
    assert {"mode", "outcome"} <= set(problem.value.problems)


@pytest.mark.parametrize("outcome", ["refused", "not_found", "moved_away"])
def test_where_nobody_was_met_a_note_is_enough(world: World, outcome: str) -> None:
    visit = world.visit("one", "worker_1a")
    worker = world.actor("worker_1a")
    with pytest.raises(InvalidError) as problem:
        recording.hand_in(worker, visit.pk, visit.version, Content(mode="on_site", outcome=outcome))
    assert set(problem.value.problems) == {"summary"}
    recording.hand_in(worker, visit.pk, visit.version, Content(mode="on_site", outcome=outcome, summary="门锁着"))
    stored = refreshed(Visit, visit.pk)
    assert (stored.state, stored.outcome, stored.summary) == (VisitState.RECORDED, outcome, "门锁着")


def test_a_number_of_nobody_named_is_not_kept(world: World) -> None:
    """Given a name that was cleared again, the number typed for it is neither stored nor asked to be put right."""
    visit = world.visit("one", "worker_1a")
    contact = everything(Contact)[0]
    content = filled(met=[contact.pk], met_person=" ", met_phone="1390000")

    recording.hand_in(world.actor("worker_1a"), visit.pk, 1, content)

    stored = refreshed(Visit, visit.pk)
    assert (stored.met_person, stored.met_phone) == (contact.name, contact.phone)


def test_an_administrators_own_fields_are_asked_for_and_kept(world: World) -> None:
    for entity in (Extensible.VISIT, Extensible.ISSUE):
        put(ExtraField(entity=entity, key="weather", label="天气", kind=FieldKind.TEXT, required=True))
    visit = world.visit("one", "worker_1a")
    worker = world.actor("worker_1a")
    issue = IssueEntry(uid="1", kind="enquiry", text="问一下")
    with pytest.raises(InvalidError) as problem:
        recording.hand_in(worker, visit.pk, visit.version, filled(issues=[issue]))
    assert set(problem.value.problems) == {"extra.weather", "issues.1.extra.weather"}
    complete = filled(extra={"weather": "雨"}, issues=[issue.model_copy(update={"extra": {"weather": "晴"}})])
    recording.hand_in(worker, visit.pk, visit.version, complete)
    assert refreshed(Visit, visit.pk).extra == {"weather": "雨"}
    assert everything(Issue)[0].extra == {"weather": "晴"}


@pytest.mark.parametrize("answer", ["mode=on_site", "outcome=met"])
def test_an_own_field_is_asked_after_how_the_visit_was_made(world: World, answer: str) -> None:
    field = ExtraField(entity=Extensible.VISIT, key="weather", label="天气", kind=FieldKind.TEXT, required=True)
    put(field.sqlmodel_update({"shown_if": [answer]}))
    visit, worker = world.visit("one", "worker_1a"), world.actor("worker_1a")

    with pytest.raises(InvalidError) as problem:
        recording.hand_in(worker, visit.pk, visit.version, filled())
    recording.hand_in(worker, visit.pk, visit.version, filled(extra={"weather": "雨"}))

    assert set(problem.value.problems) == {"extra.weather"}
    assert refreshed(Visit, visit.pk).extra == {"weather": "雨"}


@pytest.mark.parametrize("who", ["worker_2a", "lead_a", "worker_3b"])
def test_only_the_assignee_records(world: World, who: str) -> None:
    visit = world.visit("one", "worker_1a")
    with pytest.raises(NotFoundError):
        recording.hand_in(world.actor(who), visit.pk, visit.version, filled())
    with pytest.raises(NotFoundError):
        recording.sheet(world.actor(who), visit.pk)


@pytest.mark.parametrize("who", ["coordinator", "manager", "officer", "admin"])
def test_other_roles_record_nothing(world: World, who: str) -> None:
    visit = world.visit("one", "worker_1a")
    with pytest.raises(NotAllowedError):
        recording.hand_in(world.actor(who), visit.pk, visit.version, filled())


def test_a_lead_records_their_own_visit(world: World) -> None:
    visit = world.visit("one", "lead_a")
    recording.hand_in(world.actor("lead_a"), visit.pk, visit.version, filled())
    assert refreshed(Visit, visit.pk).state is VisitState.RECORDED


@pytest.mark.parametrize("state", [CampaignState.PAUSED, CampaignState.FINISHED])
def test_nothing_is_recorded_while_the_campaign_does_not_run(world: World, state: CampaignState) -> None:
    visit = world.visit("one", "worker_1a")
    world.set_state(state)
    with pytest.raises(ConflictError):
        recording.hand_in(world.actor("worker_1a"), visit.pk, visit.version, filled())


def test_a_visit_taken_back_is_refused_in_plain_words(world: World) -> None:
    visit = world.visit("one", "worker_1a", state=VisitState.TAKEN_BACK)
    with pytest.raises(ConflictError, match="收回"):
        recording.sheet(world.actor("worker_1a"), visit.pk)


def test_a_visit_changed_meanwhile_is_refused(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    with pytest.raises(ConflictError):
        recording.hand_in(world.actor("worker_1a"), visit.pk, visit.version - 1, filled())


def test_a_double_tap_makes_one_record(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    worker = world.actor("worker_1a")
    start = Barrier(2)

    def tap(_number: int) -> str:
        start.wait()
        try:
            content = filled(issues=[IssueEntry(uid="1", kind="suggestion", text="多开窗口")])
            return recording.hand_in(worker, visit.pk, visit.version, content)[0].number
        except ConflictError:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(tap, range(2))) == ["QY-2023-000001", "refused"]
    assert len(everything(Issue)) == 1


def test_numbers_have_neither_gaps_nor_doubles(world: World) -> None:
    visits = [world.visit(name, "worker_1a") for name in ("one", "two", "three", "four")]
    worker = world.actor("worker_1a")

    def record(visit: Visit) -> list[str]:
        issues = [IssueEntry(uid=str(n), kind="enquiry", text=f"问题{n}") for n in range(5)]
        found = recording.hand_in(worker, visit.pk, visit.version, filled(issues=issues))
        return [each.number for each in found]

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for found in pool.map(record, visits) for number in found]
    assert sorted(numbers) == [f"QY-2023-{n:06d}" for n in range(1, 21)]


def test_a_draft_is_kept_until_the_hand_in_and_the_other_devices_is_told(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    worker = world.actor("worker_1a")
    first, other = drafts.save_draft(worker, visit.pk, Content(summary="手机上写的"), None)
    assert other is None
    clock.advance(timedelta(minutes=1))
    second, other = drafts.save_draft(worker, visit.pk, Content(summary="电脑上写的"), None)
    assert other is not None
    assert (other.content.summary, other.saved_at) == ("手机上写的", first)
    draft = recording.sheet(worker, visit.pk).draft
    assert draft is not None
    assert (draft.content.summary, draft.saved_at) == ("电脑上写的", second)
    recording.hand_in(worker, visit.pk, visit.version, filled())
    assert not everything_drafted()


def test_a_draft_of_somebody_elses_visit_is_refused(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    with pytest.raises(NotFoundError):
        drafts.save_draft(world.actor("worker_2a"), visit.pk, Content(), None)


def test_an_enterprise_of_the_own_grid_can_be_visited_unasked(world: World) -> None:
    worker = world.actor("worker_1a")
    visit_id = unplanned.start(worker, world.campaign.pk, world.enterprises["two"].pk)
    recording.hand_in(worker, visit_id, 1, filled())
    assert refreshed(Visit, visit_id).state is VisitState.RECORDED


def test_an_enterprise_of_another_grid_cannot(world: World) -> None:
    with pytest.raises(NotFoundError):
        unplanned.start(world.actor("worker_1a"), world.campaign.pk, world.enterprises["three"].pk)


def test_an_unplanned_visit_to_an_assigned_enterprise_is_refused_by_name(world: World) -> None:
    world.visit("one", "worker_2a")
    with pytest.raises(ConflictError, match="worker_2a"):
        unplanned.start(world.actor("worker_1a"), world.campaign.pk, world.enterprises["one"].pk)


def test_an_unplanned_visit_is_warned_about_and_can_be_given_up(world: World) -> None:
    worker, enterprise = world.actor("worker_1a"), world.enterprises["two"]
    recorded(world.visit("two", "worker_2a"), days_ago=3, outcome=Outcome.MET)
    last = unplanned.warning(worker, world.campaign.pk, enterprise.pk)
    assert last is not None
    assert last.visitor == "worker_2a"
    visit_id = unplanned.start(worker, world.campaign.pk, enterprise.pk)
    unplanned.drop(worker, visit_id)
    assert refreshed(Visit, visit_id).state is VisitState.TAKEN_BACK


def test_an_assigned_visit_cannot_be_given_up_by_the_worker(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    with pytest.raises(ConflictError):
        unplanned.drop(world.actor("worker_1a"), visit.pk)


def test_a_returned_record_is_completed_on_the_form_it_was_begun_on(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    worker = world.actor("worker_1a")
    recording.hand_in(worker, visit.pk, visit.version, everything_entered(world, visit))
    review.give_back(world.actor("lead_a"), visit.pk, "请补充小结")
    newer = FormVersion(campaign_id=world.campaign.pk, version=2, questions=[FORM[2].model_dump(mode="json")])
    put(newer)

    sheet = recording.sheet(worker, visit.pk)
    assert sheet.return_reason == "请补充小结"
    assert [spec.key for spec in sheet.questions] == [spec.key for spec in FORM]
    assert len(sheet.kept_issues) == 2
    assert sheet.start.answers["reason"] == "订单减少"
    assert [entry.file_name for entry in sheet.start.photos] == ["门头.jpg"]
    completed = sheet.start.model_copy(update={"summary": "补充好了", "photos": []})
    assert recording.hand_in(worker, visit.pk, sheet.version, completed) == []

    stored = refreshed(Visit, visit.pk)
    assert (stored.state, stored.summary, stored.return_reason) == (VisitState.RECORDED, "补充好了", "")
    assert len(everything(Issue)) == 2
    assert [row.file_name for row in everything(Attachment)] == ["执照.jpg"]
    assert len(everything(Contact)) == 2
    steps = review.record(worker, visit.pk).history
    assert [(step.by, step.state, step.reason) for step in steps[1:]] == [
        ("worker_1a", VisitState.RECORDED, ""),
        ("lead_a", VisitState.RETURNED, "请补充小结"),
        ("worker_1a", VisitState.RECORDED, ""),
    ]


def test_a_file_is_what_its_content_is(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    worker = world.actor("worker_1a")
    with pytest.raises(UserError, match="script"):
        files.take_in(worker, visit.pk, BytesIO(b"<script>alert(1)</script>"), "script.jpg")
    taken = files.take_in(worker, visit.pk, photo(), "C:\\fake\\a.txt")
    assert (taken.file_name, taken.media_type) == ("a.txt.jpg", "image/jpeg")


def test_a_photo_is_refused_beyond_the_size_allowed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.settings import settings

    visit = world.visit("one", "worker_1a")
    monkeypatch.setattr(settings(), "max_photo_mb", 0)
    with pytest.raises(UserError):
        files.take_in(world.actor("worker_1a"), visit.pk, photo(), "big.jpg")


@pytest.mark.parametrize(("who", "sees"), [
    ("worker_1a", True), ("lead_a", True), ("coordinator", True), ("manager", True),
    ("worker_2a", False), ("lead_b", False),
])  # fmt: skip
def test_photos_are_served_to_whoever_sees_the_visit_only(world: World, who: str, sees: bool) -> None:
    visit = world.visit("one", "worker_1a")
    recording.hand_in(world.actor("worker_1a"), visit.pk, visit.version, everything_entered(world, visit))
    attachment = everything(Attachment)[-1]
    if sees:
        assert attachments.served(world.actor(who), attachment.pk).content.startswith(b"\xff\xd8")
        assert attachments.served(world.actor(who), attachment.pk, width=100).media_type == "image/webp"
    else:
        with pytest.raises(NotFoundError):
            attachments.served(world.actor(who), attachment.pk)


def test_a_forged_file_of_a_draft_is_refused(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    forged = FileEntry(sha256="../../etc/passwd", file_name="x", media_type="image/jpeg", size=1)
    with pytest.raises(UserError):
        recording.hand_in(world.actor("worker_1a"), visit.pk, visit.version, filled(photos=[forged]))


def everything_drafted() -> list[VisitDraft]:
    from sqlmodel import select

    from core.db import transaction
    from services.actor import SYSTEM

    with transaction(actor=SYSTEM) as session:
        return list(session.exec(select(VisitDraft)))


def test_records_of_two_visits_of_one_enterprise_that_met_somebody_new_do_not_wait_for_each_other(world: World) -> None:
    """Given visits of one enterprise in two campaigns, when both meet somebody new at once, then both are stored."""
    today = clock.today()
    other = one(Campaign(name="回头看", starts_on=today, ends_on=today, state=CampaignState.RUNNING))
    visits = [world.visit("one", "worker_1a"), world.visit("one", "worker_2a", campaign_id=other.pk)]
    written = Barrier(len(visits))

    def record(visit: Visit) -> None:
        with transaction(actor=SYSTEM) as session:
            row = session.get_one(Visit, visit.pk, with_for_update=True)
            row.sqlmodel_update({"state": VisitState.RECORDED, "recorded_at": clock.now()})
            session.add(Contact(enterprise_id=visit.enterprise_id, name=f"联系人{visit.pk}"))
            session.flush()
            written.wait(timeout=20)

    with ThreadPoolExecutor(len(visits)) as pool:
        list(pool.map(record, visits))

    assert {refreshed(Visit, visit.pk).state for visit in visits} == {VisitState.RECORDED}
