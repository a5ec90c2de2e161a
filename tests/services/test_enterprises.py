"""Enterprises: who finds, reads, changes and merges which."""

from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert
from sqlmodel import col, func, select

from core.db import transaction
from core.errors import InvalidError, NotAllowedError, NotFoundError
from core.settings import settings
from models import uscc
from models.account import Account
from models.area import Area, Tier
from models.audit import AuditEntry
from models.base import metadata
from models.campaign import Campaign, CampaignState, CampaignTarget
from models.enterprise import Contact, Enterprise, EnterpriseStatus
from models.issue import Issue, IssueState
from models.visit import OPEN_VISIT_STATES, Outcome, Promise, Visit, VisitState
from services import exporting
from services.accounts.actors import actor_of
from services.actor import SYSTEM, Actor
from services.campaigns.standing import Standing
from services.enterprises import ENTERPRISES, contacts, duplicates, entity, listing, merging
from services.enterprises.history import MomentKind
from services.enterprises.profile import profile
from services.entities import Query
from services.entities.queries import searched
from tests import factories

pytestmark = pytest.mark.usefixtures("demo_database")

CODE = "91350100M000100Y43"


def _acting(username: str) -> Actor:
    """Return the actor a demonstration account is when signed in, in English."""
    with transaction(actor=SYSTEM) as session:
        account = session.exec(select(Account).where(Account.username == username)).one()
        account.locale = "en"
        return actor_of(session, account, session_id=None, ip="192.0.2.1")


def _one(statement: Any) -> Any:
    with transaction(actor=SYSTEM) as session:
        return session.exec(statement).first()


def _noted(action: str, entity_id: int) -> bool:
    entries = select(AuditEntry).where(AuditEntry.action == action, AuditEntry.entity_id == str(entity_id))
    return _one(entries) is not None


def _outside() -> Enterprise:
    """Return an enterprise the demonstration's lead has nothing to do with."""
    lead = _acting("lead")
    below = select(Area.id).where(col(Area.path).startswith(lead.area_paths[0]))
    coded = select(Enterprise).where(Enterprise.credit_code != "")
    found: Enterprise = _one(coded.where(col(Enterprise.area_id).not_in(below)))
    return found


def _inside() -> Enterprise:
    lead = _acting("lead")
    below = select(Area.id).where(col(Area.path).startswith(lead.area_paths[0]))
    coded = select(Enterprise).where(Enterprise.credit_code != "")
    found: Enterprise = _one(coded.where(col(Enterprise.area_id).in_(below)))
    return found


def _grid_of_lead() -> int:
    lead = _acting("lead")
    grid = select(Area.id).where(col(Area.path).startswith(lead.area_paths[0]), Area.tier == Tier.GRID)
    return int(_one(grid))


# --- list ---


@pytest.mark.parametrize("part", ["name", "credit_code", "address"])
def test_any_part_of_name_code_or_address_finds_an_enterprise(part: str) -> None:
    sought = _inside()
    piece = str(getattr(sought, part))[2:9]

    found = listing.find(_acting("coordinator"), Query(search=piece, page_size=660))

    assert sought.id in {row["id"] for row in found.rows}
    assert all(piece in f"{row['name']} {row['credit_code']} {row['address']}" for row in found.rows)


def test_full_width_input_finds_too() -> None:
    sought = _inside()

    found = listing.find(_acting("coordinator"), Query(search=str(sought.credit_code).translate(_WIDE)))

    assert [row["id"] for row in found.rows] == [sought.id]


_WIDE = {ord(character): ord(character) + 0xFEE0 for character in uscc.ALPHABET}


def test_each_role_lists_what_is_theirs() -> None:
    totals = {name: listing.find(_acting(name), Query()).total for name in ("coordinator", "manager", "lead", "worker")}
    officer = listing.find(_acting("officer"), Query()).total

    assert totals["coordinator"] == totals["manager"] == 660
    assert 0 < totals["worker"] < totals["lead"] < 100
    assert 0 < officer < 100
    with pytest.raises(NotAllowedError):
        listing.find(_acting("admin"), Query())


def test_a_filter_by_area_means_all_below_it_and_extra_fields_filter_too() -> None:
    street = _one(select(Area).where(Area.name == "中埠镇"))
    coordinator = _acting("coordinator")

    below = listing.find(coordinator, Query(filters={"area_id": [street.id]}))
    special = listing.find(coordinator, Query(filters={"specialised_level": ["little_giant"]}, page_size=660))

    assert 20 < below.total < 200
    assert {row["specialised_level"] for row in special.rows} == {"little_giant"}


