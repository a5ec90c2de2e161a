"""The demonstration data shows the programme as it is and is the same each time."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import phonenumbers
import pytest
from sqlmodel import Session, col, func, select

from core import clock, db
from core.db import engine
from core.embedded import EmbeddedPostgres
from core.settings import settings
from models import uscc
from models.account import Account, Department
from models.addressees import choice_of
from models.area import Area, AreaPlacement, Tier
from models.base import metadata
from models.campaign import Campaign, CampaignState, CampaignTarget, FormVersion
from models.commitment import Commitment
from models.configuration import ChoiceItem
from models.enterprise import Contact, Enterprise
from models.fields import clean_values
from models.issue import Card, Issue, IssueKind, IssueSource, IssueState, NumberSeries, Urgency
from models.issue_class import RULED_STATES, ClassState
from models.issue_log import IssueClock, IssueEvent, IssueTask, TaskState
from models.lifecycle import Verb
from models.reminder import (
    BatchState,
    Delivery,
    DeliveryState,
    Message,
    NoticeBatch,
    Occasion,
    Reminder,
    ReminderRule,
    ReminderState,
    Subject,
)
from models.team import Leave, Team, TeamMember
from models.visit import Outcome, Promise, Visit, VisitState
from services import accounts, classes, demo
from services.accounts.actors import actor_of
from services.actor import SYSTEM, Actor
from services.classes import Verdict
from services.demo.needs import issue_words
from services.demo.words import departments_of_categories, words
from services.issues import clocks, events
from services.issues.todo import todo
from services.issues.todo_groups import Group
from services.notices import audience
from services.reminders.effects import VERBS
from tests.servers import new_database


@pytest.fixture
def loaded(demo_database: str) -> Iterator[Session]:
    """A session on a database with the demonstration data."""
    assert demo_database
    with Session(engine()) as session:
        yield session


def _campaign(session: Session, state: CampaignState) -> Campaign:
    return session.exec(select(Campaign).where(Campaign.state == state)).one()


def _count(session: Session, model: Any, *conditions: Any) -> int:
    return session.exec(select(func.count()).select_from(model).where(*conditions)).one()


def test_the_zone_has_its_teams_members_and_enterprises(loaded: Session) -> None:
    members = loaded.exec(select(TeamMember)).all()
    leads = Counter(member.team_id for member in members if member.is_lead)

    assert _count(loaded, Team) == 39
    assert len(members) == 306
    assert set(leads.values()) == {1}
    assert len(leads) == 39
    assert _count(loaded, Enterprise) == 660


def test_the_finished_campaign_has_the_figures_of_the_article(loaded: Session) -> None:
    campaign = _campaign(loaded, CampaignState.FINISHED)
    visits = loaded.exec(select(Visit).where(Visit.campaign_id == campaign.id)).all()
    raised = loaded.exec(select(Issue).where(col(Issue.visit_id).in_([visit.pk for visit in visits]))).all()
    difficult = [issue for issue in raised if issue.kind is IssueKind.DIFFICULT_ISSUE]
    first = {event.issue_id: event for event in loaded.exec(select(IssueEvent).where(IssueEvent.seq == 1))}
    later = {issue.pk for issue in difficult if first[issue.pk].after["state"] == "registered"}
    tasks = loaded.exec(select(IssueTask).where(col(IssueTask.issue_id).in_(later))).all()

    assert len({visit.enterprise_id for visit in visits if visit.outcome is Outcome.MET}) == 660
    assert sum(issue.kind is IssueKind.SUGGESTION for issue in raised) == 34
    assert len(difficult) == 106
    assert len(later) == 34
    assert {task.issue_id for task in tasks if task.state is TaskState.DONE} == later
    assert {issue.state for issue in difficult} == {IssueState.CLOSED}
    assert {issue.round for issue in difficult} == {1, 2}
    assert any(issue.call_backs == 3 and not issue.solved for issue in difficult)


def test_the_running_campaign_has_work_of_every_kind(loaded: Session) -> None:
    campaign = _campaign(loaded, CampaignState.RUNNING)
    visits = loaded.exec(select(Visit).where(Visit.campaign_id == campaign.id)).all()
    planned = [visit.planned_on for visit in visits if visit.state is VisitState.PLANNED]
    today = clock.today()

    assert _count(loaded, CampaignTarget, CampaignTarget.campaign_id == campaign.id) == 320
    assert 320 - len({visit.enterprise_id for visit in visits}) > 50
    assert sum(day < today for day in planned) > 10
    assert today in planned
    assert any(day > today for day in planned)
    assert any(visit.state is VisitState.RETURNED for visit in visits)
    assert all(visit.recorded_at is None or visit.recorded_at <= clock.now() for visit in visits)


def test_nobody_has_a_visit_planned_on_a_day_of_leave(loaded: Session) -> None:
    leave = loaded.exec(select(Leave)).all()
    away = [
        visit
        for visit in loaded.exec(select(Visit).where(Visit.state == VisitState.PLANNED))
        if any(each.account_id == visit.assignee_id and visit.planned_on in each for each in leave)
    ]

    assert leave
    assert not away


def test_the_draft_means_the_86_key_enterprises(loaded: Session) -> None:
    draft = _campaign(loaded, CampaignState.DRAFT)

    assert _count(loaded, CampaignTarget, CampaignTarget.campaign_id == draft.id) == 86


def test_the_whole_real_tree_stands_with_the_zone_and_its_grids_in_it(loaded: Session) -> None:
    areas = {area.pk: area for area in loaded.exec(select(Area))}
    tiers = Counter(area.tier for area in areas.values())
    zone = next(area for area in areas.values() if area.name == "淄博高新区")
    streets = {area.name for area in areas.values() if area.parent_id == zone.pk}
    grids = Counter(area.parent_id for area in areas.values() if area.tier is Tier.GRID)

    assert (tiers[Tier.CITY], tiers[Tier.ZONE], tiers[Tier.STREET], tiers[Tier.VILLAGE]) == (1, 9, 88, 2931)
    assert streets == {"四宝山街道", "中埠镇"}
    assert {areas[village].parent_id for village in grids if village} == {
        a.pk for a in areas.values() if a.name in streets
    }
    assert set(grids.values()) <= set(range(2, 7))
    assert all(area.path == _path(areas, area) for area in areas.values())


def _path(areas: dict[int, Area], area: Area) -> str:
    above = _path(areas, areas[area.parent_id]) if area.parent_id else ""
    return f"{above}{area.pk}."


def test_each_area_has_one_present_placement_that_agrees_with_it(loaded: Session) -> None:
    areas = {area.pk: (area.parent_id, area.path) for area in loaded.exec(select(Area))}
    present = loaded.exec(select(AreaPlacement).where(col(AreaPlacement.valid_to).is_(None))).all()

    assert len(present) == len(areas)
    assert {each.area_id: (each.parent_id, each.path) for each in present} == areas


def test_every_code_is_valid_and_every_phone_possible_but_not_given_out(loaded: Session) -> None:
    codes = [code for code in loaded.exec(select(Enterprise.credit_code)) if code]
    phones = loaded.exec(select(Contact.phone)).all()

    assert len(codes) == 656
    assert [uscc.problem(code) for code in codes if not uscc.is_valid(code)] == []
    assert all(phonenumbers.is_possible_number(phonenumbers.parse(phone)) for phone in phones)
    assert all(phone.startswith("+861990000") for phone in phones)
    assert len(set(phones)) == len(phones)


def test_mail_reaches_most_and_nobody_real(loaded: Session) -> None:
    main = loaded.exec(select(Contact.email).where(col(Contact.is_primary))).all()
    addresses = [*main, *loaded.exec(select(Account.email))]

    assert 0.7 * len(main) < sum(bool(each) for each in main) < len(main)
    assert all(each.endswith(".example.com") for each in addresses if each)


def test_each_department_has_a_head(loaded: Session) -> None:
    heads = loaded.exec(select(Account.department_id).where(col(Account.heads_department))).all()

    assert sorted(each or 0 for each in heads) == sorted(loaded.exec(select(Department.id)))


def test_every_enterprise_lies_in_a_grid_with_coordinates(loaded: Session) -> None:
    rows = loaded.exec(select(Enterprise, Area.tier).join(Area, col(Area.id) == Enterprise.area_id)).all()

    assert {tier for _enterprise, tier in rows} == {Tier.GRID}
    assert all(117.98 < (each.longitude or 0) < 118.25 and 36.8 < (each.latitude or 0) < 36.95 for each, _tier in rows)


def test_answers_fit_the_form_version_they_were_given_on(loaded: Session) -> None:
    forms = {form.pk: form.specs() for form in loaded.exec(select(FormVersion))}
    recorded = loaded.exec(select(Visit).where(Visit.outcome == Outcome.MET)).all()

    problems = [problem for v in recorded if (problem := clean_values(forms[v.form_version_id or 0], v.answers)[1])]

    assert not problems
    assert len({visit.form_version_id for visit in recorded}) == 3


def test_issue_numbers_run_without_a_gap_and_the_series_goes_on_after_them(loaded: Session) -> None:
    numbers = loaded.exec(select(Issue.number).order_by(col(Issue.created_at), col(Issue.number))).all()
    series = loaded.exec(select(NumberSeries).where(col(NumberSeries.name).startswith("QY"))).one()

    assert numbers == [f"{series.name}-{place:06}" for place in range(1, series.last + 1)]


def test_everything_said_has_a_category_of_the_tree_below_a_branch_and_a_department(loaded: Session) -> None:
    rows = loaded.exec(select(ChoiceItem).where(ChoiceItem.list_key == "issue_category")).all()
    tree = {row.value: row.parent_value for row in rows}

    assert set(departments_of_categories()) <= set(tree)
    assert {need.category for need in issue_words().needs} <= {value for value, parent in tree.items() if parent}
    assert len(issue_words().needs) >= 60
    assert all(tree[value] == each.branch for each in words().categories for value in each.values)


def test_promises_are_kept_open_and_overdue(loaded: Session) -> None:
    promises = loaded.exec(select(Promise)).all()
    pending = [promise.due_on for promise in promises if promise.kept_at is None]

    assert any(promise.kept_at for promise in promises)
    assert any(day < clock.today() for day in pending)
    assert any(day >= clock.today() for day in pending)


def test_seventeen_organisations_approve_on_commitment(loaded: Session) -> None:
    rows = loaded.exec(select(Commitment)).all()
    still_open = [row for row in rows if row.fulfilled_at is None]
    today, worker = clock.today(), _actor(loaded, "worker").pk

    assert len({row.department_id for row in rows}) == 17 == _count(loaded, Department)
    assert len(still_open) < len(rows) / 2
    assert 5 <= sum(row.due_on < today for row in still_open) <= 12
    assert any(today <= row.due_on <= today + timedelta(days=7) for row in still_open)
    assert any(row.follower_id == worker for row in still_open)
    assert all(row.approved_on <= min(today, row.due_on) for row in rows)
    assert all(row.fulfilled_at is None or row.fulfilled_at <= clock.now() for row in rows)


def test_what_was_told_lately_looks_like_three_weeks_of_work(loaded: Session) -> None:
    now, rows = clock.now(), loaded.exec(select(Reminder).where(Reminder.subject != Subject.NOTICE)).all()
    told = [row for row in rows if row.delivered_at]
    days = {row.delivered_at.astimezone(clock.zone()).date() for row in told if row.delivered_at}
    deliveries = loaded.exec(select(Delivery)).all()

    assert set(loaded.exec(select(Message.locale))) == {"zh_CN"}  # whatever ran before in this process
    assert len(days) >= 12
    assert min(days) >= clock.today() - timedelta(days=25)
    assert {row.state for row in rows} >= set(ReminderState) - {
        ReminderState.HELD,
        ReminderState.CLAIMED,
        ReminderState.SENT,
    }
    assert all(row.title and row.body and row.message_id for row in told)
    assert all((row.delivered_at or now) <= (row.read_at or now) <= (row.acted_at or now) <= now for row in told)
    assert {row.occasion for row in told} >= {
        Occasion.ISSUE_ARRIVED, Occasion.ISSUE_DEADLINE, Occasion.VISIT_ASSIGNED, Occasion.PROMISE_DUE,
        Occasion.COMMITMENT_DUE,
    }  # fmt: skip
    assert all(each.note.startswith("5") for each in deliveries if each.state is DeliveryState.FAILED)
    assert 0 < sum(each.state is DeliveryState.FAILED for each in deliveries) < len(deliveries) / 10


def test_who_is_told_of_a_card_finds_it_on_the_issue(loaded: Session) -> None:
    """Given what tells that a card was shown or an issue handed up, then the issue's log has it, and has it before."""
    rules = {rule.id: VERBS[rule.effect] for rule in loaded.exec(select(ReminderRule)) if rule.effect in VERBS}
    first: dict[tuple[int, Verb], datetime] = {}
    for event in loaded.exec(select(IssueEvent).order_by(col(IssueEvent.at).desc())):
        first[event.issue_id, event.verb] = event.at

    told = [
        row
        for row in loaded.exec(select(Reminder).where(Reminder.subject == Subject.ISSUE))
        if row.rule_id in rules and row.delivered_at
    ]

    assert told
    for row in told:
        at = first.get((row.subject_id, rules[row.rule_id]))
        assert at is not None, row.title
        assert row.delivered_at is not None
        assert at <= row.delivered_at


