"""Who reads phone numbers in full, wherever a visit, an enterprise or a need tells one."""

from io import BytesIO

import openpyxl
import pytest
from sqlmodel import select

from core.db import transaction
from models.campaign import FormVersion
from models.configuration import Extensible, ExtraField
from models.enterprise import Contact, Enterprise
from models.fields import FieldKind, FieldSpec
from models.issue import IssueKind
from models.visit import Outcome, Visit
from services import audit, entities, issues
from services.actor import SYSTEM
from services.audit import AuditQuery
from services.enterprises import ENTERPRISES, contacts
from services.enterprises.profile import profile
from services.entities import Query
from services.exporting import export
from services.issues import Heard, ledger
from services.visits import review
from services.visits.entity import VISITS
from tests import visit_world
from tests.visit_world import World, everything, one, put, recorded

NUMBER, MASKED = "+8613900000002", "139****0002"
SEEN = [("coordinator", NUMBER), ("lead_a", NUMBER), ("manager", MASKED)]
"""Whom `phone.view` lets read numbers in full, and whom it does not."""


@pytest.fixture
def world(database: str, frozen_clock: object) -> World:  # noqa: ARG001 - both must be in place before it is built
    """The small world, where forms, enterprises, visits and needs ask for phone numbers."""
    world = visit_world.build()
    for entity in Extensible:
        put(ExtraField(entity=entity, key="hotline", label="热线", kind=FieldKind.PHONE))
    with transaction(actor=SYSTEM) as session:
        session.get_one(Enterprise, world.enterprises["one"].pk).extra = {"hotline": NUMBER}
    return world


@pytest.fixture
def visit(world: World) -> Visit:
    """A record whose visitor was given a number, in the form too."""
    question = FieldSpec(key="q9", label="财务电话", kind=FieldKind.PHONE)
    form = one(FormVersion(campaign_id=world.campaign.pk, version=2, questions=[question.model_dump(mode="json")]))
    return recorded(
        world.visit("one", "worker_1a"), outcome=Outcome.MET, met_person="王经理", met_phone=NUMBER,
        form_version_id=form.pk, answers={"q9": NUMBER}, extra={"hotline": NUMBER},
    )  # fmt: skip


@pytest.mark.parametrize(("who", "number"), SEEN)
def test_the_list_of_visits_tells_numbers_as_far_as_one_may_see_them(
    world: World, visit: Visit, who: str, number: str
) -> None:
    row = entities.find(world.actor(who), VISITS, Query()).rows[0]
    assert (row["met_phone"], row["hotline"]) == (number, number)
    one_row = entities.fetch(world.actor(who), VISITS, visit.pk)
    assert (one_row["met_phone"], one_row["hotline"]) == (number, number)


@pytest.mark.parametrize(("who", "number"), SEEN)
@pytest.mark.usefixtures("visit")
def test_the_export_of_visits_tells_numbers_as_far_as_one_may_see_them(world: World, who: str, number: str) -> None:
    sheet = openpyxl.load_workbook(BytesIO(export(world.actor(who), VISITS, Query()))).active
    titles, values = list(sheet.iter_rows(values_only=True))
    told = dict(zip(titles, values, strict=True))
    assert (told["受访人电话"], told["热线"]) == (number.removeprefix("+86"), number.removeprefix("+86"))


@pytest.mark.parametrize(("who", "number"), SEEN)
def test_a_record_tells_numbers_as_far_as_one_may_see_them(world: World, visit: Visit, who: str, number: str) -> None:
    record = review.record(world.actor(who), visit.pk)
    assert (record.answers, record.own) == ({"q9": number}, {"hotline": number})


@pytest.mark.parametrize(("who", "number"), SEEN)
@pytest.mark.usefixtures("visit")
def test_a_profile_tells_numbers_as_far_as_one_may_see_them(world: World, who: str, number: str) -> None:
    enterprise_id = world.enterprises["one"].pk
    seen = profile(world.actor(who), enterprise_id)
    assert seen.values["hotline"] == number
    assert [value for moment in seen.moments for _spec, value in moment.answers] == [number]
    listed = entities.find(world.actor(who), ENTERPRISES, Query(search="one")).rows
    assert [row["hotline"] for row in listed] == [number]


@pytest.mark.parametrize(("who", "number"), SEEN)
def test_the_ledger_tells_numbers_as_far_as_one_may_see_them(world: World, who: str, number: str) -> None:
    heard = Heard(kind=IssueKind.ENQUIRY, text="停水", extra={"hotline": NUMBER})
    issues.register(world.actor("lead_a"), world.enterprises["one"].pk, heard)
    (row,) = ledger.find(world.actor(who), ledger.Query()).rows
    assert row["hotline"] == number


def test_the_audit_log_tells_that_a_number_changed_and_not_which(world: World, visit: Visit) -> None:
    """Given contacts and answers with numbers, when an administrator reads their changes, all numbers are masked."""
    (contact,) = everything(Contact)
    contacts.save(world.actor("coordinator"), contact.enterprise_id, {"phone": NUMBER}, contact.pk)

    read = audit.search(world.actor("admin"), AuditQuery(entity="contact", verb="changed"))[0]
    recorded_then = audit.search(world.actor("admin"), AuditQuery(entity="visit", entity_id=str(visit.pk)))
    book = audit.export(world.actor("admin"), AuditQuery())

    assert [(each.before, each.after) for each in read.changes] == [("138****0001", MASKED)]
    assert MASKED in str(recorded_then)
    told = str(list(openpyxl.load_workbook(BytesIO(book)).active.iter_rows(values_only=True)))
    assert MASKED in told
    assert not [number for number in ("13900000002", "13800000001") if number in told]


def test_what_is_stored_stays_whole(world: World, visit: Visit) -> None:
    review.record(world.actor("manager"), visit.pk)
    profile(world.actor("manager"), visit.enterprise_id)
    with transaction(actor=SYSTEM) as session:
        stored = session.exec(select(Visit).where(Visit.id == visit.pk)).one()
        assert (stored.met_phone, stored.answers, stored.extra) == (NUMBER, {"q9": NUMBER}, {"hotline": NUMBER})
