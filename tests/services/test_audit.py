"""The audit log: written by itself, never rewritten, found again and readable."""

import ast
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import psycopg
import pytest
from psycopg import errors, sql
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

import models.all
from core import clock
from core.db import transaction
from core.errors import NotAllowedError
from core.i18n import in_locale
from core.settings import settings
from models.account import Account, Department, Role
from models.area import Tier
from models.audit import AuditEntry
from models.base import Row, Table
from models.configuration import CalendarDay, DayKind, Extensible
from services import accounts, audit, audit_trail
from services.actor import SYSTEM, Actor
from services.audit import AuditQuery, reading
from services.audit.labels import INNER
from services.configuration.extra_fields import extra_fields_of
from services.enterprises import ENTERPRISES, contacts
from services.entities import save
from services.permissions import Action
from services.use_case import use_case
from tests import factories as given
from tests.servers import ROOT

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")

NEW = {"username": "lina", "name": "李娜", "role": "grid_worker", "active": True}


@pytest.fixture
def admin(database: str) -> Actor:  # noqa: ARG001 - asked for its effect
    return given.actor(Role.ADMINISTRATOR)


@pytest.mark.parametrize("login", ["database_url", "migration_url"])
@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET actor_name = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
def test_no_login_of_the_product_can_rewrite_the_log(admin: Actor, login: str, statement: str) -> None:
    accounts.create(admin, NEW)

    with psycopg.connect(getattr(settings(), login)) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(sql.SQL(statement))  # type: ignore[arg-type]  # a literal of the parameters above


def test_the_application_may_not_take_the_guard_away(admin: Actor) -> None:
    accounts.create(admin, NEW)

    for statement in ("DROP TRIGGER audit_entry_rows ON audit_entry", "ALTER TABLE audit_entry DISABLE TRIGGER ALL"):
        with psycopg.connect(settings().database_url) as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(sql.SQL(statement))  # type: ignore[arg-type]  # literals above


def test_a_change_is_told_with_before_and_after_in_the_reader_s_words(admin: Actor) -> None:
    office = given.stored(Department(name="经济发展局"))
    made = accounts.create(admin, NEW)
    save(admin, accounts.ACCOUNTS, {"role": "department_officer", "department_id": office.pk}, made.id)

    newest = audit.search(admin, AuditQuery(entity="account", entity_id=str(made.id)))[0]

    assert (newest.action, newest.entity, newest.title) == ("修改", "账号", "李娜")
    assert [(each.field, each.before, each.after) for each in newest.changes] == [
        ("角色", "网格员", "部门经办人"),
        ("部门", "", "经济发展局"),
    ]
    with in_locale("en"):
        english = audit.search(admin, AuditQuery(entity="account", entity_id=str(made.id)))[0]
        assert (english.action, english.changes[0].after) == ("changed", "Department officer")


def test_a_day_of_its_own_in_place_of_one_of_a_notice_is_told_in_words(admin: Actor) -> None:
    day = given.stored(CalendarDay(day=date(2023, 10, 7), kind=DayKind.WORKDAY, name="国庆节", notice_year=2023))
    with transaction(actor=admin) as session:
        session.get_one(CalendarDay, day.pk).notice_year = -2023

    (newest, *_earlier) = audit.search(admin, AuditQuery(entity="calendar_day"))

    assert [(each.field, each.before, each.after) for each in newest.changes] == [
        ("所属放假通知年份", "2023", "2023（已由自定日期替代）")
    ]


def test_a_secret_is_told_as_changed_and_no_more(admin: Actor) -> None:
    made = accounts.create(admin, NEW)
    again = accounts.reset_password(admin, made.id)

    entries = audit.search(admin, AuditQuery(entity="account"))

    assert ("密码", "", "（已更改）") in [(c.field, c.before, c.after) for c in entries[0].changes]
    everything = str([(row.before, row.after) for row in _log()])
    assert "argon2" not in everything
    assert made.password not in everything
    assert again.password not in everything


def test_the_log_says_from_where_and_by_whom(admin: Actor) -> None:
    here = Actor(admin.account_id, admin.name, admin.role, ip="10.1.2.3")
    accounts.create(here, NEW)

    entry = audit.search(admin, AuditQuery())[0]

    assert (entry.actor_name, entry.ip) == (admin.name, "10.1.2.3")
    assert entry.at == clock.now()


def test_sign_ins_refused_ones_included_are_told(admin: Actor) -> None:
    made = accounts.create(admin, NEW)
    token = accounts.sign_in("lina", made.password, ip="10.0.0.7", user_agent="x")
    accounts.sign_out(token)
    with pytest.raises(Exception, match="不正确"):
        accounts.sign_in("lina", "wrong", ip="10.0.0.8", user_agent="x")

    refused, out, entered = audit.search(admin, AuditQuery(entity="account", entity_id=str(made.id), size=3))

    assert (refused.action, refused.actor_name, refused.ip) == ("登录被拒", "系统", "10.0.0.8")
    assert (out.action, out.actor_name) == ("退出登录", "李娜")
    assert (entered.action, entered.actor_name, entered.ip) == ("登录", "李娜", "10.0.0.7")


def test_what_failed_leaves_no_entry(admin: Actor) -> None:
    before = len(_log())

    with pytest.raises(IntegrityError):
        _store_twice(admin)

    assert len(_log()) == before


