"""No file that the product gives out calculates, asks or breaks by what people wrote, whatever file it is."""

import csv
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO, StringIO
from itertools import chain
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import psycopg
import pytest
from pypdf import PdfReader
from sqlmodel import col, select

from core.db import transaction
from core.embedded import EmbeddedPostgres
from models.bulletin import Bulletin
from models.fields import FieldSpec
from models.issue import Issue
from models.reminder import NoticeBatch
from services import audit, classes, exporting
from services.actor import Actor
from services.bulletin import documents, sheets
from services.entities import Query
from services.entity_registry import ENTITIES
from services.importing.registry import importable
from services.importing.templates import template
from services.issues import ledger
from services.issues.dispatch_sheet import dispatch_sheet
from services.issues.ledger_xlsx import ledger_workbook
from services.notices import handing_out as recipients
from services.permissions import allows
from services.territory import handing_out as places
from tests.attack import hostile
from tests.people import acting
from tests.servers import ROOT

MARKED_UP = "<r><t>=1+1</t></r>"
"""Which the library that writes workbooks would hand on as XML."""
OUTBREAK = '<r><t>x</t></r></is></c><c r="B2"><f>1+1</f></c><c r="C2" t="inlineStr"><is><r><t>y</t></r>'
"""Which would end its cell and begin one with a formula."""
LINK = '=HYPERLINK("https://evil.invalid/","»")'
_ACTS = re.compile(rb"<f[ >]|<hyperlink|<!ENTITY|externalLink")
_WRITERS = re.compile(r"xlsxwriter\.Workbook\(|csv\.writer\(|openpyxl")


@pytest.mark.parametrize("text", [MARKED_UP, OUTBREAK, LINK])
def test_text_in_the_markup_of_workbooks_stays_text(text: str) -> None:
    columns = [FieldSpec(key="name", label=text), FieldSpec(key="other", label="Other")]

    sheet = openpyxl.load_workbook(BytesIO(exporting.workbook(text, columns, [{"name": text}]))).active

    assert sheet is not None
    assert [[cell.value for cell in row] for row in sheet.rows] == [[text, "Other"], [text, None]]
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u3000="])
def test_a_csv_file_calculates_nothing(start: str) -> None:
    text = f"{start}1+1"

    header, line = _lines(exporting.csv_file([FieldSpec(key="name", label=text)], [{"name": text}]))

    assert header == line == [f"'{text}"]


def test_there_is_one_way_to_write_a_workbook() -> None:
    """Given the product's code, then no other place makes a file of cells that this one's care would not reach."""
    files = chain.from_iterable((ROOT / each).rglob("*.py") for each in ("services", "pages", "workers", "core"))

    making = [file.name for file in files if _WRITERS.search(file.read_text("utf-8"))]

    assert making == ["exporting.py"]


@pytest.mark.parametrize("text", [MARKED_UP, LINK], ids=["markup", "formula"])
def test_every_file_holds_what_people_wrote_as_text(postgres: EmbeddedPostgres, demo_database: str, text: str) -> None:
    """Given the text in every field, then each file can be read, shows it, and holds no formula and no link."""
    name = demo_database.rpartition("/")[2]
    _infest(postgres.admin_url.rpartition("/")[0] + f"/{name}", text)

    shown = {title: _checked(title, make(), text) for title, make in _files(acting("coordinator"))}

    assert len(shown) > 15
    telling = {"enterprise.xlsx", "enterprise.csv", "ledger.xlsx", "places.xlsx", "dispatch.docx"}
    assert {title for title in telling if not shown[title]} == set(), shown


def _infest(admin_url: str, text: str) -> None:
    """Write a text everywhere; only what a bulletin keeps of a visit, beside the texts of promises, is a key."""
    hostile.infest(admin_url, text)
    with psycopg.connect(admin_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE bulletin_item SET text = 'met' WHERE mode <> ''")


def _files(actor: Actor) -> Iterator[tuple[str, Callable[[], bytes]]]:
    for key, entity in ENTITIES.items():
        if not allows(actor, entity.exporting or entity.view):
            continue
        yield f"{key}.xlsx", partial(exporting.export, actor, entity, Query())
        yield f"{key}.csv", partial(exporting.export, actor, entity, Query(), form="csv")
    for importer in importable(actor):
        yield f"{importer.entity.key}.template.xlsx", partial(template, actor, importer.entity.key)
    yield "ledger.xlsx", partial(ledger_workbook, actor, ledger.Query())
    yield "classes.xlsx", partial(classes.workbook, actor)
    yield "audit.xlsx", partial(audit.export, acting("admin"), audit.AuditQuery())
    yield "places.xlsx", partial(places.workbook, actor, None, None)
    yield "dispatch.docx", lambda: dispatch_sheet(actor, _first(Issue)).content
    yield "notice.xlsx", partial(recipients.workbook, actor, _first(NoticeBatch))
    yield "bulletin.xlsx", partial(sheets.workbook, actor, _first(Bulletin))
    yield "bulletin.docx", partial(documents.document, actor, _first(Bulletin), "docx")
    yield "bulletin.pdf", partial(documents.document, actor, _first(Bulletin), "pdf")


def _first(model: Any) -> int:
    with transaction() as session:
        return session.exec(select(model.id).order_by(col(model.id))).first() or 0


def _checked(title: str, content: bytes, text: str) -> int:
    """Return how often a file shows a text; fail where it holds it as anything else."""
    if title.endswith("csv"):
        cells = [cell for line in _lines(content) for cell in line]
        assert not [cell for cell in cells if exporting.like_a_formula(cell) and not _is_number(cell)], title
        return sum(text in cell for cell in cells)
    if title.endswith("pdf"):
        pages = PdfReader(BytesIO(content)).pages
        assert not any("/Annots" in page for page in pages), title
        return sum("1+1" in page.extract_text() for page in pages)
    with zipfile.ZipFile(BytesIO(content)) as package:
        parts = {each: package.read(each) for each in package.namelist() if each.endswith((".xml", ".rels"))}
    assert not [name for name, part in parts.items() if _ACTS.search(part)], title
    read = ("".join(ET.fromstring(part).itertext()) for part in parts.values())  # noqa: S314 - made by the product
    return sum(each.count(text) for each in read)


def _lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None