def test_the_campaign_filters_split_its_targets() -> None:
    """Given the running campaign, then those who stand anywhere are together its targets."""
    running = _one(select(Campaign).where(Campaign.state == CampaignState.RUNNING))
    coordinator = _acting("coordinator")

    def total(*standing: str) -> int:
        asked = Query(filters={listing.CAMPAIGN: [running.pk], listing.STANDING: list(standing)})
        return listing.find(coordinator, asked).total

    assert total() == 320
    assert sum(total(standing.value) for standing in Standing) == 320
    assert total("unassigned") > 50
    assert listing.CAMPAIGN in {spec.key for spec in listing.describe(coordinator).specs}
    assert listing.CAMPAIGN not in {spec.key for spec in listing.describe(_acting("officer")).specs}


def test_the_list_says_when_somebody_was_met_and_what_is_open() -> None:
    issue = _one(select(Issue).where(Issue.state == IssueState.REGISTERED))
    name = _one(select(Enterprise.name).where(Enterprise.id == issue.enterprise_id))

    rows = listing.find(_acting("coordinator"), Query(search=name)).rows

    row = next(row for row in rows if row["id"] == issue.enterprise_id)
    assert row["open_needs"] >= 1
    assert row["met_on"] is not None


def test_export_is_refused_to_a_worker_and_noted_for_a_lead() -> None:
    with pytest.raises(NotAllowedError):
        exporting.export(_acting("worker"), ENTERPRISES, Query())

    content = exporting.export(_acting("lead"), ENTERPRISES, Query())

    assert content.startswith(b"PK")
    assert _one(select(AuditEntry.actor_name).where(AuditEntry.action == "enterprise.exported")) == "孙立国"


# --- profile ---


@pytest.mark.parametrize("state", [IssueState.REGISTERED, IssueState.HANDLING])
def test_the_profile_shows_everything_on_one_line_newest_first(state: IssueState) -> None:
    issue = _one(select(Issue).where(Issue.state == state))

    shown = profile(_acting("coordinator"), issue.enterprise_id)

    assert shown.place[0] in {"四宝山街道", "中埠镇"}
    assert (issue.pk, state.label) in {(need.id, need.state) for need in shown.needs}
    assert issue.pk in {moment.issue_id for moment in shown.moments if not moment.done}
    assert {MomentKind.VISIT, MomentKind.ISSUE} <= {moment.kind for moment in shown.moments}
    assert [moment.at for moment in shown.moments] == sorted((moment.at for moment in shown.moments), reverse=True)
    assert any(moment.answers for moment in shown.moments)


def test_promises_not_kept_stand_at_the_top_the_most_urgent_first() -> None:
    promise = _one(select(Promise).where(col(Promise.kept_at).is_(None)).order_by(col(Promise.due_on)))

    shown = profile(_acting("coordinator"), promise.enterprise_id)

    assert shown.pledges[0].text == promise.text
    assert shown.pledges[0].overdue


def test_an_outsider_is_told_there_is_no_such_enterprise() -> None:
    outside = _outside()

    for name in ("lead", "worker"):
        with pytest.raises(NotFoundError):
            profile(_acting(name), outside.pk)
    with pytest.raises(NotAllowedError):
        profile(_acting("admin"), outside.pk)


def test_a_department_sees_its_own_issues_of_an_enterprise_and_no_visits() -> None:
    officer = _acting("officer")
    issue = _one(select(Issue).where(Issue.department_id == officer.department_id))

    shown = profile(officer, issue.enterprise_id)

    kinds = {moment.kind for moment in shown.moments}
    assert MomentKind.ISSUE in kinds
    assert not kinds & {MomentKind.VISIT, MomentKind.PLANNED, MomentKind.PROMISE}
    assert not shown.may_edit


# --- phones ---


def test_phones_are_plain_for_those_who_ring_and_masked_for_others() -> None:
    enterprise = _inside()

    plain = profile(_acting("lead"), enterprise.pk).contacts[0]
    masked = profile(_acting("manager"), enterprise.pk).contacts[0]

    assert plain.phone.startswith("+86199")
    assert not plain.masked
    assert masked.masked
    assert "****" in masked.phone
    assert plain.email.endswith(".example.com")
    assert masked.email == ""