def test_what_is_to_come_is_planned_and_nothing_is_long_overdue(loaded: Session) -> None:
    planned = loaded.exec(select(Reminder).where(Reminder.state == ReminderState.PLANNED)).all()

    assert {row.subject for row in planned} >= {
        Subject.ISSUE, Subject.ISSUE_TASK, Subject.VISIT, Subject.PROMISE, Subject.COMMITMENT,
    }  # fmt: skip
    assert any(row.due_at > clock.now() + timedelta(days=7) for row in planned)
    assert all(row.due_at > clock.now() - timedelta(days=2) for row in planned)


@pytest.mark.parametrize("username", ["coordinator", "lead", "worker", "officer"])
def test_each_who_acts_has_read_much_and_not_yet_all(loaded: Session, username: str) -> None:
    own = Reminder.recipient_id == _actor(loaded, username).pk

    assert _count(loaded, Reminder, own, col(Reminder.read_at).is_not(None)) >= 5
    assert _count(loaded, Reminder, own, Reminder.state == ReminderState.DELIVERED) >= 2


@pytest.mark.usefixtures("demo_database")
def test_each_shown_account_signs_in() -> None:
    for each in demo.accounts():
        assert accounts.sign_in(each.username, each.password, ip="192.0.2.1", user_agent="")


