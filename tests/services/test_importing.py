"""Imports of enterprises from end to end: what each row does, and every way a row or file can be wrong."""

import pytest
from sqlmodel import select

from core.db import transaction
from models.account import Role
from models.area import Tier
from models.audit import AuditEntry
from models.enterprise import Contact, Enterprise
from models.importing import ImportState
from models.uscc import check_character
from services.actor import Actor
from tests import factories
from tests.services.imports import TITLES, imported, xlsx

pytestmark = pytest.mark.usefixtures("database")


def code(number: int) -> str:
    body = f"91370303MA{number:07d}"
    return body + check_character(body)


def row(number: int, **more: str) -> list[str]:
    values = {
        "name": f"淄博甲{number}机械有限公司",
        "code": code(number),
        "grid": "东村第1网格",
        "address": f"柳泉路{number}号",
        "contact": "李四",
        "phone": f"1380013{number:04d}",
    } | more
    return list(values.values())


@pytest.fixture
def coordinator() -> Actor:
    village = factories.area(Tier.VILLAGE, name="东村")
    factories.area(Tier.GRID, village, name="东村第1网格")
    return factories.actor(Role.COORDINATOR, locale="zh_CN")


def test_a_clean_file_is_imported_with_contacts_and_an_audit_trail(coordinator: Actor) -> None:
    run = imported(coordinator, xlsx([TITLES, row(1), row(2)]))

    assert (run.state, run.rows_new, run.rows_bad) == (ImportState.DONE, 2, 0)
    first, _second = factories.rows(Enterprise)
    assert (first.credit_code, first.address, first.name_key) == (code(1), "柳泉路1号", "甲1机械")
    assert [(each.name, each.phone, each.is_primary) for each in factories.rows(Contact)] == [
        ("李四", "+8613800130001", True),
        ("李四", "+8613800130002", True),
    ]
    with transaction() as session:
        actions = [entry.action for entry in session.exec(select(AuditEntry)).all() if entry.actor_id == coordinator.pk]
    assert actions.count("enterprise.created") == 2
    assert actions.count("import_run.applied") == 1


def test_the_same_file_twice_changes_nothing(coordinator: Actor) -> None:
    content = xlsx([TITLES, row(1), row(2)])
    imported(coordinator, content)

    again = imported(coordinator, content)

    assert (again.state, again.rows_same, again.rows_new, again.rows_changed) == (ImportState.DONE, 2, 0, 0)
    assert again.message == "没有需要更改的内容：文件中的每一行都已存在且完全一致。"
    assert len(factories.rows(Enterprise)) == 2
