"""Files of an issue: kept as evidence, told in its log, read by whoever sees the issue and nobody else."""

from io import BytesIO

import pytest

from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError, UserError
from core.settings import settings
from models.issue import IssueState
from models.lifecycle import Verb
from services import attachments as shelf
from services.issues import attachments, events
from tests import uploads
from tests.issue_world import IssueWorld

SEES = {"coordinator", "lead_a", "worker_a", "officer_x", "colleague_x", "manager"}
ADDS = SEES - {"manager"}
EVERYBODY = sorted(SEES | {"lead_b", "worker_b", "officer_z", "admin"})


@pytest.fixture
def issue_id(world: IssueWorld) -> int:
    return world.issue(IssueState.HANDLING)


def _attach(world: IssueWorld, issue_id: int, *, by: str = "worker_a", name: str = "现场.jpg",
            content: bytes = b"") -> int:  # fmt: skip
    return attachments.attach(world.actor(by), issue_id, BytesIO(content or uploads.photo()), name)


def test_an_attached_file_is_listed_with_its_hash_and_told_in_the_log(world: IssueWorld, issue_id: int) -> None:
    before = world.row(issue_id)

    made = _attach(world, issue_id)

    (file,) = attachments.attached(world.actor("officer_x"), issue_id)
    assert (file.id, file.file_name, file.media_type, file.by) == (made, "现场.jpg", "image/jpeg", "worker_a")
    assert file.size == len(uploads.photo())
    assert len(file.sha256) == 64
    event = world.events(issue_id)[-1]
    assert (event.verb, event.reason, event.actor_name) == (Verb.ATTACH, "现场.jpg", "worker_a")
    row = world.row(issue_id)
    assert (row.state, row.version) == (before.state, before.version + 1)
    assert events.replay(world.events(issue_id)) == events.snapshot(row)


@pytest.mark.parametrize("who", EVERYBODY)
def test_whoever_sees_the_issue_reads_its_files_and_nobody_else(world: IssueWorld, issue_id: int, who: str) -> None:
    made = _attach(world, issue_id)
    actor = world.actor(who)

    if who in SEES:
        assert shelf.served(actor, made).content == uploads.photo()
        assert shelf.served(actor, made, width=100).media_type == "image/webp"
        assert len(attachments.attached(actor, issue_id)) == 1
        return
    with pytest.raises(NotFoundError):
        shelf.served(actor, made)
    with pytest.raises((NotFoundError, NotAllowedError)):
        attachments.attached(actor, issue_id)


@pytest.mark.parametrize("who", EVERYBODY)
def test_whoever_may_comment_may_attach(world: IssueWorld, issue_id: int, who: str) -> None:
    if who in ADDS:
        assert _attach(world, issue_id, by=who)
        return
    with pytest.raises((NotFoundError, NotAllowedError)):
        _attach(world, issue_id, by=who)
    assert not list(settings().files_dir.rglob("*")), "nothing is kept for whoever may not attach"


def test_a_file_is_kept_after_closure_too(world: IssueWorld) -> None:
    assert _attach(world, world.issue(IssueState.CLOSED), by="coordinator")


@pytest.mark.parametrize(("content", "name"), [(b"<html>", "批复.pdf"), (uploads.with_macros(), "说明.docx")])
def test_a_refused_file_leaves_no_row_no_event_and_no_content(
    world: IssueWorld, issue_id: int, content: bytes, name: str
) -> None:
    before = world.row(issue_id).version
    with pytest.raises(UserError, match=name):
        _attach(world, issue_id, content=content, name=name)

    assert attachments.attached(world.actor("coordinator"), issue_id) == []
    assert world.row(issue_id).version == before
    assert not [path for path in settings().files_dir.rglob("*") if path.is_file()]


def test_the_same_file_is_attached_once(world: IssueWorld, issue_id: int) -> None:
    _attach(world, issue_id)
    with pytest.raises(ConflictError, match="已经上传"):
        _attach(world, issue_id, by="officer_x", name="另一个名字.jpg")


def test_a_withdrawn_file_stays_struck_through_and_only_the_coordinator_reads_it(
    world: IssueWorld, issue_id: int
) -> None:
    made = _attach(world, issue_id)
    assert [each.withdrawable for each in attachments.attached(world.actor("officer_x"), issue_id)] == [False]

    attachments.withdraw(world.actor("worker_a"), made, "传错了企业")

    (file,) = attachments.attached(world.actor("worker_a"), issue_id)
    assert (file.withdrawn_by, file.withdrawn_reason, file.readable) == ("worker_a", "传错了企业", False)
    for who in ("worker_a", "lead_a", "officer_x", "manager"):
        with pytest.raises(NotFoundError):
            shelf.served(world.actor(who), made)
    assert shelf.served(world.actor("coordinator"), made).content == uploads.photo()
    event = world.events(issue_id)[-1]
    assert (event.verb, event.reason) == (Verb.WITHDRAW_FILE, "现场.jpg: 传错了企业")
    with pytest.raises(ConflictError):
        attachments.withdraw(world.actor("coordinator"), made, "再次")
    assert _attach(world, issue_id), "the same content can be attached again"


@pytest.mark.parametrize("who", ["officer_x", "lead_a", "lead_b", "worker_b"])
def test_a_file_is_withdrawn_by_its_owner_or_the_coordinator_alone(world: IssueWorld, issue_id: int, who: str) -> None:
    made = _attach(world, issue_id)
    with pytest.raises(NotFoundError):
        attachments.withdraw(world.actor(who), made, "不想看到")
    assert attachments.attached(world.actor("coordinator"), issue_id)[0].withdrawn_at is None
    attachments.withdraw(world.actor("coordinator"), made, "涉及个人隐私")


def test_a_reason_is_asked_for(world: IssueWorld, issue_id: int) -> None:
    made = _attach(world, issue_id)
    for given in ("  ", "长" * 501):
        with pytest.raises(InvalidError):
            attachments.withdraw(world.actor("worker_a"), made, given)


def test_the_files_of_an_enterprise_are_no_files_of_an_issue(world: IssueWorld, issue_id: int) -> None:
    made = _attach(world, issue_id)
    from services.enterprises import attachments as of_enterprise

    with pytest.raises(NotFoundError):
        of_enterprise.withdraw(world.actor("coordinator"), made, "x")
    assert of_enterprise.attached(world.actor("coordinator"), world.enterprises["A"].pk) == []