def test_the_lead_and_the_worker_find_their_day(loaded: Session) -> None:
    people = {name: loaded.exec(select(Account).where(Account.username == name)).one() for name in ("lead", "worker")}
    teams = {
        name: loaded.exec(select(TeamMember).where(TeamMember.account_id == each.id)).one()
        for name, each in people.items()
    }
    own = loaded.exec(select(Visit).where(Visit.assignee_id == people["worker"].id)).all()
    today = clock.today()

    assert teams["lead"].is_lead
    assert teams["lead"].team_id == teams["worker"].team_id
    assert sum(visit.planned_on == today and visit.state is VisitState.PLANNED for visit in own) >= 3
    assert any(visit.planned_on < today and visit.state is VisitState.PLANNED for visit in own)
    assert any(visit.state is VisitState.RETURNED for visit in own)
    assert any(visit.state is VisitState.RECORDED for visit in own)


def _membership(session: Session, username: str) -> TeamMember:
    joined = select(TeamMember).join(Account, col(Account.id) == TeamMember.account_id)
    return session.exec(joined.where(Account.username == username)).one()


def test_issues_are_in_every_state_and_the_ledger_is_full(loaded: Session) -> None:
    found = loaded.exec(select(Issue)).all()

    assert {issue.state for issue in found} == set(IssueState)
    assert len(found) > 300
    assert sum(bool(issue.supervision) for issue in found) >= 2
    assert {issue.card for issue in found} == set(Card)
    assert {issue.urgency for issue in found} == set(Urgency)
    assert {issue.source for issue in found} == {IssueSource.VISIT, IssueSource.PAGE}
    assert any(issue.returns == 3 for issue in found)


