"""The pages of notices: three steps from an audience to a batch on its way, and what can be done with it then."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.db import transaction
from core.i18n import in_locale
from models.account import Account, Role
from models.addressees import EnterpriseChoice, StaffChoice
from models.area import Tier
from models.enterprise import Contact, Enterprise
from models.reminder import Audience, BatchState, NoticeBatch, Reminder, ReminderState
from services.actor import SYSTEM, Actor
from services.enterprises import contacts, merging
from services.notices import drafting, reading, sending, writing
from tests import factories as given
from tests.pages.conftest import OpenApp, PressedTwice

pytestmark = pytest.mark.usefixtures("frozen_clock")
LIST, NEW, BATCH = "pages/notices/list.py", "pages/notices/new.py", "pages/notices/batch.py"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The test runner names options itself, in this thread, when it sends a page's inputs."""
    with in_locale("en"):
        yield


@pytest.fixture
def coordinator(database: str) -> Account:  # noqa: ARG001 - asked for its effect
    """Somebody who sends, in a zone with two enterprises that can be reached and one that cannot."""
    grid = given.area(Tier.GRID, given.area(Tier.STREET))
    for name, email in (("恒越公司", "a@hy.example.com"), ("东泽公司", "a@dz.example.com"), ("诚德公司", "")):
        row = given.enterprise(grid, name)
        given.stored(Contact(enterprise_id=row.pk, name=f"{name}联系人", email=email, is_primary=True))
    return given.account(Role.COORDINATOR, locale="en")


@pytest.fixture
def actor(coordinator: Account) -> Actor:
    return given.acting(coordinator)


def _draft(actor: Actor, **words: object) -> int:
    batch_id = drafting.choose(actor, EnterpriseChoice())
    said = {"title": "{{ enterprise }},请年报", "body": "{{ person }},您好", "matter": "年报", "urgent": True}
    drafting.write(actor, batch_id, said | words)
    return batch_id


def _sent(actor: Actor) -> int:
    batch_id = _draft(actor)
    sending.start(actor, batch_id)
    writing.write({"batch_id": batch_id})
    return batch_id


def _press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def _texts(app: AppTest) -> str:
    return "\n".join(text.value for text in [*app.markdown, *app.caption, *app.title, *app.error])


def _batches() -> list[NoticeBatch]:
    return given.rows(NoticeBatch)


def test_a_notice_goes_out_in_three_steps(coordinator: Account, open_app: OpenApp) -> None:
    app = open_app(coordinator, LIST)
    assert "There is no notice yet" in _texts(app)

    _press(app, "new")
    app = open_app(coordinator, NEW)  # the test runner does not follow a page that leaves for another
    assert "**3** enterprises fit · 2 can be reached · 1 cannot be reached" in _texts(app)
    assert not app.warning
    _press(app, "next")
    (draft,) = _batches()
    app = open_app(coordinator, NEW, batch=draft.pk)
    app.text_input(key=f"notice_{draft.pk}_title").set_value("{{ enterprise }},请年报")
    app.text_area(key=f"notice_{draft.pk}_body").set_value("{{ person }},您好!")
    _press(app, "next")
    app = open_app(coordinator, NEW, batch=draft.pk)
    assert "东泽公司,请年报" in _texts(app) or "恒越公司,请年报" in _texts(app)
    assert [metric.value for metric in app.metric] == ["2", "2", "1"]
    _press(app, "send_yes")

    (batch,) = _batches()
    assert (batch.state, batch.planned, batch.unreachable) == (BatchState.SENDING, 2, 1)
    assert "Being sent" in _texts(open_app(coordinator, BATCH, batch=batch.pk))


def test_a_hurried_second_press_begins_one_draft(
    coordinator: Account, open_app: OpenApp, pressed_twice: PressedTwice
) -> None:
    """Given an audience chosen, when the button is pressed again meanwhile, then one draft goes on to its words."""
    app = open_app(coordinator, NEW)
    pressed_twice(drafting, "choose")

    _press(app, "next")

    (batch,) = _batches()
    assert (app.query_params["batch"], app.query_params["step"]) == (str(batch.pk), "2")


def test_a_batch_copied_by_a_hurried_second_press_is_copied_once(
    coordinator: Account, actor: Actor, open_app: OpenApp, pressed_twice: PressedTwice
) -> None:
    """Given a batch sent, when its button is pressed again meanwhile, then one copy of it is open."""
    app = open_app(coordinator, BATCH, batch=_sent(actor))
    pressed_twice(drafting, "copy")

    _press(app, "copy")

    copied = max(each.pk for each in _batches())
    assert len(_batches()) == 2
    assert app.query_params["batch"] == str(copied)


