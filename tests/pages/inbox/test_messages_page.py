"""The page of messages, the count in the menu, the line on the start page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core import clock
from core.db import transaction
from models.account import Account
from models.issue import IssueState
from models.reminder import Reminder, ReminderRule, ReminderState, Subject
from services.actor import SYSTEM
from tests import inbox_world as given
from tests import issue_world
from tests.issue_world import IssueWorld
from tests.pages.conftest import OpenApp

PAGE = "pages/inbox/messages.py"
S = ReminderState
Open = Callable[..., AppTest]


@pytest.fixture
def world(open_app: OpenApp, frozen_clock: object) -> IssueWorld:
    """The small world of the ledger; the clock stands still."""
    assert open_app
    assert frozen_clock
    return issue_world.build()


@pytest.fixture
def open_inbox(open_app: OpenApp) -> Open:
    """Return a function that opens somebody's messages."""

    def open_it(person: Account, **query: object) -> AppTest:
        app = open_app(person, PAGE, **query)
        assert not app.exception
        return app

    return open_it


def _rows(*reminders: Reminder) -> list[ReminderState]:
    with transaction(actor=SYSTEM) as session:
        found = session.exec(select(Reminder.id, Reminder.state)).all()
    return [dict(found)[each.id] for each in reminders]


def _shown(app: AppTest) -> str:
    return "\n".join(str(each.value) for each in [*app.title, *app.caption, *app.markdown])


def _many(world: IssueWorld, rule: ReminderRule, count: int = 12) -> list[Reminder]:
    return [given.told(rule, world.people["coordinator"], number, title=f"第{number}件") for number in range(count)]


def test_without_messages_the_page_says_what_will_come(world: IssueWorld, open_inbox: Open) -> None:
    app = open_inbox(world.people["officer_y"])

    assert "暂无消息" in _shown(app)
    assert "全部已读" in _shown(app)


def test_many_of_one_rule_are_one_line_that_opens(world: IssueWorld, open_inbox: Open) -> None:
    _many(world, given.rule("逾期一个工作日"))
    app = open_inbox(world.people["coordinator"])

    fold = next(each for each in app.expander if "逾期一个工作日" in each.label)
    assert "12条" in fold.label
    assert "12条未读" in fold.label
    assert "第3件" not in _shown(app)


def test_urgent_ones_stand_on_top_whatever_their_day(world: IssueWorld, open_inbox: Open) -> None:
    officer, rule = world.people["officer_x"], given.rule()
    given.told(rule, officer, 1, title="今天的")
    given.told(rule, officer, 2, title="紧急的", urgent=True, at=clock.now() - timedelta(days=5))

    shown = _shown(open_inbox(officer))

    assert shown.index("紧急的") < shown.index("今天的")
    assert "紧急未读 1条" in shown


def test_unread_is_bold_and_reading_makes_it_plain(world: IssueWorld, open_inbox: Open) -> None:
    told = given.told(given.rule(), world.people["officer_x"], 1, title="期限今天到期")
    app = open_inbox(world.people["officer_x"])
    assert "**期限今天到期**" in _shown(app)

    app.button(key=f"read_{told.id}").click().run()

    assert "**期限今天到期**" not in _shown(app)
    assert _rows(told) == [S.READ]


def test_opening_reads_it_and_leads_to_its_issue(world: IssueWorld, open_inbox: Open) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    told = given.told(given.rule(), world.people["coordinator"], issue_id)
    app = open_inbox(world.people["coordinator"])

    app.button(key=f"open_{told.id}").click().run()

    assert not app.exception
    assert world.enterprises["A"].name in [title.value for title in app.title]
    assert _rows(told) == [S.READ]


def test_confirming_stops_the_ladder_and_says_so(world: IssueWorld, open_inbox: Open) -> None:
    told = given.told(given.rule(), world.people["officer_x"], 1)
    later = given.planned(given.rule(), world.people["coordinator"], 1)
    app = open_inbox(world.people["officer_x"])

    app.button(key=f"confirm_{told.id}").click().run()

    assert _rows(told, later) == [S.ACTED_ON, S.CANCELLED]
    assert "已停止后续提醒1条" in "".join(toast.value for toast in app.toast)
    assert "已确认收到" in _shown(app)


def test_all_can_be_marked_as_read(world: IssueWorld, open_inbox: Open) -> None:
    told = _many(world, given.rule(), 3)
    app = open_inbox(world.people["coordinator"])

    app.button(key="read_all").click().run()

    assert set(_rows(*told)) == {S.READ}
    assert "全部已读" in _shown(app)


def test_what_came_after_the_page_was_drawn_stays_unread(world: IssueWorld, open_inbox: Open) -> None:
    """Given a page with three messages, when a fourth comes before all are marked as read, then it stays unread."""
    told = _many(world, given.rule(), 3)
    app = open_inbox(world.people["coordinator"])
    later = given.told(given.rule(), world.people["coordinator"], 99, at=clock.now() + timedelta(seconds=1))

    app.button(key="read_all").click().run()

    assert set(_rows(*told)) == {S.READ}
    assert _rows(later) == [S.DELIVERED]
    assert "1条未读" in _shown(app)


def test_a_filter_stands_in_the_address(world: IssueWorld, open_inbox: Open) -> None:
    officer, rule = world.people["officer_x"], given.rule()
    given.told(rule, officer, 1, title="没看过的")
    given.told(rule, officer, 2, title="看过的", state=S.READ)
    given.told(None, officer, 3, title="一则通知", subject=Subject.NOTICE)

    unread, notices = open_inbox(officer, show="unread"), open_inbox(officer, about="notice")

    assert "没看过的" in _shown(unread)
    assert "看过的" not in _shown(unread).replace("没看过的", "")
    assert "一则通知" in _shown(notices)
    assert "没看过的" not in _shown(notices)


@pytest.mark.parametrize("query", [{"before": "x_y"}, {"before": "1e400_1"}, {"show": "x"}, {"about": "x"}])
def test_an_address_typed_by_hand_breaks_nothing(world: IssueWorld, open_inbox: Open, query: dict[str, str]) -> None:
    given.told(given.rule(), world.people["officer_x"], 1, title="在这里")

    assert "在这里" in _shown(open_inbox(world.people["officer_x"], **query))


def test_the_start_page_says_how_many_wait(world: IssueWorld, open_app: OpenApp) -> None:
    rule = given.rule()
    given.told(rule, world.people["admin"], 1)
    given.told(rule, world.people["admin"], 2, urgent=True)

    app = open_app(world.people["admin"])

    assert "2条未读，其中1条紧急" in _shown(app)
    app.button(key="messages").click().run()
    assert not app.exception
    assert [title.value for title in app.title] == ["消息"]


def test_the_start_page_keeps_silent_without_any(world: IssueWorld, open_app: OpenApp) -> None:
    app = open_app(world.people["admin"])

    assert "未读" not in _shown(app)
