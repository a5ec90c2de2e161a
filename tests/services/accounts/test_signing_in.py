"""Passwords, throttling, sessions: signing in and what ends it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core import clock
from core.db import transaction
from core.errors import InvalidError, NotAllowedError, NotFoundError, NotSignedInError, UserError
from core.settings import settings
from models.account import Account, Role, SignInAttempt, SignInSession
from services import accounts
from services.accounts import set_password
from services.actor import SYSTEM, Actor
from services.permissions import Action
from services.use_case import use_case
from tests import factories as given

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")

PASSWORD = "correct-horse-42"
WRONG = "用户名或密码不正确"
THROTTLED = "密码错误次数过多"


def person(role: Role = Role.GRID_WORKER, **more: object) -> Account:
    made = Account(username="lina", name="李娜", role=role, **{"must_change_password": False, **more})
    set_password(made, PASSWORD)
    return given.stored(made)


def enter(username: str = "lina", password: str = PASSWORD, ip: str = "10.0.0.1") -> str:
    return accounts.sign_in(username, password, ip=ip, user_agent="Mozilla/5.0 (Windows NT 10.0) Chrome/120")


def actor(token: str) -> Actor:
    found = accounts.actor_for(token)
    assert found is not None
    return found


def test_the_right_password_opens_a_session_for_that_person() -> None:
    made = person()

    here = actor(enter(" LiNa "))

    assert (here.account_id, here.name, here.role, here.ip) == (made.id, "李娜", Role.GRID_WORKER, "10.0.0.1")


def test_the_database_holds_neither_password_nor_token() -> None:
    person()
    token = enter()

    assert given.rows(Account)[0].password_hash.startswith("$argon2id$")
    assert token not in given.rows(SignInSession)[0].token_hash


@pytest.mark.parametrize(("username", "password"), [("lina", "wrong-horse-42"), ("nobody", PASSWORD), ("lina", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(username: str, password: str) -> None:
    person()

    with pytest.raises(UserError, match=WRONG):
        enter(username, password)


def test_a_deactivated_account_and_one_without_a_password_cannot_sign_in() -> None:
    person(active=False)
    given.stored(Account(username="sso", name="王", role=Role.MANAGER))

    for username in ("lina", "sso"):
        with pytest.raises(UserError, match=WRONG):
            enter(username)


def test_too_many_wrong_passwords_make_the_account_wait_even_with_the_right_one() -> None:
    person()
    for number in range(settings().sign_in_attempts):
        with pytest.raises(UserError, match=WRONG):
            enter(password="wrong", ip=f"10.0.1.{number}")

    with pytest.raises(UserError, match=f"{THROTTLED}，请 15 分钟后再试"):
        enter()

    clock.advance(timedelta(minutes=14))
    with pytest.raises(UserError, match="请 1 分钟后再试"):
        enter()
    clock.advance(timedelta(minutes=1, seconds=1))
    assert enter()


def test_waiting_is_not_made_longer_by_trying() -> None:
    person()
    for _ in range(settings().sign_in_attempts + 3):
        with pytest.raises(UserError):
            enter(password="wrong")

    assert len(given.rows(SignInAttempt)) == settings().sign_in_attempts


def test_the_right_password_makes_the_wrong_ones_forgotten() -> None:
    person()
    for _ in range(2):
        for _ in range(settings().sign_in_attempts - 1):
            with pytest.raises(UserError, match=WRONG):
                enter(password="wrong")
        assert enter()


def test_an_address_that_tries_many_names_must_wait_but_others_not() -> None:
    person()
    for number in range(settings().sign_in_attempts * 10):
        with pytest.raises(UserError, match=WRONG):
            enter(f"name{number}", "wrong", ip="10.9.9.9")

    with pytest.raises(UserError, match=THROTTLED):
        enter(ip="10.9.9.9")
    assert enter(ip="10.0.0.1")


def test_tries_at_once_are_counted_like_tries_in_a_row() -> None:
    person()

    def attempt(_number: int) -> str:
        try:
            enter(password="wrong")
        except UserError as problem:
            return problem.message
        return ""

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(attempt, range(12)))

    assert sum("wrong." in message for message in told) == settings().sign_in_attempts


def test_an_administrator_unlocks() -> None:
    made = person()
    admin = given.actor(Role.ADMINISTRATOR)
    for _ in range(settings().sign_in_attempts):
        with pytest.raises(UserError):
            enter(password="wrong")
    assert accounts.state_of(admin, made.pk).locked_until

    accounts.unlock(admin, made.pk)

    assert enter()
    assert accounts.state_of(admin, made.pk).locked_until is None


def test_a_session_ends_after_its_hours_however_much_it_is_used() -> None:
    person()
    token = enter()
    for _ in range(settings().session_hours):
        assert accounts.actor_for(token)
        clock.advance(timedelta(hours=1))

    assert accounts.actor_for(token) is None
    assert not accounts.is_live(token)


def test_a_session_left_unused_ends_and_one_in_use_goes_on() -> None:
    person()
    used, unused = enter(), enter()
    for _ in range(3):
        clock.advance(timedelta(minutes=settings().session_idle_minutes - 1))
        assert accounts.actor_for(used)

    assert accounts.actor_for(unused) is None


def test_signing_out_ends_this_session_only() -> None:
    person()
    here, there = enter(), enter()

    accounts.sign_out(here)
    accounts.sign_out(here)
    accounts.sign_out("made up")

    assert accounts.actor_for(here) is None
    assert accounts.actor_for(there)


def test_signing_out_everywhere_ends_every_session_of_the_account_and_no_other() -> None:
    person()
    tokens = [enter(), enter()]
    other = given.stored(Account(username="other", name="王", role=Role.MANAGER, must_change_password=False))
    with transaction(actor=SYSTEM) as session:
        foreign = accounts.open_session(session, session.get_one(Account, other.pk), ip="", user_agent="")

    accounts.sign_out_everywhere(actor(tokens[0]))

    assert [accounts.actor_for(token) for token in tokens] == [None, None]
    assert accounts.actor_for(foreign)


def test_a_fragment_cannot_outlive_its_session() -> None:
    person()
    token = enter()
    kept = actor(token)  # as a fragment or a callback keeps it

    accounts.sign_out(token)

    with pytest.raises(NotSignedInError), use_case(kept, Action.ACCOUNT_OWN):
        pass


def test_an_actor_is_refused_whose_session_was_left_unused_for_too_long() -> None:
    """Given a page left open, when a dialog or a button of it is used after the limit, then it asks to sign in."""
    person()
    kept = actor(enter())
    clock.advance(timedelta(minutes=settings().session_idle_minutes - 1))
    with use_case(kept, Action.ACCOUNT_OWN):
        pass

    clock.advance(timedelta(minutes=2))

    with pytest.raises(NotSignedInError), use_case(kept, Action.ACCOUNT_OWN):
        pass


def test_an_actor_of_an_earlier_role_is_refused() -> None:
    made = person(Role.COORDINATOR)
    kept = actor(enter())
    with transaction(actor=SYSTEM) as session:
        session.get_one(Account, made.pk).role = Role.GRID_WORKER

    with pytest.raises(NotSignedInError), use_case(kept, Action.CAMPAIGN_EDIT):
        pass


def test_a_new_password_ends_the_other_sessions() -> None:
    person(must_change_password=True)
    here, there = enter(), enter()

    accounts.change_password(actor(here), PASSWORD, "battery-staple-7")

    assert not actor(here).must_change_password
    assert accounts.actor_for(there) is None
    assert enter(password="battery-staple-7")
    with pytest.raises(UserError, match=WRONG):
        enter()


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("short-1", "至少需要 10 个字符"),
        ("my-lina-password", "不能包含用户名"),
        ("12345678901234", "过于简单"),
        ("aaaaaaaaaaab", "过于简单"),
        ("Password123!", "过于简单"),
        ("1qaz2wsx3edc", "过于简单"),
        ("woaini1314520", "过于简单"),
        ("x1" * 60, "过于简单"),
        ("x1" * 70, "最多 128 个字符"),
        (PASSWORD, "不能与当前密码相同"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(new: str, told: str) -> None:
    person()
    here = actor(enter())

    with pytest.raises(InvalidError, match=told):
        accounts.change_password(here, PASSWORD, new)
    assert enter()


def test_in_production_the_demonstrations_password_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    public = accounts.passwords.OF_DEMONSTRATION
    made = person()
    set_password(made, public)
    with transaction(actor=SYSTEM) as session:
        session.merge(made)
    assert enter(password=public)

    monkeypatch.setenv("QIANQI_MODE", "production")
    settings.cache_clear()

    with pytest.raises(UserError, match=WRONG):
        enter(password=public)
    with pytest.raises(InvalidError, match="泄露"):
        set_password(made, public)


def test_guessing_the_present_password_is_throttled_too() -> None:
    person()
    here = actor(enter())
    for _ in range(settings().sign_in_attempts):
        with pytest.raises(InvalidError, match="当前密码不正确"):
            accounts.change_password(here, "wrong", "battery-staple-7")

    with pytest.raises(UserError, match=THROTTLED):
        accounts.change_password(here, PASSWORD, "battery-staple-7")


def test_somebody_with_a_first_password_reaches_nothing_but_changing_it() -> None:
    person(must_change_password=True)
    here = actor(enter())

    with pytest.raises(NotAllowedError, match="请先修改初始密码"):
        accounts.profile(here)
    accounts.choose_locale(here, "en")
    accounts.change_password(actor(enter()), PASSWORD, "battery-staple-7")


def test_people_see_and_end_their_own_sessions_and_no_others() -> None:
    person()
    here, there = enter(), enter()
    outsider = given.actor(Role.TEAM_LEAD)
    own = accounts.own_sessions(actor(here))
    assert {each.is_present for each in own} == {True, False}
    assert {each.device for each in own} == {"Chrome · Windows"}
    foreign = next(each for each in own if not each.is_present)

    with pytest.raises(NotFoundError):
        accounts.end_session(outsider, foreign.id)
    accounts.end_session(actor(here), foreign.id)

    assert accounts.actor_for(there) is None
    assert accounts.own_sessions(outsider) == []


def test_the_language_is_one_of_those_there_are() -> None:
    person()
    here = actor(enter())

    accounts.choose_locale(here, "en")

    assert actor(enter()).locale == "en"
    with pytest.raises(NotAllowedError):
        accounts.choose_locale(here, "xx")