def test_revealing_a_phone_is_noted_and_refused_to_outsiders() -> None:
    officer = _acting("officer")
    issue = _one(select(Issue).where(Issue.department_id == officer.department_id))
    contact = _one(select(Contact).where(Contact.enterprise_id == issue.enterprise_id))
    foreign = _one(select(Contact).where(Contact.enterprise_id == _outside().pk))

    assert contacts.reveal(officer, contact.pk) == contact.phone

    assert _one(select(AuditEntry.entity_id).where(AuditEntry.action == "contact.phone_revealed")) == str(contact.pk)
    with pytest.raises(NotFoundError):
        contacts.reveal(_acting("lead"), foreign.pk)
    with pytest.raises(NotAllowedError):
        contacts.reveal(_acting("manager"), contact.pk)


def test_a_new_main_contact_replaces_the_one_there_was() -> None:
    enterprise = _inside()

    made = contacts.save(_acting("lead"), enterprise.pk, {"name": "王新", "phone": "199 0000 0001", "is_primary": True})

    shown = profile(_acting("lead"), enterprise.pk).contacts
    assert [each.id for each in shown if each.is_primary] == [made]
    assert shown[0].phone == "+8619900000001"
    with pytest.raises(NotFoundError):
        contacts.save(_acting("lead"), _outside().pk, {"name": "王新"})
    with pytest.raises(NotAllowedError):
        contacts.remove(_acting("worker"), made)


def test_two_who_name_a_main_contact_at_once_leave_one() -> None:
    enterprise_id, lead = _inside().pk, _acting("lead")
    held = select(Enterprise.id).where(Enterprise.id == enterprise_id).with_for_update(key_share=True)
    with ThreadPoolExecutor(1) as beside:
        with transaction(actor=SYSTEM) as session:  # as `save` does
            session.exec(held)
            for other in session.exec(select(Contact).where(Contact.enterprise_id == enterprise_id)):
                other.is_primary = False
            session.add(Contact(enterprise_id=enterprise_id, name="王新", is_primary=True))
            session.flush()
            second = beside.submit(contacts.save, lead, enterprise_id, {"name": "李新", "is_primary": True})
            wait([second], timeout=1)
        made = second.result()

    assert [each.id for each in profile(lead, enterprise_id).contacts if each.is_primary] == [made]


@pytest.mark.parametrize("email", ["nobody", "a@b", "a@example.com,b@example.com", "王@example.com", "a@example.com>"])
def test_what_is_no_address_of_one_mailbox_is_refused(email: str) -> None:
    with pytest.raises(InvalidError) as told:
        contacts.save(_acting("lead"), _inside().pk, {"name": "王新", "email": email})

    assert set(told.value.problems) == {"email"}


# --- save ---


def _new(**more: Any) -> dict[str, Any]:
    return {"name": "淄博木禾苗圃有限公司", "area_id": _grid_of_lead(), "status": "active", **more}


def test_a_lead_enters_an_enterprise_in_their_area() -> None:
    made = entity.save(_acting("lead"), _new(credit_code="9135 0100 m000100y43"))

    row = _one(select(Enterprise).where(Enterprise.id == made))
    assert row.credit_code == CODE
    assert row.name_key == "木禾苗圃"
    assert _noted("enterprise.created", made)


def test_a_wrong_credit_code_is_told_which_rule_it_breaks() -> None:
    with pytest.raises(InvalidError) as refused:
        entity.save(_acting("lead"), _new(credit_code="91350100M000100Y44"))

    assert "“3”" in refused.value.problems["credit_code"]


def test_a_credit_code_has_one_owner_whose_name_is_told_only_to_those_who_may_see_it() -> None:
    inside, outside = _inside(), _outside()

    with pytest.raises(InvalidError) as seen:
        entity.save(_acting("lead"), _new(credit_code=inside.credit_code))
    with pytest.raises(InvalidError) as hidden:
        entity.save(_acting("lead"), _new(credit_code=outside.credit_code))

    assert inside.name in seen.value.problems["credit_code"]
    assert outside.name not in hidden.value.problems["credit_code"]


