"""What people see when the disk of the database or of the uploaded files is full, and when there is room again.

Part of the run that writes the document, on a machine that lets us mount a file system in memory.
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait_idle
from tests.outages.people import Person, Told, choose, field, files, recording, well_again, with_file
from tests.outages.table import Row
from tests.outages.world import World, world

pytestmark = pytest.mark.browser
_MEGABYTES = 600


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The product on a small disk of its own."""
    disk = tmp_path_factory.mktemp("disk")
    disk.chmod(0o755)
    for parent in disk.parents[:3]:
        parent.chmod(parent.stat().st_mode | 0o011)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_MEGABYTES}m", "tmpfs", str(disk)], check=True)
    before, tempfile.tempdir = tempfile.tempdir, str(disk)
    try:
        with world() as made:
            tempfile.tempdir = before
            yield made
    finally:
        tempfile.tempdir = before
        subprocess.run(["umount", "-l", str(disk)], check=True)


@contextmanager
def full(product: World) -> Iterator[None]:
    """Fill the disk to the last byte for the block."""
    filler = product.machine.folder / "filler"
    with filler.open("wb", buffering=0) as target:
        try:
            while True:
                target.write(bytes(1 << 16))
        except OSError:
            pass
    try:
        yield
    finally:
        filler.unlink()


def left_over(product: World) -> list[Path]:
    return list((product.machine.folder / "data" / "files").glob(".new-*"))


def test_the_disk_is_full(product: World, person: Person, told: Told) -> None:
    page, log, before = with_file(person, product, "full"), product.position(), files(product)
    assert shutil.disk_usage(product.machine.folder).total == _MEGABYTES << 20
    with full(product):
        began = time.monotonic()
        page.get_by_role("button", name="上传 1 个文件").click()
        expect(page.get_by_test_id("stAlert").first).to_contain_text("磁盘")
        shown = time.monotonic() - began
        said = page.get_by_test_id("stAlertContentError").first.inner_text().splitlines()[-1]
        assert files(product) == before
        assert left_over(product) == []
        assert product.status("/healthz") == 200
    back = time.monotonic()
    choose(page, "room again")
    page.get_by_role("button", name="上传 1 个文件").click()
    expect(page.get_by_text("room again.jpg", exact=True).first).to_be_visible()
    wait_idle(page)
    assert files(product) == before + 1
    assert "Traceback" not in product.logged(log)
    sentence, came = f"after {shown:.0f} s: “{said}”", "nothing half-written; kept at the next press"
    told(Row("the disk is full", "a coordinator attaching a file", sentence, came, time.monotonic() - back))


def test_the_disk_of_the_database_is_full(product: World, person: Person, told: Told) -> None:
    """A worker writes more than the database's files have room for; the page still shows what is there."""
    page, log = recording(person), product.position()
    drafts = product.sql("SELECT content FROM visit_draft ORDER BY visit_id")
    text = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(3_500))  # cannot be packed
    with full(product):
        began = time.monotonic()
        field(page, "summary").fill(text)
        field(page, "summary").blur()
        expect(page.get_by_test_id("stAlert").first).to_contain_text("数据库磁盘已满")
        shown = time.monotonic() - began
        said = page.get_by_test_id("stAlertContentError").first.inner_text().splitlines()[-1]
        assert product.sql("SELECT content FROM visit_draft ORDER BY visit_id") == drafts
        assert product.status("/readyz") == 200
    back = time.monotonic()
    page.reload()
    took = well_again(page, back)
    expect(field(page, "summary")).to_have_value(text)
    expect(page.get_by_text("数据库磁盘已满")).to_have_count(0)
    assert "Traceback" not in product.logged(log)
    sentence, came = f"after {shown:.0f} s: “{said}”", "nothing half-written; every letter there when opened again"
    told(Row("the disk of the database is full", "a grid worker in a visit record", sentence, came, took))