def test_every_log_leads_to_its_row(loaded: Session) -> None:
    logs: dict[int, list[IssueEvent]] = defaultdict(list)
    for event in loaded.exec(select(IssueEvent).order_by(col(IssueEvent.issue_id), col(IssueEvent.seq))):
        logs[event.issue_id].append(event)

    for issue in loaded.exec(select(Issue)):
        log = logs[issue.pk]
        assert events.replay(log) == events.snapshot(issue)
        assert [event.seq for event in log] == list(range(1, issue.version + 1))
        assert log == sorted(log, key=lambda event: event.at)
        assert log[-1].at <= clock.now()


def test_every_running_stage_has_one_clock_and_the_issue_repeats_it(loaded: Session) -> None:
    running = {each.issue_id: each for each in loaded.exec(_running_clocks().where(col(IssueClock.task_id).is_(None)))}
    of_tasks = {
        each.task_id: each for each in loaded.exec(_running_clocks().where(col(IssueClock.task_id).is_not(None)))
    }
    tasks = loaded.exec(select(IssueTask).where(IssueTask.state == TaskState.OPEN)).all()

    for issue in loaded.exec(select(Issue)):
        own = running.pop(issue.pk, None)
        assert issue.stage == (own.stage.value if own else "")
        assert issue.due_at == (own.due_at if own and own.paused_since is None else None)
        assert (own is not None) == (clocks.stage_of(issue) is not None)
    assert not running
    assert {task.pk: task.due_at for task in tasks} == {key: each.due_at for key, each in of_tasks.items()}


