"""Registering on the page of the ledger: by whom, of which enterprise, with what; numbers without gaps."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import create_engine
from sqlmodel import select

from core.db import transaction
from core.errors import InvalidError, NotAllowedError, NotFoundError
from core.i18n import in_locale
from models.configuration import ChoiceItem, Extensible, ExtraField
from models.fields import FieldKind
from models.issue import Issue, IssueKind, IssueSource, IssueState, Urgency
from models.lifecycle import Verb
from services import doctor, issues
from services.actor import SYSTEM
from services.issues import Heard, events
from services.issues.by_hand import Entered, enterprise_name, register_by_hand, search_enterprises, sheet
from services.issues.gaps import gaps
from services.issues.saying import Said
from tests import factories
from tests.issue_world import IssueWorld


def entered(world: IssueWorld, at: str = "A", **more: object) -> Entered:
    given = {"enterprise_id": world.enterprises[at].pk, "kind": "difficult_issue", "text": "车间电压不稳"}
    return Entered.model_validate(given | more)


@pytest.mark.parametrize("by", ["worker_a", "lead_a", "coordinator"])
def test_each_who_hears_needs_registers_one(world: IssueWorld, by: str) -> None:
    """Given somebody who may, when a need is registered, then the row, its number and its first event are there."""
    asked = entered(world, category="power", urgency="urgent")

    issue = register_by_hand(world.actor(by), asked)

    row = world.row(issue.pk)
    assert (row.number, row.state, row.source) == ("QY-2023-000001", IssueState.REGISTERED, IssueSource.PAGE)
    assert (row.kind, row.category, row.urgency) == (IssueKind.DIFFICULT_ISSUE, "power", Urgency.URGENT)
    assert row.first_receiver_id == row.registered_by_id == world.people[by].pk
    assert [event.verb for event in world.events(issue.pk)] == [Verb.REGISTER]
    assert events.replay(world.events(issue.pk)) == events.snapshot(row)
    assert row.due_at is not None


def test_what_was_resolved_on_the_spot_says_how(world: IssueWorld) -> None:
    """Given a need resolved at once, when it is registered without saying how, then it is refused; with, it is done."""
    worker = world.actor("worker_a")
    with pytest.raises(InvalidError) as told:
        register_by_hand(worker, entered(world, resolved=True))
    assert set(told.value.problems) == {"solution"}

    issue = register_by_hand(worker, entered(world, resolved=True, solution="当场联系供电所"))

    assert (issue.state, issue.solution) == (IssueState.RESOLVED_ON_SITE, "当场联系供电所")


@pytest.mark.parametrize("by", ["officer_x", "manager", "admin"])
def test_who_hears_no_needs_registers_none(world: IssueWorld, by: str) -> None:
    """Given a role without the permission, when it registers, then it may not."""
    with pytest.raises(NotAllowedError):
        register_by_hand(world.actor(by), entered(world))
    with pytest.raises(NotAllowedError):
        sheet(world.actor(by))


@pytest.mark.parametrize("by", ["worker_a", "lead_a"])
def test_enterprises_elsewhere_are_not_ones_own(world: IssueWorld, by: str) -> None:
    """Given an enterprise of street B, when somebody of A registers its need, then there is no such enterprise."""
    actor = world.actor(by)
    elsewhere = world.enterprises["B"].pk

    with pytest.raises(NotFoundError):
        register_by_hand(actor, entered(world, at="B"))
    assert enterprise_name(actor, elsewhere) is None
    assert sheet(actor).enterprises == {world.enterprises["A"].pk: "A 企业有限公司"}
    assert search_enterprises(actor, "企业有限") == {world.enterprises["A"].pk: "A 企业有限公司"}
    assert len(search_enterprises(world.actor("coordinator"), "企业有限")) == 2
    assert not factories.rows(Issue)


def test_every_field_that_is_missing_or_wrong_is_told_at_once(world: IssueWorld) -> None:
    """Given nothing right, when it is registered, then each field has its message and nothing is stored."""
    factories.stored(
        ExtraField(entity=Extensible.ISSUE, key="hotline", label="热线", kind=FieldKind.TEXT, required=True)
    )
    wrong = Entered(category="no_such", first_receiver_id=world.people["lead_b"].pk)

    with pytest.raises(InvalidError) as told:
        register_by_hand(world.actor("worker_a"), wrong)

    assert set(told.value.problems) == {
        "enterprise_id", "kind", "text", "category", "first_receiver_id", "extra.hotline",
    }  # fmt: skip
    assert not factories.rows(Issue)


def test_an_administrators_own_fields_are_kept(world: IssueWorld) -> None:
    """Given an extra field, when a need is registered with it, then its value is stored."""
    factories.stored(ExtraField(entity=Extensible.ISSUE, key="seen_on", label="发现日期", kind=FieldKind.DATE))

    issue = register_by_hand(world.actor("worker_a"), entered(world, extra={"seen_on": "2023-12-01"}))

    assert world.row(issue.pk).extra == {"seen_on": "2023-12-01"}


@pytest.mark.parametrize("answer", ["kind=difficult_issue", "category=power", "urgency=urgent"])
def test_an_own_field_is_asked_after_what_was_said(world: IssueWorld, answer: str) -> None:
    """Given a field asked after a built-in answer, when that is given, then it must be filled in and is kept."""
    field = ExtraField(entity=Extensible.ISSUE, key="volt", label="电压", kind=FieldKind.TEXT, required=True)
    field.shown_if = [answer]
    factories.stored(field)
    worker, said = world.actor("worker_a"), {"category": "power", "urgency": "urgent"}

    with pytest.raises(InvalidError) as told:
        register_by_hand(worker, entered(world, **said))
    issue = register_by_hand(worker, entered(world, **said, extra={"volt": "380"}))
    other = register_by_hand(worker, entered(world, kind="enquiry", extra={"volt": "380"}))

    assert set(told.value.problems) == {"extra.volt"}
    assert world.row(issue.pk).extra == {"volt": "380"}
    assert world.row(other.pk).extra == {}


def test_a_category_out_of_use_is_not_given_anew(world: IssueWorld) -> None:
    """Given a category made inactive, when a need would have it, then that is told."""
    with transaction(actor=SYSTEM) as session:
        session.exec(select(ChoiceItem).where(ChoiceItem.value == "gas")).one().active = False

    with pytest.raises(InvalidError) as told:
        register_by_hand(world.actor("worker_a"), entered(world, category="gas"))

    assert set(told.value.problems) == {"category"}


def test_the_first_receiver_is_chosen_as_far_as_the_role_reaches(world: IssueWorld) -> None:
    """Given the three roles, then a worker names only themselves, a lead their team, a coordinator anybody."""
    people = {name: world.people[name].pk for name in world.people}
    assert set(sheet(world.actor("worker_a")).receivers) == {people["worker_a"]}
    assert set(sheet(world.actor("lead_a")).receivers) == {people["lead_a"], people["worker_a"]}
    assert set(sheet(world.actor("coordinator")).receivers) == {
        people[name] for name in ("coordinator", "lead_a", "worker_a", "lead_b", "worker_b")
    }

    issue = register_by_hand(world.actor("lead_a"), entered(world, first_receiver_id=people["worker_a"]))

    assert (issue.registered_by_id, issue.first_receiver_id) == (people["lead_a"], people["worker_a"])
    with pytest.raises(InvalidError):
        register_by_hand(world.actor("lead_a"), entered(world, first_receiver_id=people["worker_b"]))


def test_a_draft_of_before_urgency_is_still_read() -> None:
    """Given what an earlier release stored of a need, when it is read, then it is of normal urgency."""
    old = {"kind": "enquiry", "text": "问一下", "category": None, "resolved": False, "solution": "", "extra": {}}

    assert Said.model_validate(old).urgency == Urgency.NORMAL


def test_eight_at_once_get_numbers_without_gap_or_double(world: IssueWorld) -> None:
    """Given eight people registering at the same moment, then the numbers are those from 1 to 40."""
    worker, enterprise_id, start = world.actor("worker_a"), world.enterprises["A"].pk, Barrier(8)

    def register(place: int) -> list[str]:
        start.wait()
        heard = Heard(kind=IssueKind.ENQUIRY, text=f"咨询 {place}")
        return [issues.register(worker, enterprise_id, heard).number for _ in range(5)]

    with ThreadPoolExecutor(8) as pool:
        numbers = [number for found in pool.map(register, range(8)) for number in found]

    assert sorted(numbers) == [f"QY-2023-{place:06d}" for place in range(1, 41)]
    with transaction(actor=SYSTEM) as session:
        assert gaps(session) == []


def test_a_registration_that_fails_leaves_no_gap(world: IssueWorld) -> None:
    """Given a registration that is rolled back after it had drawn its number, then the next one gets that number."""
    world.register()

    def register_and_fail() -> None:
        heard = Heard(kind=IssueKind.ENQUIRY, text="不会留下")
        with transaction(actor=SYSTEM) as session:
            enterprise = world.enterprises["A"]
            issues.register_in(session, world.actor("worker_a"), enterprise, heard, source=IssueSource.PAGE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        register_and_fail()

    assert world.row(world.register()).number == "QY-2023-000002"


def by_hand_of_the_owner(*statements: str) -> None:
    """Work on the tables past the product, as only the owner of the database can."""
    engine = create_engine(os.environ["QIANQI_MIGRATION_URL"])
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_gaps_are_found_and_explained(world: IssueWorld) -> None:
    """Given three issues, when one is deleted and the series moved by hand, then each number in question is told."""
    first, second, third = (world.row(world.register()) for _ in range(3))
    assert numbers_finding().state is doctor.State.OK

    by_hand_of_the_owner(
        "ALTER TABLE issue_event DISABLE TRIGGER USER",
        "DELETE FROM issue_event USING issue i WHERE issue_id = i.id AND i.number = 'QY-2023-000002'",
        "DELETE FROM issue_clock USING issue i WHERE issue_id = i.id AND i.number = 'QY-2023-000002'",
        "DELETE FROM issue WHERE number = 'QY-2023-000002'",
        "UPDATE number_series SET last = 4",
    )
    with transaction(actor=SYSTEM) as session:
        found = {gap.number: gap.explanation for gap in gaps(session)}
    assert set(found) == {second.number, "QY-2023-000004"}
    assert "worker_a" in found[second.number]
    assert "2023年12月6日" in found[second.number]
    assert "从未登记过" in found["QY-2023-000004"]
    assert numbers_finding().failed
    assert second.number in numbers_finding().detail

    by_hand_of_the_owner("UPDATE number_series SET last = 1")
    with transaction(actor=SYSTEM) as session:
        assert [gap.number for gap in gaps(session)] == [third.number]
    assert first.number == "QY-2023-000001"


@pytest.mark.usefixtures("database", "frozen_clock")
def test_a_number_of_an_older_ledger_that_is_missing_is_found_too() -> None:
    """Given a series of imported lines that was set forward by hand, then its missing number is told."""
    by_hand_of_the_owner("INSERT INTO number_series (name, last) VALUES ('LS-2023', 1), ('TZ-2023', 1)")

    with transaction(actor=SYSTEM) as session:
        assert [gap.number for gap in gaps(session)] == ["LS-2023-000001"]


def numbers_finding() -> doctor.Finding:
    with in_locale("en"):
        return next(each for each in doctor.examine(running=False) if each.check == "Numbers of the ledger")