def test_a_faulty_text_is_told_beside_its_field_and_nothing_is_lost_on_the_way_back(
    coordinator: Account, actor: Actor, open_app: OpenApp
) -> None:
    batch_id = drafting.choose(actor, EnterpriseChoice())
    app = open_app(coordinator, NEW, batch=batch_id)

    app.text_input(key=f"notice_{batch_id}_title").set_value("{{ enterprize }}")
    app.text_area(key=f"notice_{batch_id}_body").set_value("您好")
    _press(app, "next")
    assert "unknown word: enterprize" in _texts(app)
    app.text_input(key=f"notice_{batch_id}_title").set_value("年报")
    _press(app, "back")

    assert _batches()[0].title == "年报"


def test_a_pasted_list_chooses_only_its_enterprises(coordinator: Account, open_app: OpenApp) -> None:
    app = open_app(coordinator, NEW)

    app.text_area(key="notice_new_list").set_value("没有这家").run()
    assert app.button(key="next").disabled
    app.text_area(key="notice_new_list").set_value("恒越公司\n没有这家").run()
    assert "**1** enterprise fits" in _texts(app)
    assert any("1 line names no enterprise" in each.value for each in app.warning)
    _press(app, "next")

    (batch,) = _batches()
    assert len(batch.filters["only"]) == 1
    app = open_app(coordinator, NEW, batch=batch.pk, step=1)
    assert "A list of **1** enterprises is kept." in _texts(app)
    _press(app, f"notice_{batch.pk}_forget")
    assert "**3** enterprises fit" in _texts(app)


def test_staff_are_chosen_by_role(coordinator: Account, open_app: OpenApp) -> None:
    given.account(Role.GRID_WORKER)
    app = open_app(coordinator, NEW)

    app.button_group(key="notice_new_audience").set_value(Audience.STAFF).run()
    app.multiselect(key="notice_new_staff_roles").set_value(["grid_worker"]).run()
    assert "**1** person gets it" in _texts(app)
    _press(app, "next")

    assert _batches()[0].filters == {"roles": ["grid_worker"]}


def test_a_draft_is_found_again_and_discarded(coordinator: Account, actor: Actor, open_app: OpenApp) -> None:
    batch_id = _draft(actor)
    app = open_app(coordinator, LIST)

    _press(app, f"open_{batch_id}")
    _press(open_app(coordinator, NEW, batch=batch_id), "discard_yes")

    assert _batches()[0].state is BatchState.CANCELLED


def test_a_batch_is_paused_resumed_and_cancelled(coordinator: Account, actor: Actor, open_app: OpenApp) -> None:
    batch_id = _sent(actor)
    app = open_app(coordinator, BATCH, batch=batch_id)
    assert "0 of 2 done" in [each.proto.text for each in app.get("progress")]

    _press(app, "pause")
    assert _batches()[0].state is BatchState.PAUSED
    _press(app, "resume")
    assert _batches()[0].state is BatchState.SENDING
    _press(app, "cancel_yes")

    assert _batches()[0].state is BatchState.CANCELLED
    assert {row.state for row in given.rows(Reminder)} == {ReminderState.CANCELLED}


def test_recipients_are_narrowed_by_state_and_who_is_missed_is_told(
    coordinator: Account, actor: Actor, open_app: OpenApp
) -> None:
    batch_id = _sent(actor)
    first = given.rows(Reminder)[0].pk
    with transaction(actor=SYSTEM) as session:
        session.get_one(Reminder, first).state = ReminderState.READ
    app = open_app(coordinator, BATCH, batch=batch_id)
    assert "2 recipients" in _texts(app)

    app.button_group(key="recipient_states").set_value([ReminderState.READ]).run()

    assert not app.exception
    assert "1 recipient" in _texts(app)
    assert any("诚德公司" in str(frame.value) for frame in app.dataframe)


def test_a_batch_to_enterprises_that_were_merged_since_shows_every_recipient(
    coordinator: Account, actor: Actor, open_app: OpenApp
) -> None:
    """Given a notice to two enterprises, when one is merged into the other, then both its rows open the one kept."""
    batch_id = _sent(actor)
    kept, dropped = given.rows(Enterprise, lambda row: row.name in {"恒越公司", "东泽公司"})
    merging.merge(actor, kept.pk, dropped.pk)

    app = open_app(coordinator, BATCH, batch=batch_id)

    assert not app.exception
    assert list(app.dataframe[0].value["Enterprise"]) == [kept.name, kept.name]
    _press(app, f"recipients_open_{given.rows(Reminder)[-1].pk}")
    assert app.query_params["enterprise"] == str(kept.pk)


