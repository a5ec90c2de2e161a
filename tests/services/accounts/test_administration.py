"""An administrator's care of accounts."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.db import transaction
from core.errors import ConflictError, InvalidError, NotAllowedError, UserError
from models.account import Account, Department, Role
from services import accounts
from services.actor import SYSTEM, Actor
from services.entities import save
from tests import factories as given

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")

NEW = {"username": "Li.Na", "name": "李娜", "role": "grid_worker", "active": True}


@pytest.fixture
def admin(database: str) -> Actor:  # noqa: ARG001 - asked for its effect
    return given.actor(Role.ADMINISTRATOR)


def enter(username: str, password: str) -> str:
    return accounts.sign_in(username, password, ip="10.0.0.1", user_agent="test")


def test_a_new_account_signs_in_with_its_first_password_and_must_change_it(admin: Actor) -> None:
    made = accounts.create(admin, NEW)

    here = accounts.actor_for(enter("li.na", made.password))

    assert here is not None
    assert here.must_change_password
    assert accounts.state_of(admin, made.id).must_change_password
    assert len(made.password) >= 16


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "a b"}, "username"),
        ({"username": ""}, "username"),
        ({"name": ""}, "name"),
        ({"role": "king"}, "role"),
        ({"email": "nobody"}, "email"),
        ({"role": "department_officer"}, "department_id"),
    ],
)
def test_what_is_not_acceptable_is_told_beside_its_field(admin: Actor, change: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidError) as told:
        accounts.create(admin, {**NEW, **change})

    assert set(told.value.problems) == {field}


def test_a_user_name_is_given_once_however_it_is_written(admin: Actor) -> None:
    accounts.create(admin, NEW)

    with pytest.raises(InvalidError) as told:
        accounts.create(admin, {**NEW, "username": "LI.NA"})
    assert set(told.value.problems) == {"username"}


def test_an_officer_belongs_to_a_department(admin: Actor) -> None:
    office = given.stored(Department(name="经济发展局"))

    made = accounts.create(admin, {**NEW, "role": "department_officer", "department_id": office.pk})

    assert accounts.departments(admin) == {office.pk: "经济发展局"}
    assert next(row for row in given.rows(Account) if row.id == made.id).department_id == office.id


def test_only_an_officer_heads_a_department(admin: Actor) -> None:
    """Given the head of a department, when the account gets another role, then it heads none."""
    office = given.stored(Department(name="经济发展局"))
    head = {"role": "department_officer", "department_id": office.pk, "heads_department": True}
    made = accounts.create(admin, {**NEW, **head})
    assert [row.username for row in given.rows(Account) if row.heads_department] == ["li.na"]

    save(admin, accounts.ACCOUNTS, {**NEW, "role": "manager", "department_id": None}, made.id)

    assert not any(row.heads_department for row in given.rows(Account))


def test_a_reset_gives_a_new_first_password_and_ends_every_session(admin: Actor) -> None:
    made = accounts.create(admin, NEW)
    token = enter("li.na", made.password)

    again = accounts.reset_password(admin, made.id)

    assert accounts.actor_for(token) is None
    assert again.password != made.password
    with pytest.raises(UserError):
        enter("li.na", made.password)
    assert enter("li.na", again.password)


def test_the_own_password_is_changed_not_reset(admin: Actor) -> None:
    with pytest.raises(ConflictError, match="我的账号"):
        accounts.reset_password(admin, admin.pk)


def test_deactivating_ends_sessions_at_once(admin: Actor) -> None:
    made = accounts.create(admin, NEW)
    token = enter("li.na", made.password)
    assert accounts.state_of(admin, made.id).sessions == 1

    save(admin, accounts.ACCOUNTS, {"active": False}, made.id)

    assert accounts.actor_for(token) is None
    assert accounts.state_of(admin, made.id).sessions == 0


def test_an_administrator_signs_somebody_out_and_sees_who_is_signed_in(admin: Actor) -> None:
    made = accounts.create(admin, NEW)
    token = enter("li.na", made.password)
    assert [each.username for each in accounts.live_sessions(admin)] == ["li.na"]

    assert accounts.end_all_sessions(admin, made.id) == 1

    assert accounts.actor_for(token) is None
    assert accounts.live_sessions(admin) == []


@pytest.mark.parametrize("change", [{"active": False}, {"role": "manager"}])
def test_administrators_cannot_lock_themselves_out(admin: Actor, change: dict[str, object]) -> None:
    given.account(Role.ADMINISTRATOR)

    with pytest.raises(UserError, match="不能取消自己的管理员权限"):
        save(admin, accounts.ACCOUNTS, change, admin.pk)


@pytest.mark.parametrize("change", [{"active": False}, {"role": "manager"}])
def test_the_last_administrator_stays(admin: Actor, change: dict[str, object]) -> None:
    with pytest.raises(UserError, match="最后一名管理员"):
        save(SYSTEM, accounts.ACCOUNTS, change, admin.pk)

    other = given.account(Role.ADMINISTRATOR)
    save(SYSTEM, accounts.ACCOUNTS, change, admin.pk)
    with pytest.raises(UserError, match="最后一名管理员"):
        save(SYSTEM, accounts.ACCOUNTS, change, other.pk)


def test_two_administrators_who_remove_each_other_at_once_do_not_both_succeed(admin: Actor) -> None:
    other = given.actor(Role.ADMINISTRATOR)

    def remove(pair: tuple[Actor, Actor]) -> bool:
        try:
            save(pair[0], accounts.ACCOUNTS, {"active": False}, pair[1].pk)
        except UserError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(remove, [(admin, other), (other, admin)]))

    assert sorted(done) == [False, True]


def test_what_an_administrator_leaves_as_it_is_may_be_saved(admin: Actor) -> None:
    save(admin, accounts.ACCOUNTS, {"name": "新名字", "active": True, "role": "administrator"}, admin.pk)

    with transaction(actor=SYSTEM) as session:
        assert session.get_one(Account, admin.pk).name == "新名字"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_looks_after_accounts(admin: Actor, role: Role) -> None:
    outsider = given.actor(role)

    for attempt in (
        lambda: accounts.create(outsider, NEW),
        lambda: accounts.reset_password(outsider, admin.pk),
        lambda: accounts.unlock(outsider, admin.pk),
        lambda: accounts.end_all_sessions(outsider, admin.pk),
        lambda: accounts.state_of(outsider, admin.pk),
        lambda: accounts.live_sessions(outsider),
        lambda: accounts.departments(outsider),
        lambda: accounts.form(outsider),
        lambda: save(outsider, accounts.ACCOUNTS, {"role": "administrator"}, outsider.pk),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
