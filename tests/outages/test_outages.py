"""What people see when a server of the product is gone, silent, full or slow: in a browser, on the running product."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from bench.machine import wait_until
from tests.browser.conftest import wait_idle
from tests.outages.people import (
    PHONE,
    Person,
    Told,
    banner,
    choose,
    field,
    files,
    issue,
    recording,
    well_again,
    with_file,
)
from tests.outages.table import Row
from tests.outages.world import World

pytestmark = pytest.mark.browser
_GONE = "数据库暂时连接不上，您填写的内容还在"


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "silent"])
def test_the_database_is_gone_while_people_work(
    product: World, person: Person, told: Told, seconds: float, *, killed: bool
) -> None:
    """A worker writes, a coordinator presses a button, a manager looks, somebody opens a page."""
    scenario = "the database is killed" if killed else "the database says nothing (SIGSTOP)"
    server, log, before = product.machine.postgres, product.position(), files(product)
    worker, looking = recording(person), person("manager", width=PHONE)
    coordinator = with_file(person, product, scenario)

    with product.without(server, killed=killed):
        began = time.monotonic()
        field(worker, "met_person").fill(scenario)
        field(worker, "met_person").blur()
        coordinator.get_by_role("button", name="上传 1 个文件").click()
        for page in (worker, coordinator):
            expect(banner(page)).to_contain_text(_GONE)
        shown = time.monotonic() - began
        field(worker, "summary").fill("企业反映夜间电压不稳")  # typed, and not yet sent
        newcomer = looking.context.new_page()
        newcomer.goto("/", timeout=60_000)
        expect(newcomer.get_by_role("alert")).to_contain_text("数据库暂时连接不上")
        assert (product.status("/readyz"), product.status("/healthz")) == (503, 200)
        assert worker.evaluate("document.documentElement.scrollWidth") <= PHONE
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    back = time.monotonic()

    took = [well_again(page, back) for page in (worker, coordinator, looking, newcomer)]
    kept_and_sent(product, worker, scenario)
    expect(coordinator.get_by_text(f"{scenario}.jpg", exact=True).first).to_be_visible()
    assert files(product) == before + 1
    assert product.status("/readyz") == 200
    told_once(product.logged(log))
    sentence = f"after {shown:.0f} s: “{_GONE} …”"
    told(Row(scenario, "a grid worker in a visit record", sentence, "every letter kept, draft saved", took[0]))
    told(Row(scenario, "a coordinator pressing a button", sentence, "done once, when it is back", took[1]))
    told(Row(scenario, "a manager looking at the overview", "the figures as of their time", "renewed", took[2]))
    told(Row(scenario, "somebody opening a page", "“请稍候”: a page that looks by itself", "page shown", took[3]))


def kept_and_sent(product: World, worker: Page, name: str) -> None:
    """Make sure that nothing the worker typed is lost, on the page and in the draft."""
    assert field(worker, "met_person").input_value() == name
    assert field(worker, "summary").input_value() == "企业反映夜间电压不稳"
    field(worker, "summary").blur()
    wait_idle(worker)
    draft = "SELECT content->>'summary' FROM visit_draft WHERE content->>'met_person' = %(name)s"
    kept = [("企业反映夜间电压不稳",)]
    wait_until(lambda: product.sql(draft, name=name) == kept, 20, "the draft to be kept")


def told_once(lines: str) -> None:
    assert lines.count("database does not answer") == 1
    assert lines.count("database answers again") == 1
    assert "Traceback" not in lines


def test_signing_in_without_the_database(product: World, person: Person, told: Told, seconds: float) -> None:
    stranger, server = person(""), product.machine.postgres
    with product.without(server, killed=True):
        for name, text in (("username", "lead"), ("password", "qianqi-2026")):
            stranger.fill(f"#{name}", text)
        stranger.click("button[type=submit]")
        expect(stranger.get_by_role("alert")).to_contain_text("未能登录")
        assert stranger.input_value("#username") == "lead"
        time.sleep(seconds)
    back = time.monotonic()

    stranger.fill("#password", "qianqi-2026")
    stranger.click("button[type=submit]")
    took = well_again(stranger, back)
    sentence = "“… 未能登录，请稍后再试。”"
    told(Row("the database is killed", "somebody signing in", sentence, "name kept, in at the next press", took))


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "silent"])
def test_pages_go_on_without_the_queue(
    product: World, person: Person, told: Told, seconds: float, *, killed: bool
) -> None:
    """Without the queue all is done but what the background owes; the administrator is told, the rest is not."""
    scenario = "the queue is killed" if killed else "the queue says nothing (SIGSTOP)"
    server, log = product.machine.valkey, product.position()
    coordinator = with_file(person, product, scenario)
    administrator, before = person("admin"), files(product)

    with product.without(server, killed=killed):
        began = time.monotonic()
        coordinator.get_by_role("button", name="上传 1 个文件").click()
        wait_until(lambda: files(product) == before + 1, 20, "the file to be attached")
        took = time.monotonic() - began
        expect(banner(coordinator)).to_have_count(0)
        administrator.reload()
        wait_idle(administrator)
        expect(administrator.get_by_text("任务队列没有响应")).to_be_visible()
        assert product.status("/readyz") == 200
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    back = time.monotonic()

    administrator.reload()
    healthy = well_again(administrator, back)
    expect(administrator.get_by_text("任务队列没有响应")).to_have_count(0)
    assert "Traceback" not in product.logged(log)
    told(Row(scenario, "a coordinator attaching a file", "nothing", f"done in {took:.1f} s, no wait", 0.0))
    told(Row(scenario, "an administrator", "“任务队列没有响应。”", "told that all is well", healthy))


def test_a_file_chosen_in_an_outage_arrives_after_it(
    product: World, person: Person, told: Told, seconds: float
) -> None:
    server = product.machine.postgres
    page = person("coordinator", f"/issues-issue?issue={issue(product)}")
    before = files(product)

    with product.without(server, killed=True):
        choose(page, "chosen in an outage")
        time.sleep(seconds)
    back = time.monotonic()

    page.get_by_role("button", name="上传 1 个文件").click()
    took = well_again(page, back)
    wait_until(lambda: files(product) == before + 1, 20, "the file to be attached")
    told(Row("the database is killed", "somebody whose upload is running", "the bar waits", "file there, once", took))


def test_rows_that_another_holds_are_told_of_and_other_pages_go_on(product: World, person: Person, told: Told) -> None:
    page, other = person("coordinator"), person("worker", width=PHONE)
    with product.locked("enterprise"):
        page.goto("/enterprises-list")
        began = time.monotonic()
        other.goto("/inbox-messages")
        wait_idle(other)
        elsewhere = time.monotonic() - began
        expect(page.get_by_test_id("stAlert").first).to_contain_text("数据库响应超时", timeout=40_000)
        shown = time.monotonic() - began
    back = time.monotonic()
    page.goto("/enterprises-list")
    took = well_again(page, back)
    expect(page.get_by_text("数据库响应超时")).to_have_count(0)
    sentence = f"after {shown:.0f} s: “数据库响应超时 … 请稍后再试。”"
    told(Row("a table is locked", "somebody who needs it", sentence, "page shown at the next look", took))
    told(Row("a table is locked", "somebody on another page", "nothing", f"page shown in {elsewhere:.0f} s", 0.0))


def test_a_step_cut_short_is_undone_and_told(product: World, person: Person, told: Told) -> None:
    """The connection ends in the middle of the transaction that attaches a file."""
    page, log, before = with_file(person, product, "cut short"), product.position(), files(product)
    with product.locked("attachment"):
        page.get_by_role("button", name="上传 1 个文件").click()
        product.cut_short()
    back = time.monotonic()
    took = well_again(page, back)
    expect(page.get_by_text("刚才的操作可能没有完成，请核对后再操作")).to_be_visible()
    assert files(product) == before
    assert "Traceback" not in product.logged(log)
    page.get_by_role("button", name="上传 1 个文件").click()
    wait_until(lambda: files(product) == before + 1, 20, "the file to be attached")
    sentence = "“数据库暂时连接不上，刚才的操作可能没有完成，请核对后再操作。”"
    came = "undone whole; done at the next press"
    told(Row("the connection is cut in the middle of a step", "a coordinator attaching a file", sentence, came, took))


def test_a_page_opened_by_its_address_is_the_one_shown(product: World, person: Person, told: Told) -> None:
    """The connection ends while the menu is read: before the run knows which page it is to show."""
    page, log = person("coordinator"), product.position()
    with product.locked("reminder"):
        page.goto("/issues-ledger", wait_until="commit")
        product.cut_short()
    back = time.monotonic()
    took = well_again(page, back)
    assert page.url.endswith("/issues-ledger")
    expect(page.get_by_role("heading", name="问题台账", level=1)).to_be_visible()
    expect(page.get_by_text("刚才的操作可能没有完成")).to_have_count(0)
    assert "asked again" in product.logged(log)
    told(Row("the connection is cut before a page is known", "somebody opening a link", "nothing", "page shown", took))


def test_the_web_process_is_killed_and_started_again(
    product: World, person: Person, told: Told, seconds: float
) -> None:
    worker = recording(person)
    field(worker, "met_person").fill("老板娘")
    field(worker, "met_person").blur()
    wait_idle(worker)
    field(worker, "summary").press_sequentially("正写到一半")

    with product.without_web():
        expect(banner(worker)).to_contain_text("与服务器的连接中断，您填写的内容还在")
        time.sleep(seconds)
    back = time.monotonic()

    took = well_again(worker, back)
    assert field(worker, "met_person").input_value() == "老板娘"
    expect(field(worker, "summary")).to_have_value(re.compile("正写到一半"))
    sentence = "banner: “与服务器的连接中断，您填写的内容还在 …”"
    told(Row("the web process is killed", "a grid worker in a visit record", sentence, "every letter kept", took))
