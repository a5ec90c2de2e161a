"""Files of an enterprise: read by whoever sees it, attached and withdrawn by whoever keeps its record."""

from concurrent.futures import ThreadPoolExecutor, wait
from io import BytesIO

import pytest

from core.errors import ConflictError, NotAllowedError, NotFoundError
from models.enterprise import Enterprise
from services import access
from services import attachments as shelf
from services.enterprises import attachments
from services.permissions import Action
from services.use_case import use_case
from tests import issue_world, uploads
from tests.issue_world import IssueWorld


@pytest.fixture
def world(database: str, frozen_clock: object) -> IssueWorld:
    assert database
    assert frozen_clock
    return issue_world.build()


def test_a_licence_is_attached_read_and_withdrawn(world: IssueWorld) -> None:
    enterprise_id = world.enterprises["A"].pk
    made = attachments.attach(world.actor("lead_a"), enterprise_id, BytesIO(uploads.pdf()), "营业执照.pdf")

    assert shelf.served(world.actor("worker_a"), made).file_name == "营业执照.pdf"
    with pytest.raises(ConflictError):
        attachments.attach(world.actor("lead_a"), enterprise_id, BytesIO(uploads.pdf()), "营业执照.pdf")
    attachments.withdraw(world.actor("lead_a"), made, "执照已换")
    (file,) = attachments.attached(world.actor("worker_a"), enterprise_id)
    assert (file.withdrawn_reason, file.readable) == ("执照已换", False)
    assert attachments.attached(world.actor("coordinator"), enterprise_id)[0].readable


def test_of_two_who_withdraw_a_file_the_second_is_told(world: IssueWorld) -> None:
    enterprise_id = world.enterprises["A"].pk
    made = attachments.attach(world.actor("lead_a"), enterprise_id, BytesIO(uploads.pdf()), "营业执照.pdf")
    first = world.actor("lead_a")

    with ThreadPoolExecutor(1) as beside:
        with use_case(first, Action.ENTERPRISE_EDIT) as session:
            access.load(session, first, Action.ENTERPRISE_EDIT, Enterprise, enterprise_id, lock=True)
            second = beside.submit(attachments.withdraw, world.actor("coordinator"), made, "另一个原因")
            wait([second], timeout=1)  # it has read the file and waits for the enterprise
            shelf.strike(session, first, shelf.find(session, shelf.ENTERPRISE, made), "执照已换")
        with pytest.raises(ConflictError):
            second.result()

    (file,) = attachments.attached(world.actor("coordinator"), enterprise_id)
    assert file.withdrawn_reason == "执照已换"


@pytest.mark.parametrize("who", ["worker_a", "lead_b", "officer_x", "manager", "admin"])
def test_nobody_else_attaches(world: IssueWorld, who: str) -> None:
    with pytest.raises((NotFoundError, NotAllowedError)):
        attachments.attach(world.actor(who), world.enterprises["A"].pk, BytesIO(uploads.pdf()), "营业执照.pdf")


@pytest.mark.parametrize("who", ["lead_b", "worker_b", "officer_x", "admin"])
def test_an_outsider_reads_nothing(world: IssueWorld, who: str) -> None:
    enterprise_id = world.enterprises["A"].pk
    made = attachments.attach(world.actor("coordinator"), enterprise_id, BytesIO(uploads.pdf()), "营业执照.pdf")

    with pytest.raises(NotFoundError):
        shelf.served(world.actor(who), made)
    with pytest.raises((NotFoundError, NotAllowedError)):
        attachments.attached(world.actor(who), enterprise_id)