def _running_clocks() -> Any:
    return select(IssueClock).where(col(IssueClock.ended_at).is_(None))


def test_nobody_has_closed_what_they_handled(loaded: Session) -> None:
    closed = loaded.exec(select(Issue).where(Issue.state == IssueState.CLOSED)).all()

    assert closed
    assert all(issue.closed_by_id not in {None, issue.handler_id, issue.resolved_by_id} for issue in closed)


def test_much_of_what_is_open_is_over_time(loaded: Session) -> None:
    late = loaded.exec(select(Issue).where(col(Issue.due_at) < clock.now(), col(Issue.paused_since).is_(None))).all()

    assert 15 <= len(late) <= 60
    assert len({issue.department_id for issue in late if issue.department_id}) >= 5


@pytest.mark.parametrize(
    ("username", "groups"),
    [
        ("coordinator", {Group.ACCEPT, Group.DISPATCH, Group.REDISPATCH, Group.EXTENSION, Group.SHELVING, Group.REVIEW,
                         Group.CLOSE, Group.ARRANGE, Group.OVERDUE, Group.SHELVED, Group.SUPERVISED}),
        ("lead", {Group.ACCEPT, Group.ARRANGE, Group.CLOSE, Group.CALL_BACK}),
        ("worker", {Group.ANSWER, Group.CALL_BACK, Group.SETTLE}),
        ("officer", {Group.ACKNOWLEDGE, Group.HANDLE, Group.ASSIST, Group.ANSWER, Group.AWAITED}),
        ("manager", {Group.LATE, Group.SUPERVISED, Group.CARDED}),
    ],
)  # fmt: skip
def test_each_role_finds_every_group_of_its_to_do(loaded: Session, username: str, groups: set[Group]) -> None:
    sections = todo(_actor(loaded, username))

    assert groups <= {section.rule.group for section in sections}


