"""Planning: rules and subjects make rows, in the transaction that changes the subject, each once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, func, select

from core import clock
from core.db import transaction
from models.account import Account
from models.enterprise import Contact
from models.issue import Card, Issue, IssueState
from models.outbox import OutboxMessage
from models.reminder import (
    Effect,
    Occasion,
    OffsetUnit,
    Relation,
    Reminder,
    ReminderHours,
    ReminderRule,
    ReminderState,
    StopsOn,
    Subject,
)
from models.team import TeamMember
from services import delivery, issues
from services.actor import SYSTEM
from services.issues import reviewing_shelved
from services.reminders import acknowledging, effects, noticing, planning, replanning
from tests import factories, issue_world
from tests.issue_world import IssueWorld

S = IssueState
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def world(database: str, frozen_clock: datetime) -> IssueWorld:  # noqa: ARG001 - servers and time
    """A small world on Wednesday, 6 December 2023, 10:00, with the rules the product comes with."""
    return issue_world.build()


def rows(occasion: Occasion, issue_id: int, *states: ReminderState) -> list[Reminder]:
    """Return an issue's reminders of an occasion in order of time."""
    found = select(Reminder).where(Reminder.subject == Subject.ISSUE, Reminder.subject_id == issue_id)
    found = found.where(Reminder.occasion == occasion).order_by(col(Reminder.moment), col(Reminder.recipient_key))
    with transaction(actor=SYSTEM) as session:
        return [each for each in session.exec(found) if not states or each.state in states]


def planned(occasion: Occasion, issue_id: int) -> list[Reminder]:
    return rows(occasion, issue_id, ReminderState.PLANNED)


def test_the_day_of_a_review_is_told_though_the_issue_is_taken_up_at_night(world: IssueWorld) -> None:
    """Given a shelved issue, when its review day comes and it is taken up by itself, then that morning still tells."""
    issue_id = world.issue(S.SHELVED)
    day = world.row(issue_id).review_on
    assert day is not None
    before = {row.recipient_key for row in planned(Occasion.SHELVED_REVIEW, issue_id)}
    clock.advance(datetime(day.year, day.month, day.day, 0, 1, tzinfo=ZONE) - clock.now())

    reviewing_shelved.take_up({"issue": issue_id, "review_on": day.isoformat()})

    assert world.row(issue_id).state is S.HANDLING
    left = [row for row in planned(Occasion.SHELVED_REVIEW, issue_id) if row.due_at > clock.now()]
    assert {row.due_at.astimezone(ZONE).strftime("%m-%d %H:%M") for row in left} == {f"{day:%m-%d} 09:00"}
    assert world.people["coordinator"].pk in {row.recipient_id for row in left}
    assert {row.recipient_key for row in left} <= before


def told(row: Reminder, state: ReminderState = ReminderState.DELIVERED) -> None:
    """Let a row have been told."""
    with transaction(actor=SYSTEM) as session:
        kept = session.get_one(Reminder, row.pk)
        kept.state, kept.delivered_at = state, clock.now()


def names(world: IssueWorld, found: list[Reminder]) -> set[str]:
    """Return to whom reminders go; the product itself has no name."""
    people = {account.pk: name for name, account in world.people.items()}
    return {people[row.recipient_id] if row.recipient_id else "" for row in found}


def claim(row: Reminder) -> None:
    with transaction(actor=SYSTEM) as session:
        session.get_one(Reminder, row.pk).state = ReminderState.CLAIMED


def rule_of(row: Reminder) -> ReminderRule:
    with transaction(actor=SYSTEM) as session:
        return session.get_one(ReminderRule, row.rule_id)


def set_rules(*, active: bool) -> None:
    """Switch all rules on or off and do what that owes."""
    with transaction(actor=SYSTEM) as session:
        for rule in session.exec(select(ReminderRule)):
            rule.active = active
    run_outbox()


def run_outbox() -> None:
    """Plan everything anew, as the workers would."""
    while True:
        with transaction(actor=SYSTEM) as session:
            owed = session.exec(select(OutboxMessage).where(OutboxMessage.topic == noticing.REPLAN)).all()
            payloads = [message.payload for message in owed]
            for message in owed:
                session.delete(message)
        if not payloads:
            return
        for payload in payloads:
            replanning.run(payload)


def contact(world: IssueWorld, name: str, email: str) -> Contact:
    return Contact(enterprise_id=world.enterprises["A"].pk, name=name, email=email, is_primary=True)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.usefixtures("database")