def test_a_lead_enters_nothing_outside_their_area_and_a_worker_nothing_at_all() -> None:
    outside = _outside()

    with pytest.raises(InvalidError) as refused:
        entity.save(_acting("lead"), _new(area_id=outside.area_id))
    with pytest.raises(NotFoundError):
        entity.save(_acting("lead"), {"note": "x"}, outside.pk)
    with pytest.raises(NotAllowedError):
        entity.save(_acting("worker"), _new())

    assert "area_id" in refused.value.problems


def test_a_similar_name_waits_for_a_decision() -> None:
    known = _inside()
    twin = known.name.replace("淄博", "").replace("山东", "") + "(山东)"

    with pytest.raises(entity.SimilarError) as asked:
        entity.save(_acting("lead"), _new(name=twin))
    made = entity.save(_acting("lead"), _new(name=twin), knowing=True)

    assert known.id in {each.id for each in asked.value.similar}
    assert made != known.id


def test_saving_an_enterprise_under_its_own_name_asks_nothing() -> None:
    twin = _one(select(Enterprise).where(col(Enterprise.credit_code).is_(None)))

    entity.save(_acting("coordinator"), {"name": twin.name, "note": "在二楼"}, twin.pk)

    assert _one(select(Enterprise.note).where(Enterprise.id == twin.pk)) == "在二楼"


def test_moving_away_can_be_undone() -> None:
    inside = _inside()

    before = entity.set_status(_acting("lead"), inside.pk, EnterpriseStatus.MOVED_AWAY)
    entity.set_status(_acting("lead"), inside.pk, before)

    assert _one(select(Enterprise.status).where(Enterprise.id == inside.pk)) is inside.status
    with pytest.raises(NotFoundError):
        entity.set_status(_acting("lead"), _outside().pk, EnterpriseStatus.CLOSED)


# --- duplicates ---


def test_pairs_are_shown_until_somebody_decides() -> None:
    coordinator = _acting("coordinator")
    before = duplicates.pairs(coordinator)
    pair = before[0]

    duplicates.keep_both(coordinator, pair.second.id, pair.first.id)
    after = duplicates.pairs(coordinator)

    assert len(before) >= 4
    assert pair.share == 1
    assert len(after) == len(before) - 1


def test_a_lead_sees_pairs_of_their_area_only_and_a_worker_none() -> None:
    assert 0 < duplicates.count(_acting("lead")) < duplicates.count(_acting("coordinator"))
    with pytest.raises(NotAllowedError):
        duplicates.pairs(_acting("worker"))
    outside = _outside()
    with pytest.raises(NotFoundError):
        duplicates.keep_both(_acting("lead"), _inside().pk, outside.pk)


def test_merging_moves_all_that_belongs_to_the_other_and_deletes_it() -> None:
    coordinator = _acting("coordinator")
    pair = duplicates.pairs(coordinator)[0]
    coded, plain = sorted((pair.first, pair.second), key=lambda side: not side.credit_code)
    visits = _count(Visit, coded.id) + _count(Visit, plain.id)

    merging.merge(coordinator, plain.id, coded.id)

    row = _one(select(Enterprise).where(Enterprise.id == plain.id))
    assert row.credit_code == coded.credit_code
    assert _one(select(Enterprise).where(Enterprise.id == coded.id)) is None
    assert _count(Visit, plain.id) == visits
    assert _count(Contact, plain.id) >= 2
    assert _count(CampaignTarget, plain.id) >= 1
    assert _noted("enterprise.deleted", coded.id)
    assert _noted("enterprise.merged", plain.id)


def _without_contacts() -> tuple[Enterprise, Enterprise]:
    """Return two enterprises to merge that have no contacts any more."""
    first, second = _inside(), _outside()
    with transaction(actor=SYSTEM) as session:
        for contact in session.exec(select(Contact).where(col(Contact.enterprise_id).in_([first.pk, second.pk]))):
            session.delete(contact)
    return first, second


def test_merging_keeps_all_that_is_known_of_a_person_both_had() -> None:
    """Given one person at both enterprises, when they are merged, then one contact knows what either knew."""
    keep, drop = _without_contacts()
    known = {"name": "李四", "phone": "+8613800138000"}
    factories.stored(Contact(enterprise_id=keep.pk, **known, title="经理"))
    factories.stored(
        Contact(enterprise_id=drop.pk, **known, title="厂长", wechat="lisi", email="li@example.com", is_primary=True)
    )

    merging.merge(_acting("coordinator"), keep.pk, drop.pk)

    (person,) = factories.rows(Contact, lambda each: each.enterprise_id == keep.pk)
    assert (person.title, person.wechat, person.email, person.is_primary) == ("经理", "lisi", "li@example.com", True)