def test_the_officer_finds_work_of_every_kind(loaded: Session) -> None:
    own = _actor(loaded, "officer").department_id
    led = loaded.exec(select(Issue).where(Issue.department_id == own)).all()
    today = clock.today()
    handling = [issue for issue in led if issue.state is IssueState.HANDLING]
    tasks = _count(loaded, IssueTask, IssueTask.department_id == own, IssueTask.state == TaskState.OPEN)

    assert sum(issue.state is IssueState.DISPATCHED for issue in led) >= 3
    assert any(issue.due_at and issue.due_at < clock.now() for issue in handling)
    assert any(issue.due_at and issue.due_at.astimezone(clock.zone()).date() == today for issue in handling)
    assert any(issue.due_at and issue.due_at.astimezone(clock.zone()).date() > today for issue in handling)
    assert any(issue.round == 2 for issue in handling)
    assert tasks >= 2


def test_the_worker_answers_and_calls(loaded: Session) -> None:
    worker = _actor(loaded, "worker").pk

    to_answer = (Issue.first_receiver_id == worker, Issue.state == IssueState.RESOLVED_ON_SITE)
    to_call = (Issue.caller_id == worker, Issue.state == IssueState.CALL_BACK)

    assert _count(loaded, Issue, *to_answer) >= 2
    assert _count(loaded, Issue, *to_call) >= 2


def _actor(session: Session, username: str) -> Actor:
    account = session.exec(select(Account).where(Account.username == username)).one()
    return actor_of(session, account, session_id=None, ip="")


@pytest.mark.parametrize(
    "day",
    ["2023-12-30 10:00", "2024-01-01 12:00", "2024-02-19 08:00", "2026-10-08 09:10", "2027-12-31 18:00"],
)
@pytest.mark.usefixtures("database")
def test_it_loads_around_holidays_and_in_a_year_without_a_notice(day: str) -> None:
    with clock.fixed(datetime.fromisoformat(day).replace(tzinfo=clock.zone())):
        demo.load()

        with Session(engine()) as session:
            assert set(session.exec(select(Issue.state))) == set(IssueState)
            assert session.exec(select(func.max(IssueEvent.at))).one() <= clock.now()


@pytest.mark.usefixtures("database", "frozen_clock")
def test_loading_a_second_time_changes_nothing() -> None:
    demo.load()
    before = _content()

    demo.load()

    assert _differences(before, _content()) == ""


def test_the_content_is_the_same_each_time(postgres: EmbeddedPostgres, demo_database: str) -> None:
    """Given two empty databases, when the data is loaded into each, then all but hashes is equal."""
    assert demo_database
    first = _content()
    with new_database(postgres) as made, pytest.MonkeyPatch.context() as patch:
        patch.setenv("QIANQI_DATABASE_URL", made.url)
        settings.cache_clear()
        db.reset()

        demo.load()

        assert _differences(first, _content()) == ""
        db.reset()


def _content() -> dict[str, list[str]]:
    """Return every table's rows without what differs from load to load: ids and hashes."""
    with engine().connect() as connection:
        return {
            table.name: sorted(
                str({name: value for name, value in row._mapping.items() if not name.endswith(("id", "hash", "path"))})
                for row in connection.execute(table.select())
            )
            for table in metadata.sorted_tables
            if table.name != "audit_entry"
        }