def test_it_is_searched_by_person_action_and_period(admin: Actor) -> None:
    other = given.account(Role.ADMINISTRATOR, "周敏")
    accounts.create(given.acting(other), NEW)
    clock.advance(timedelta(days=2))
    save(admin, accounts.ACCOUNTS, {"name": "周小敏"}, other.pk)
    day = date(2023, 12, 6)

    by = lambda **asked: {(e.actor_name, e.action) for e in audit.search(admin, AuditQuery(**asked))}  # noqa: E731
    assert by(person="小敏") == {("周敏", "新建")}, "found under the new name"
    assert by(verb="changed") == {(admin.name, "修改")}
    assert by(since=day + timedelta(days=1)) == {(admin.name, "修改")}
    assert (admin.name, "修改") not in by(until=day)
    assert {who for who, _what in by(person="系统")} == {"系统"}
    assert by(person="%") == set()
    assert by(entity="enterprise") == set()


def test_signs_that_no_database_takes_are_left_out_of_a_search(admin: Actor) -> None:
    assert audit.search(admin, AuditQuery(entity_id="no such\x00")) == []
    assert audit.search(admin, AuditQuery(person="nobody\x00")) == []


def test_it_is_paged_by_key_so_that_new_entries_move_nothing(admin: Actor) -> None:
    for number in range(7):
        given.stored(Department(name=f"局{number}"))
    first = audit.search(admin, AuditQuery(entity="department", size=3))
    given.stored(Department(name="新局"))

    second = audit.search(admin, AuditQuery(entity="department", size=3, before_id=first[-1].id))

    assert [entry.title for entry in (*first, *second)] == ["局6", "局5", "局4", "局3", "局2", "局1"]


def test_an_export_has_a_line_for_each_field_and_is_noted_itself(admin: Actor) -> None:
    made = accounts.create(admin, {**NEW, "name": "=李娜"})

    book = openpyxl.load_workbook(BytesIO(audit.export(admin, AuditQuery(entity="account", entity_id=str(made.id)))))

    lines = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)]
    assert ["姓名", "=李娜"] in [[line[5], line[7]] for line in lines]
    assert audit.search(admin, AuditQuery())[0].action == "导出"


def test_phone_numbers_of_contacts_are_masked_in_the_log_and_its_export(admin: Actor) -> None:
    """Given a contact's number and one of an extra field, then the log tells that they changed, not what they are."""
    save(admin, extra_fields_of(Extensible.ENTERPRISE), {"label": "值班电话", "key": "duty", "kind": "phone"})
    coordinator = given.actor(Role.COORDINATOR)
    values = {"name": "甲公司", "area_id": given.area(Tier.VILLAGE).pk, "duty": "0571 8888 0002"}
    enterprise = save(coordinator, ENTERPRISES, values)
    contact = contacts.save(coordinator, enterprise, {"name": "王芳", "phone": "199 0000 0001", "is_primary": True})
    contacts.save(coordinator, enterprise, {"phone": "199 1111 0001"}, contact)

    with use_case(coordinator, Action.VISIT_VIEW) as session:
        audit_trail.note(session, "visit", 1, "recorded", met_phone="19922220003")

    told = [(each.after, each.before) for entry in audit.search(admin, AuditQuery()) for each in entry.changes]
    book = openpyxl.load_workbook(BytesIO(audit.export(admin, AuditQuery())))
    cells = [str(cell) for row in book.active.values for cell in row]

    assert told.count(("199****0001", "199****0001")) == 1
    assert ("199****0001", "") in told
    assert "199****0001" in cells
    assert not [
        text for text in (*cells, *map(str, told)) if any(part in text for part in ("90000", "91111", "92222", "8888"))
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_administrators_reads_it(role: Role) -> None:
    outsider = given.actor(role)

    for attempt in (lambda: audit.search(outsider, AuditQuery()), lambda: audit.export(outsider, AuditQuery())):
        with pytest.raises(NotAllowedError):
            attempt()


def test_a_statement_that_changes_rows_past_the_log_is_refused() -> None:
    with transaction(actor=SYSTEM) as session, pytest.raises(RuntimeError, match="audited"):
        session.execute(update(Account).values(active=False))


def audited_tables() -> list[type[Table]]:
    """Return the product's audited tables: other tests define tables of their own."""
    own = {f"models.{name}" for name in models.all.__all__}
    classes = {*Row.__subclasses__(), *Table.__subclasses__()}
    return [each for each in classes if each.__module__ in own and each.audited and hasattr(each, "__table__")]


def test_every_audited_table_has_a_name_people_read() -> None:
    tables = {str(model.__tablename__) for model in audited_tables()}

    assert "enterprise" in tables
    assert tables <= set(audit.entities())


def test_every_audited_column_has_a_name_people_read_or_serves_the_machinery() -> None:
    untold = {"id", "extra", "created_at", "updated_at", "search_text", "last_signed_in_at"} | INNER
    columns = {
        (str(model.__tablename__), column.name, reading.column_label(str(model.__tablename__), column.name))
        for model in audited_tables()
        for column in model.__table__.columns
        if column.name not in untold
    }

    assert {(table, name) for table, name, label in columns if label == name} == set()


def test_every_deed_that_services_note_has_a_name_people_read() -> None:
    noted = set()
    for file in (ROOT / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("audit_trail.note", "note"):
                noted.add(node.args[3].value if isinstance(node.args[3], ast.Constant) else "")

    assert noted - {""} <= set(audit.verbs())


def test_a_note_outside_any_use_case_is_the_system_s() -> None:
    with transaction() as session:
        audit_trail.note(session, "demo", "", "demo_loaded")

    assert _log()[-1].actor_name == SYSTEM.name


def _store_twice(admin: Actor) -> None:
    with use_case(admin, Action.CONFIGURE) as session:
        session.add(Department(name="经济发展局"))
        session.flush()
        session.add(Department(name="经济发展局"))


def _log() -> list[AuditEntry]:
    with transaction(actor=SYSTEM) as session:
        return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all())