def test_a_recipient_whose_contact_was_deleted_opens_the_profile_of_their_enterprise(
    coordinator: Account, actor: Actor, open_app: OpenApp
) -> None:
    batch_id = _sent(actor)
    gone = given.rows(Reminder)[0]
    contacts.remove(actor, gone.contact_id or 0)
    app = open_app(coordinator, BATCH, batch=batch_id)
    assert app.dataframe[0].value["Recipient"][0] == "(a contact since deleted)"

    _press(app, f"recipients_open_{gone.pk}")

    assert app.query_params["enterprise"] == str(gone.enterprise_id)


def test_all_recipients_are_handed_out_only_by_the_export_that_is_logged(
    coordinator: Account, actor: Actor, open_app: OpenApp
) -> None:
    app = open_app(coordinator, BATCH, batch=_sent(actor))

    assert [each.label for each in app.get("download_button")] == ["Export as Excel"]


def test_a_draft_whose_field_is_no_more_says_so_and_is_not_sent(
    coordinator: Account, actor: Actor, open_app: OpenApp
) -> None:
    batch_id = drafting.choose(actor, EnterpriseChoice.of("", {"deng_ji": ["国家级"]}))
    drafting.write(actor, batch_id, {"title": "年报", "body": "您好"})

    app = open_app(coordinator, NEW, batch=batch_id, step=3)
    assert "a filter not offered any more \\(deng\\_ji\\)" in _texts(app)
    assert app.metric[0].value == "0"

    app = open_app(coordinator, NEW, batch=batch_id, step=1)
    assert any("may mean more" in each.value for each in app.warning)


def test_a_batch_is_used_again_as_a_draft(coordinator: Account, actor: Actor, open_app: OpenApp) -> None:
    batch_id = _sent(actor)
    app = open_app(coordinator, BATCH, batch=batch_id)

    _press(app, "copy")

    assert [batch.state for batch in _batches()] == [BatchState.SENDING, BatchState.DRAFT]
    assert app.button(key="next").label == "Next: what it says"


def test_a_manager_looks_and_changes_nothing(coordinator: Account, actor: Actor, open_app: OpenApp) -> None:
    assert coordinator
    batch_id, draft = _sent(actor), _draft(actor)
    manager = given.account(Role.MANAGER, locale="en")

    app = open_app(manager, LIST)
    assert not app.exception
    assert "new" not in {button.key for button in app.button}
    app = open_app(manager, BATCH, batch=batch_id)
    assert not app.exception
    assert {"pause", "cancel_yes", "copy"}.isdisjoint({button.key for button in app.button})
    app = open_app(manager, BATCH, batch=draft)
    assert "not visible to you" in _texts(app)


def test_a_notice_to_staff_stands_in_the_list(coordinator: Account, actor: Actor, open_app: OpenApp) -> None:
    given.account(Role.GRID_WORKER)
    batch_id = drafting.choose(actor, StaffChoice(roles=(Role.GRID_WORKER,)))
    drafting.write(actor, batch_id, {"title": "培训通知", "body": "请参加"})
    sending.start(actor, batch_id)
    writing.write({"batch_id": batch_id})

    app = open_app(coordinator, LIST)

    assert any("培训通知" in str(frame.value) for frame in app.dataframe)
    assert reading.sums(actor).counts.total == 1
    app = open_app(coordinator, BATCH, batch=batch_id)
    assert not app.exception


def test_a_search_on_a_later_page_finds_what_is_there(coordinator: Account, actor: Actor, open_app: OpenApp) -> None:
    """Given the second page of 21 notices, when the search leaves one, then it is shown."""
    for number in range(21):
        _draft(actor, title=f"通知{number:02}")
    app = open_app(coordinator, LIST)
    app.session_state["notice_page"] = 2
    app.run()
    assert list(app.dataframe[0].value["Title"]) == ["通知00"]

    app.text_input(key="notice_search").set_value("通知07").run()

    assert list(app.dataframe[0].value["Title"]) == ["通知07"]


def test_a_notice_changed_after_it_was_read_is_not_sent_by_the_readers_yes(
    coordinator: Account, actor: Actor, open_app: OpenApp
) -> None:
    batch_id = _draft(actor)
    app = open_app(coordinator, NEW, batch=batch_id, step=3)
    drafting.write(actor, batch_id, {"title": "更正", "body": "作废", "matter": "", "urgent": False})

    app = _press(app, "send_yes")

    assert "Somebody has changed this notice meanwhile" in _texts(app)
    assert [each.state for each in _batches()] == [BatchState.DRAFT]
    assert _press(app, "send_yes")
    assert [each.state for each in _batches()] == [BatchState.SENDING]
