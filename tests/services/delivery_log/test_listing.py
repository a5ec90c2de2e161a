"""The list of reminders: what it shows, each filter, and its pages."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import NotAllowedError, NotFoundError
from models.account import Role
from models.channel import ChannelKind
from models.reminder import DeliveryState, NoticeBatch, Reminder, ReminderState, Subject
from services.delivery_log import listing
from services.delivery_log.detail import detail
from services.delivery_log.query import Period, Query, Stand
from tests import factories, log_world

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


def _ids(query: Query) -> list[int]:
    return [line.id for line in listing.find(factories.actor(Role.ADMINISTRATOR), query).lines]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_see_the_log(role: Role) -> None:
    row = log_world.reminder(factories.account(role))
    outsider = factories.actor(role)

    for ask in (lambda: listing.find(outsider, Query()), lambda: listing.rules(outsider),
                lambda: listing.count(outsider, Query()), lambda: detail(outsider, row.pk)):  # fmt: skip
        with pytest.raises(NotAllowedError):
            ask()


def test_a_line_tells_who_is_told_what_about_what_and_how_far_it_came() -> None:
    worker = factories.account(Role.GRID_WORKER, "王芳")
    row = log_world.reminder(worker, ReminderState.DELIVERED, rule_id=log_world.rule("Two days before").id, urgent=True)
    log_world.delivery(worker, DeliveryState.FAILED, of=row)

    (line,) = listing.find(factories.actor(Role.ADMINISTRATOR), Query()).lines

    assert (line.recipient, line.rule, line.title) == ("王芳", "Two days before", "Deadline tomorrow")
    assert line.stand is Stand.DELIVERED
    assert line.urgent
    assert line.about.endswith(f"#{row.subject_id}")
    assert [(way.kind, way.state) for way in line.ways] == [(ChannelKind.MAIL, DeliveryState.FAILED)]


def test_planned_is_split_into_due_and_not_yet_due() -> None:
    worker = factories.account(Role.GRID_WORKER)
    due = log_world.reminder(worker)
    later = log_world.reminder(worker, due_at=clock.now() + timedelta(hours=1))

    assert _ids(Query(stand=Stand.DUE)) == [due.pk]
    assert _ids(Query(stand=Stand.PLANNED)) == [later.pk]
    assert _ids(Query(period=Period.COMING)) == [later.pk]


def test_each_filter_leaves_what_it_asks_for() -> None:
    wang, li = factories.account(Role.GRID_WORKER, "王芳"), factories.account(Role.GRID_WORKER, "李强")
    batch = factories.stored(
        NoticeBatch(number="TZ-2023-01", title="t", body="b", audience="staff", written_by_id=wang.pk)
    )
    asked = log_world.reminder(
        wang, ReminderState.READ, rule_id=log_world.rule().pk, subject=Subject.NOTICE, subject_id=batch.pk, urgent=True
    )
    log_world.delivery(wang, DeliveryState.SENT, ChannelKind.WECOM, of=asked)
    log_world.reminder(li, ReminderState.CANCELLED)

    for query in (
        Query(person="王"), Query(person=wang.username.upper()), Query(rule_id=asked.rule_id), Query(urgent=True),
        Query(subject=Subject.NOTICE), Query(number="tz-2023-01"), Query(number=f"#{batch.pk}", subject=Subject.NOTICE),
        Query(stand=Stand.READ), Query(channel=ChannelKind.WECOM),
    ):  # fmt: skip
        assert _ids(query) == [asked.pk], query
    assert _ids(Query(number="nothing has this")) == []
    assert _ids(Query(channel=ChannelKind.MAIL)) == []


def test_a_period_is_bounded_by_days_and_days_chosen_win() -> None:
    worker = factories.account(Role.GRID_WORKER)
    old = log_world.reminder(worker, ReminderState.READ, due_at=clock.now() - timedelta(days=10))
    new = log_world.reminder(worker, ReminderState.READ)
    day = old.due_at.date()

    assert _ids(Query(period=Period.TODAY)) == [new.pk]
    assert _ids(Query(period=Period.MONTH)) == [new.pk, old.pk]
    assert _ids(Query(period=Period.ANY)) == [new.pk, old.pk]
    assert _ids(Query(period=Period.TODAY, since=day, until=day)) == [old.pk]


@pytest.mark.parametrize("period", [Period.WEEK, Period.COMING])
def test_pages_follow_each_other_both_ways_without_gap_or_repetition(period: Period) -> None:
    worker, admin = factories.account(Role.GRID_WORKER), factories.actor(Role.ADMINISTRATOR)
    moment = clock.now() + (timedelta(minutes=5) if period is Period.COMING else timedelta(minutes=-5))
    rows = [log_world.reminder(worker, due_at=moment) for _number in range(5)]  # the same moment: ids decide
    expected = sorted((row.pk for row in rows), reverse=period is Period.WEEK)
    query = Query(period=period)

    first = listing.find(admin, query, size=2)
    second = listing.find(admin, query, cursor=first.after, size=2)
    third = listing.find(admin, query, cursor=second.after, size=2)
    back = listing.find(admin, query, cursor=second.before, size=2)

    assert [line.id for page in (first, second, third) for line in page.lines] == expected
    assert (first.before, third.after) == ("", "")
    assert back.lines == first.lines
    assert back.before == ""


@pytest.mark.parametrize("cursor", ["x", "a_nan_1", "b_99999999999999999_2", "a__", "a_1_x", "a_1e400_1"])
def test_an_invented_cursor_shows_the_first_page(cursor: str) -> None:
    row = log_world.reminder(factories.account(Role.GRID_WORKER))

    page = listing.find(factories.actor(Role.ADMINISTRATOR), Query(), cursor=cursor)

    assert [line.id for line in page.lines] == [row.pk]


def test_the_drawer_tells_every_moment_and_each_answer() -> None:
    worker, admin = factories.account(Role.GRID_WORKER, "王芳"), factories.actor(Role.ADMINISTRATOR)
    row = log_world.reminder(worker, ReminderState.ACTED_ON)
    log_world.delivery(worker, DeliveryState.FAILED, of=row, note="550 no such mailbox", attempts=3)

    found = detail(admin, row.pk)

    assert [*found.moments] == [
        "created_at",
        "moment",
        "due_at",
        "claimed_at",
        "sent_at",
        "delivered_at",
        "read_at",
        "acted_at",
    ]
    assert found.body == "Please handle it.\nIt is due."
    assert [(each.answer, each.attempts) for each in found.sendings] == [("550 no such mailbox", 3)]
    assert found.together == 1
    assert found.link == ""  # administrators configure; issues are not theirs to open


def test_what_is_not_there_is_told_so() -> None:
    with pytest.raises(NotFoundError):
        detail(factories.actor(Role.ADMINISTRATOR), 12)


def test_a_step_of_the_product_itself_has_a_recipient_in_words() -> None:
    row = log_world.reminder(None, ReminderState.DELIVERED)

    (line,) = listing.find(factories.actor(Role.ADMINISTRATOR), Query()).lines

    assert factories.rows(Reminder)[0].pk == row.pk
    assert line.recipient == "系统自动处理"