def _differences(first: dict[str, list[str]], second: dict[str, list[str]]) -> str:
    """Return which tables differ, with the first rows that only one of two contents has; nothing if they are equal."""
    lines = []
    for table in first:
        for which, one, other in (("first", first, second), ("second", second, first)):
            rows = list((Counter(one[table]) - Counter(other[table])).elements())
            lines += [f"{table}: {len(rows)} rows only in the {which}, such as", *rows[:2]] if rows else []
    return "\n".join(lines)


def test_the_notice_batches_have_the_figures_of_the_article(loaded: Session) -> None:
    batches = loaded.exec(select(NoticeBatch).order_by(col(NoticeBatch.id))).all()
    notices = loaded.exec(select(Reminder).where(Reminder.subject == Subject.NOTICE)).all()
    states = Counter(notice.state for notice in notices)

    assert (len(batches), len(notices), len({batch.matter for batch in batches})) == (12, 958, 11)
    assert [batch.number for batch in batches] == [f"TZ-2023-{number:04}" for number in range(1, 13)]
    assert [batch.state for batch in batches] == [BatchState.SENT] * 11 + [BatchState.PAUSED]
    assert sum(batch.unreachable for batch in batches) > 50
    assert states[ReminderState.HELD] == 35
    assert 0 < states[ReminderState.FAILED] < 30
    assert states[ReminderState.READ] + states[ReminderState.ACTED_ON] > 0.7 * 958
    assert all("{{" not in notice.title + notice.body for notice in notices)


def test_what_became_of_notices_agrees_with_their_mail_and_with_the_clock(loaded: Session) -> None:
    now = clock.now()
    notices = loaded.exec(select(Reminder).where(Reminder.subject == Subject.NOTICE)).all()
    mails = {each.message_id: each for each in loaded.exec(select(Delivery))}
    contacts = {each.pk: each for each in loaded.exec(select(Contact))}

    for notice in notices:
        assert notice.enterprise_id == contacts[notice.contact_id or 0].enterprise_id
        steps = [notice.moment, notice.sent_at, notice.delivered_at, notice.read_at, notice.acted_at]
        taken = [step for step in steps if step]
        assert taken == sorted(taken)
        assert taken[-1] <= now
        mail = mails.get(notice.message_id or 0)
        assert (mail is None) == (notice.state is ReminderState.HELD)
        if mail is not None:
            assert mail.address == contacts[notice.contact_id or 0].email
            assert mail.sent_at == notice.delivered_at
            assert (mail.state is DeliveryState.FAILED) == (notice.state is ReminderState.FAILED)


def test_each_batch_finds_the_audience_it_went_to(loaded: Session) -> None:
    coordinator = _actor(loaded, "coordinator")

    for batch in loaded.exec(select(NoticeBatch)):
        reach = audience.reach(loaded, coordinator, choice_of(batch.audience, batch.filters))
        assert (reach.reachable, reach.unreachable) == (batch.planned, batch.unreachable)


def test_classes_show_a_measure_that_worked_and_others_to_rule_on(demo_database: str) -> None:
    assert demo_database
    found = {each.row.title: each for each in classes.every(SYSTEM, *RULED_STATES)}
    waiting = classes.every(SYSTEM, ClassState.SUGGESTED)
    worked = found["执照变更后许可证要另跑一趟"]

    assert {each.row.state for each in found.values()} == set(RULED_STATES)
    assert all(each.row.measure and each.owner and each.issues > 1 for each in found.values())
    assert worked.effect
    assert worked.effect.verdict is Verdict.FELL
    assert worked.issues > 15
    assert any(each.effect and each.effect.verdict is Verdict.TOO_FEW for each in found.values())
    assert waiting
    assert all(each.enterprises >= 3 for each in waiting)
    assert classes.untold(SYSTEM)