@pytest.mark.parametrize("kept_has_one", [True, False])
def test_merging_leaves_one_main_contact(kept_has_one: bool) -> None:
    """Given contacts at both, when they are merged, then the main one is the kept one's, or else the other's."""
    keep, drop = _without_contacts()
    factories.stored(Contact(enterprise_id=keep.pk, name="李四", is_primary=kept_has_one))
    factories.stored(Contact(enterprise_id=drop.pk, name="王五", is_primary=True))

    merging.merge(_acting("coordinator"), keep.pk, drop.pk)

    main = factories.rows(Contact, lambda each: each.enterprise_id == keep.pk and each.is_primary)
    assert [each.name for each in main] == ["李四" if kept_has_one else "王五"]


def test_merging_leaves_one_open_visit_in_a_campaign() -> None:
    """Given two enterprises with an open visit each in one campaign, when they are merged, then one is taken back."""
    coordinator = _acting("coordinator")
    planned = select(Visit).where(Visit.state == VisitState.PLANNED).order_by(col(Visit.id)).limit(2)
    with transaction(actor=SYSTEM) as session:
        keep, drop = session.exec(planned).all()

    merging.merge(coordinator, keep.enterprise_id, drop.enterprise_id)

    assert _one(select(Visit.state).where(Visit.id == keep.id)) is VisitState.PLANNED
    assert _one(select(Visit.state).where(Visit.id == drop.id)) is VisitState.TAKEN_BACK


def test_merging_is_refused_with_itself_and_to_those_who_may_not() -> None:
    inside, outside = _inside(), _outside()

    with pytest.raises(InvalidError):
        merging.merge(_acting("coordinator"), inside.pk, inside.pk)
    with pytest.raises(NotFoundError):
        merging.merge(_acting("lead"), inside.pk, outside.pk)
    with pytest.raises(NotAllowedError):
        merging.merge(_acting("worker"), inside.pk, outside.pk)


def test_every_table_that_points_to_an_enterprise_is_thought_of_when_merging() -> None:
    """A new table with a reference to enterprises must be moved in `merging`; add it here then."""
    pointing = {
        table.name
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "enterprise" and key.parent.table.name != "distinct_pair"
    }

    assert pointing == {"contact", "visit", "issue", "promise", "commitment", "campaign_target", "reminder"}


def test_two_visited_rows_keep_their_outcomes_after_merging() -> None:
    pair = duplicates.pairs(_acting("coordinator"))[1]

    merging.merge(_acting("coordinator"), pair.first.id, pair.second.id)

    met = (
        select(func.count())
        .select_from(Visit)
        .where(
            Visit.enterprise_id == pair.first.id,
            Visit.outcome == Outcome.MET,
            col(Visit.state).not_in(OPEN_VISIT_STATES),
        )
    )
    assert _one(met) >= 2


def _count(model: Any, enterprise_id: int) -> int:
    return int(_one(select(func.count()).select_from(model).where(model.enterprise_id == enterprise_id)))


def test_the_search_index_is_used_on_many_rows() -> None:
    """Given 20,000 enterprises, when one is searched by a part of its name, then PostgreSQL asks the index."""
    area_id = _grid_of_lead()

    names = (f"企业{chr(0x4E00 + place % 900)}{chr(0x5200 + place // 900)}{place}" for place in range(20_000))
    rows = [Enterprise(name=name, area_id=area_id).model_dump(exclude={"id", "search_text"}) for name in names]
    with transaction(actor=SYSTEM) as session:
        session.execute(insert(Enterprise), rows)
    with psycopg.connect(settings().migration_url, autocommit=True) as owner:
        owner.execute("ANALYZE enterprise")
    specs = listing.find(SYSTEM, Query(page_size=1)).specs
    with transaction(actor=SYSTEM) as session:
        condition = searched(Enterprise, "泰川传感", specs)
        compiled = select(Enterprise).where(condition).compile(session.connection())
        plan = session.connection().exec_driver_sql(f"EXPLAIN {compiled}", compiled.params).scalars().all()

    assert any("ix_enterprise_search" in line for line in plan), plan
