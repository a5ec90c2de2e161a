"""Exports: what they contain, who may have them, and that no cell becomes a formula."""

import csv
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlmodel import select

from core.db import transaction
from core.errors import NotAllowedError
from models.account import Account, Role
from models.area import Area, Tier
from models.audit import AuditEntry
from models.enterprise import Enterprise, Scale
from models.fields import FieldKind, FieldSpec, Option
from services.actor import SYSTEM, Actor
from services.entities import Entity, Query
from services.exporting import csv_file, export, workbook
from services.permissions import Action

COLUMNS = [
    FieldSpec(key="name", label="Name"),
    FieldSpec(key="code", label="Code"),
    FieldSpec(key="day", label="Day", kind=FieldKind.DATE),
    FieldSpec(key="moment", label="Moment", kind=FieldKind.MOMENT),
    FieldSpec(key="count", label="Count", kind=FieldKind.INTEGER),
    FieldSpec(key="scale", label="Scale", kind=FieldKind.CHOICE, options=(Option(value="large", label="Big one"),)),
    FieldSpec(key="active", label="Active", kind=FieldKind.BOOLEAN),
    FieldSpec(key="phone", label="Phone", kind=FieldKind.PHONE),
]
ROW = {
    "name": "淄博甲乙机械有限公司",
    "code": "913703031234567890",
    "day": date(2023, 12, 6),
    "moment": datetime(2023, 12, 6, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai")),
    "count": 1234567,
    "scale": "large",
    "active": True,
    "phone": "+8613800138000",
}
ENTERPRISE = Entity(
    key="enterprise", model=Enterprise, label="Enterprise", labels="Enterprises", natural_key=("credit_code",),
    view=Action.ENTERPRISE_VIEW, edit=Action.ENTERPRISE_EDIT, exporting=Action.ENTERPRISE_EXPORT,
)  # fmt: skip


def _sheet(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content)).active


def test_each_kind_is_a_cell_of_its_kind() -> None:
    sheet = _sheet(workbook("企业", COLUMNS, [ROW]))

    cells = [cell.value for cell in sheet[2]]
    assert cells[:2] == ["淄博甲乙机械有限公司", "913703031234567890"]
    assert cells[2:4] == [datetime.fromisoformat("2023-12-06"), datetime.fromisoformat("2023-12-06T10:00")]
    assert cells[4:6] == [1234567, "Big one"]
    assert cells[7] == "13800138000"
    assert sheet["C2"].number_format == "yyyy-mm-dd"


def test_the_header_is_bold_frozen_and_filters() -> None:
    sheet = _sheet(workbook("企业", COLUMNS, [ROW, ROW]))

    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:H3"
    assert sheet.column_dimensions["A"].width > 20


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_looks_like_a_formula_stays_text(start: str) -> None:
    text = f'{start}HYPERLINK("http://x.example","y")'
    columns, rows = COLUMNS[:1], [{"name": text}]

    cell = _sheet(workbook("x", columns, rows))["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r") == text
    assert cell.hyperlink is None
    records = list(csv.reader(StringIO(csv_file(columns, rows).decode("utf-8-sig"), newline="")))
    assert records[1] == [f"'{text}"]


def test_a_csv_file_is_marked_for_excel() -> None:
    content = csv_file(COLUMNS, [ROW])

    assert content.startswith(b"\xef\xbb\xbf")
    assert "2023-12-06,2023-12-06 10:00,1234567" in content.decode("utf-8-sig")


pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def coordinator() -> Actor:
    """A coordinator, and two villages of one name with an enterprise each."""
    with transaction(actor=SYSTEM) as session:
        account = Account(username="c", name="周敏", role=Role.COORDINATOR)
        for code in ("370303008201", "370303008202"):
            area = Area(code=code, name="东村", tier=Tier.VILLAGE)
            session.add(area)
            session.flush()
            session.add(Enterprise(name=f"企业{code[-1]}", area_id=area.pk, scale=Scale.SMALL))
        session.add(account)
        session.flush()
        return Actor(account.pk, account.name, account.role)


def test_an_export_holds_what_the_filters_leave_and_is_noted(coordinator: Actor) -> None:
    content = export(coordinator, ENTERPRISE, Query(search="企业2"))

    sheet = _sheet(content)
    assert sheet.max_row == 2
    assert sheet["A2"].value == "企业2"
    assert "东村 (370303008202)" in [cell.value for cell in sheet[2]]
    with transaction() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "enterprise.exported")).one()
    assert entry.after["rows"] == 1
    assert entry.after["search"] == "企业2"


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.DEPARTMENT_OFFICER, Role.ADMINISTRATOR])
def test_an_outsider_may_not_export(coordinator: Actor, role: Role) -> None:
    with pytest.raises(NotAllowedError):
        export(Actor(coordinator.pk, "x", role), ENTERPRISE, Query())