def test_rules_keep_their_order_when_one_is_changed() -> None:
    """Given a changed rule, which the database keeps behind the others, when they are read, then it is in its place."""
    with transaction(actor=SYSTEM) as session:
        before = [rule.name for rule in planning.rules(session)]
        planning.rules(session)[0].urgent = True
    with transaction(actor=SYSTEM) as session:
        assert [rule.name for rule in planning.rules(session)] == before


def test_a_dispatched_issue_has_its_whole_ladder_planned_with_the_dispatch(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)  # difficult: 15 working days from today

    due_at = world.row(issue_id).due_at
    assert due_at == at("2023-12-27 17:30")
    ladder = planned(Occasion.ISSUE_DEADLINE, issue_id)
    by_day = {}
    for row in ladder:
        by_day.setdefault(row.due_at.astimezone(ZONE).strftime("%m-%d %H:%M"), []).append(row)
    assert {day: names(world, found) for day, found in by_day.items()} == {
        "12-25 09:00": {"officer_x"},
        "12-27 09:00": {"officer_x"},
        "12-28 09:00": {"officer_x", "colleague_x", ""},  # nobody heads the department: all its officers stand for it
        "01-02 09:00": {"officer_x", "colleague_x", "coordinator", "manager", ""},
    }


def test_what_a_savepoint_holds_is_planned_with_all_else(world: IssueWorld) -> None:
    """Given a change within a savepoint, when the savepoint is released, then nothing is planned before the commit."""
    issue_id = world.issue(S.HANDLING)
    with transaction(actor=SYSTEM) as session:
        with clock.fixed(at("2023-12-01 09:00")), session.begin_nested():
            issue = session.get_one(Issue, issue_id)
            issue.due_version, issue.due_at = issue.due_version + 1, at("2023-12-29 17:30")
        asked = select(func.count()).where(Reminder.occasion == Occasion.ISSUE_DEADLINE)
        within = session.exec(asked.where(Reminder.due_version == issue.due_version)).one()

    found = [row for row in planned(Occasion.ISSUE_DEADLINE, issue_id) if row.due_version == issue.due_version]
    assert within == 0
    assert {row.created_at for row in found} == {clock.now()}


def test_only_whoever_heads_the_department_is_told_where_somebody_does(world: IssueWorld) -> None:
    with transaction(actor=SYSTEM) as session:
        session.get_one(Account, world.people["colleague_x"].pk).heads_department = True
    issue_id = world.issue(S.HANDLING)

    found = [row for row in planned(Occasion.ISSUE_DEADLINE, issue_id) if row.relation is Relation.DEPARTMENT_HEAD]

    assert names(world, found) == {"colleague_x"}


def test_every_step_leaves_exactly_what_the_present_stage_needs(world: IssueWorld) -> None:
    issue_id = world.register()
    for name in issue_world.STATES[S.CLOSED]:
        world.step(issue_id, name)
        row = world.row(issue_id)
        open_rows = [
            each for occasion in (Occasion.ISSUE_DEADLINE, Occasion.CALL_BACK_DUE)
            for each in planned(occasion, issue_id)
        ]  # fmt: skip
        assert {each.due_version for each in open_rows} == ({row.due_version} if row.due_at else set()), name

    assert planned(Occasion.ISSUE_DEADLINE, issue_id) == []
    cancelled = rows(Occasion.ISSUE_DEADLINE, issue_id, ReminderState.CANCELLED)
    assert {row.note for row in cancelled} == {planning.NO_LONGER}
    assert all(row.cancelled_at == clock.now() for row in cancelled)


def test_a_refused_step_plans_nothing(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    before = [row.pk for row in planned(Occasion.ISSUE_DEADLINE, issue_id)]

    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the refusal is
        issues.accept(world.actor("lead_a"), issue_id)

    assert [row.pk for row in planned(Occasion.ISSUE_DEADLINE, issue_id)] == before


def test_planning_again_changes_nothing(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    before = [(row.pk, row.due_at, row.state) for row in rows(Occasion.ISSUE_DEADLINE, issue_id)]

    for _time in range(2):
        with transaction(actor=SYSTEM) as session:
            planning.reconcile(session, Subject.ISSUE, [issue_id])

    assert [(row.pk, row.due_at, row.state) for row in rows(Occasion.ISSUE_DEADLINE, issue_id)] == before


def test_an_extension_moves_the_ladder_and_what_was_told_stays_told(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    first = planned(Occasion.ISSUE_DEADLINE, issue_id)[0]
    told(first)
    world.step(issue_id, "request_extension")
    assert planned(Occasion.ISSUE_DEADLINE, issue_id) == []  # its clock stands still

    world.step(issue_id, "approve_extension")

    moved = planned(Occasion.ISSUE_DEADLINE, issue_id)
    assert moved[0].due_at == at("2023-12-28 09:00")  # three working days later
    assert moved[0].due_version == world.row(issue_id).due_version > first.due_version
    assert rows(Occasion.ISSUE_DEADLINE, issue_id, ReminderState.DELIVERED)[0].pk == first.pk


def test_a_reminder_whose_moment_passed_while_nobody_worked_is_not_dropped_by_a_later_change(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    clock.advance(timedelta(days=20))  # past the reminders of 25 December, which nobody sent

    issues.comment(world.actor("officer_x"), issue_id, "正在办理")

    first = planned(Occasion.ISSUE_DEADLINE, issue_id)[0]
    assert first.due_at == at("2023-12-25 09:00") < clock.now()


def test_a_reminder_nobody_sent_in_time_is_not_put_off_by_other_hours(world: IssueWorld) -> None:
    """Given a planned reminder whose slot has come, when the slots are others, then it is told late, not later."""
    issue_id = world.issue(S.HANDLING)
    with clock.fixed(at("2023-12-25 10:00")):
        with transaction(actor=SYSTEM) as session:
            session.exec(select(ReminderHours)).one().slots = ["15:00"]
        run_outbox()

    slots = [row.due_at for row in planned(Occasion.ISSUE_DEADLINE, issue_id)]
    assert slots[:2] == [at("2023-12-25 09:00"), at("2023-12-27 15:00")]


def test_a_planned_reminder_keeps_the_moment_its_rule_gives_it_in_the_same_slot_too(world: IssueWorld) -> None:
    """Given a rule of another moment before the same slot, then its rows are of that moment and go out as before."""
    issue_id = world.issue(S.HANDLING)
    (first, *_others) = planned(Occasion.ISSUE_DEADLINE, issue_id)
    earlier = at("2023-12-25 08:00")
    with transaction(actor=SYSTEM) as session:
        rule = session.get_one(ReminderRule, first.rule_id)
        rule.offset, rule.unit = (earlier - at("2023-12-27 17:30")) // timedelta(minutes=1), OffsetUnit.MINUTES
    run_outbox()

    moved = planned(Occasion.ISSUE_DEADLINE, issue_id)[0]
    assert (moved.pk, moved.moment, moved.due_at) == (first.pk, earlier, first.due_at)


def new_rule(like: Reminder, moment: datetime) -> None:
    """Make a rule whose only step lies at a moment after the deadline of 27 December, and do what that owes."""
    with transaction(actor=SYSTEM) as session:
        rule = ReminderRule(
            name="迟", occasion=Occasion.ISSUE_DEADLINE, unit=OffsetUnit.MINUTES, stops_on=StopsOn.HANDLED,
            offset=(moment - at("2023-12-27 17:30")) // timedelta(minutes=1), recipients=[Relation.ASSIGNEE],
            effect=Effect.YELLOW_CARD, template_id=rule_of(like).template_id,
        )  # fmt: skip
        session.add(rule)
    run_outbox()


def test_a_step_that_comes_before_what_was_told_is_not_made_up_for(world: IssueWorld) -> None:
    """Given a rule made today whose step lies an hour before one that was told and acknowledged, nobody is told."""
    issue_id = world.issue(S.HANDLING)
    with clock.fixed(at("2023-12-28 10:00")):
        ladder = planned(Occasion.ISSUE_DEADLINE, issue_id)
        late = next(row for row in ladder if row.moment == at("2023-12-28 09:00") and row.relation is Relation.ASSIGNEE)
        told(late)
        with transaction(actor=SYSTEM) as session:
            acknowledging.acknowledge(session, [late.pk], late.recipient_id)

        new_rule(late, at("2023-12-28 08:00"))

        assert at("2023-12-28 08:00") not in {row.moment for row in rows(Occasion.ISSUE_DEADLINE, issue_id)}


def test_a_step_that_has_just_passed_is_told_in_the_next_slot_and_takes_effect_at_once(world: IssueWorld) -> None:
    """Given a rule made today whose step lies half an hour back, people are told at two, the product shows its card."""
    issue_id = world.issue(S.HANDLING)
    with clock.fixed(at("2023-12-28 10:00")):
        new_rule(planned(Occasion.ISSUE_DEADLINE, issue_id)[0], at("2023-12-28 09:30"))

        found = {
            row.relation: row.due_at
            for row in planned(Occasion.ISSUE_DEADLINE, issue_id)
            if row.moment == at("2023-12-28 09:30")
        }
        assert found == {Relation.ASSIGNEE: at("2023-12-28 14:00"), None: clock.now()}


def test_of_an_issue_that_comes_late_only_what_lies_ahead_is_planned(world: IssueWorld) -> None:
    issue_id = world.issue(S.DISPATCHED)  # to be acknowledged within one working day: two days before has passed

    moments = [row.moment for row in planned(Occasion.ISSUE_DEADLINE, issue_id)]

    assert min(moments) == at("2023-12-07 09:00")  # the day itself


def test_whoever_is_to_act_is_told_of_what_came_to_them_but_not_of_their_own_step(world: IssueWorld) -> None:
    issue_id = world.issue(S.DISPATCHED)
    assert names(world, planned(Occasion.ISSUE_ARRIVED, issue_id)) == {"officer_x", "colleague_x"}

    world.step(issue_id, "acknowledge")  # by officer_x, who then handles it

    assert planned(Occasion.ISSUE_ARRIVED, issue_id) == []


def test_urging_tells_at_once_and_only_until_somebody_else_is_to_act(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)

    issues.urge(world.actor("coordinator"), issue_id, "请加快")

    (urged,) = planned(Occasion.ISSUE_URGED, issue_id)
    assert (urged.urgent, urged.due_at, names(world, [urged])) == (True, clock.now(), {"officer_x"})
    world.step(issue_id, "resolve")
    assert planned(Occasion.ISSUE_URGED, issue_id) == []


def test_a_new_head_is_told_once_everything_is_planned_anew(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    with transaction(actor=SYSTEM) as session:
        session.get_one(Account, world.people["colleague_x"].pk).active = False

    run_outbox()

    assert "colleague_x" not in names(world, planned(Occasion.ISSUE_DEADLINE, issue_id))


def test_a_lead_who_leaves_the_team_is_told_no_more(world: IssueWorld) -> None:
    issue_id = world.issue(S.REGISTERED)
    assert names(world, planned(Occasion.ISSUE_DEADLINE, issue_id)) >= {"lead_a"}
    with transaction(actor=SYSTEM) as session:
        found = select(TeamMember).where(TeamMember.account_id == world.people["lead_a"].pk)
        session.exec(found).one().left_on = clock.today()

    run_outbox()

    assert "lead_a" not in names(world, planned(Occasion.ISSUE_DEADLINE, issue_id))


def test_a_rule_switched_off_takes_its_reminders_back_and_switched_on_again_plans_them(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    before = [row.pk for row in planned(Occasion.ISSUE_DEADLINE, issue_id)]

    set_rules(active=False)
    assert planned(Occasion.ISSUE_DEADLINE, issue_id) == []
    set_rules(active=True)

    assert [row.pk for row in planned(Occasion.ISSUE_DEADLINE, issue_id)] == before


def test_acknowledging_stops_the_ladder_for_everybody_and_another_deadline_begins_a_new_one(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    first = planned(Occasion.ISSUE_DEADLINE, issue_id)[0]
    told(first)

    with transaction(actor=SYSTEM) as session:
        stopped = acknowledging.acknowledge(session, [first.pk], world.people["officer_x"].pk)

    assert stopped > 5
    assert planned(Occasion.ISSUE_DEADLINE, issue_id) == []
    issues.comment(world.actor("officer_x"), issue_id, "已联系企业")  # planning again does not bring it back
    assert planned(Occasion.ISSUE_DEADLINE, issue_id) == []
    world.step(issue_id, "request_extension")
    world.step(issue_id, "approve_extension")
    assert len(planned(Occasion.ISSUE_DEADLINE, issue_id)) > 5


def test_a_rule_may_stop_only_when_the_issue_is_handled(world: IssueWorld) -> None:
    with transaction(actor=SYSTEM) as session:
        for rule in session.exec(select(ReminderRule).where(ReminderRule.offset == 3)):
            rule.stops_on = "handled"
    issue_id = world.issue(S.HANDLING)
    first = planned(Occasion.ISSUE_DEADLINE, issue_id)[0]
    told(first)

    with transaction(actor=SYSTEM) as session:
        acknowledging.acknowledge(session, [first.pk], None)

    assert {row.moment for row in planned(Occasion.ISSUE_DEADLINE, issue_id)} == {at("2024-01-02 09:00")}


def test_nobody_acknowledges_what_somebody_else_was_told(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    first = planned(Occasion.ISSUE_DEADLINE, issue_id)[0]
    told(first)

    with transaction(actor=SYSTEM) as session:
        assert acknowledging.acknowledge(session, [first.pk], world.people["officer_y"].pk) == 0

    assert rows(Occasion.ISSUE_DEADLINE, issue_id, ReminderState.DELIVERED)[0].acted_at is None


def test_a_card_is_shown_by_the_product_once_and_stands_in_the_log(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    effect = next(row for row in planned(Occasion.ISSUE_DEADLINE, issue_id) if row.recipient_key == "")
    clock.advance(timedelta(days=22))
    claim(effect)

    effects.carry_out(effect.pk)
    effects.carry_out(effect.pk)

    assert world.row(issue_id).card is Card.YELLOW
    shown = [event for event in world.events(issue_id) if event.verb == "yellow_card"]
    assert [(event.actor_id, "问题逾期 1 个工作日" in event.reason) for event in shown] == [(None, True)]
    assert rows(Occasion.ISSUE_DEADLINE, issue_id, ReminderState.DELIVERED)[0].pk == effect.pk
    assert planned(Occasion.ISSUE_CARDED, issue_id) == []  # the rule's own words tell it


def test_a_card_that_is_shown_already_is_not_shown_again(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    issues.red_card(world.actor("coordinator"), issue_id, "严重逾期")
    effect = next(row for row in planned(Occasion.ISSUE_DEADLINE, issue_id) if row.recipient_key == "")
    claim(effect)

    effects.carry_out(effect.pk)

    assert world.row(issue_id).card is Card.RED
    assert effects.REFUSED in {row.note for row in rows(Occasion.ISSUE_DEADLINE, issue_id, ReminderState.CANCELLED)}


def test_an_issue_nobody_accepts_goes_to_the_tier_above_whose_lead_is_told(world: IssueWorld) -> None:
    issue_id = world.register()
    escalation = next(
        row for row in planned(Occasion.ISSUE_DEADLINE, issue_id)
        if row.recipient_key == "" and rule_of(row).effect == "escalate"
    )  # fmt: skip
    before = world.row(issue_id).tier
    claim(escalation)

    effects.carry_out(escalation.pk)

    assert world.row(issue_id).tier != before
    assert "lead_a" in names(world, planned(Occasion.ISSUE_ARRIVED, issue_id))


def test_an_effect_of_a_reminder_that_was_cancelled_meanwhile_does_nothing(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    effect = next(row for row in planned(Occasion.ISSUE_DEADLINE, issue_id) if row.recipient_key == "")
    claim(effect)
    world.step(issue_id, "resolve")

    effects.carry_out(effect.pk)

    assert world.row(issue_id).card is Card.NONE


def test_the_main_contact_is_told_only_where_there_is_an_address(world: IssueWorld) -> None:
    factories.stored(contact(world, "有邮箱", "a@example.com"))
    with transaction(actor=SYSTEM) as session:
        for rule in session.exec(select(ReminderRule).where(ReminderRule.occasion == Occasion.ISSUE_DEADLINE)):
            rule.recipients = [*rule.recipients, Relation.ENTERPRISE_CONTACT]
    there = world.register()
    elsewhere = world.register(by="worker_b", at="B")

    assert any(row.contact_id for row in planned(Occasion.ISSUE_DEADLINE, there))
    assert not any(row.contact_id for row in planned(Occasion.ISSUE_DEADLINE, elsewhere))


def test_retrying_tells_nobody_of_what_is_handled_by_now(world: IssueWorld) -> None:
    """Given reminders that failed, when their issue has gone on and they are retried, then they are cancelled."""
    handled, open_ = world.issue(S.HANDLING), world.issue(S.HANDLING)
    failed = [planned(Occasion.ISSUE_DEADLINE, each)[0] for each in (handled, open_)]
    card = next(row for row in planned(Occasion.ISSUE_DEADLINE, handled) if not row.recipient_key)
    for row in (*failed, card):
        told(row, ReminderState.FAILED)
    world.step(handled, "resolve")

    with transaction(actor=SYSTEM) as session:
        assert delivery.retry(session, [failed[0].pk, failed[1].pk, card.pk]) == 3

    stored = {row.pk: row for row in factories.rows(Reminder)}
    assert [stored[row.pk].state for row in (*failed, card)] == [
        ReminderState.CANCELLED, ReminderState.PLANNED, ReminderState.CANCELLED,
    ]  # fmt: skip
    assert stored[failed[1].pk].due_at == clock.now()
