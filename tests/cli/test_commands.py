"""The commands as a person types them: sentences, exit codes, never a traceback."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import IO

import psycopg
import pytest

from core import migrate
from core.embedded import EmbeddedPostgres, EmbeddedValkey
from core.embedded.process import free_port
from models.account import Role
from tests.servers import ROOT, Database, environment, new_database


@pytest.fixture(scope="module")
def external(postgres: EmbeddedPostgres, valkey: EmbeddedValkey) -> Iterator[dict[str, str]]:
    """The environment of a machine whose database and queue run elsewhere."""
    with new_database(postgres) as database, tempfile.TemporaryDirectory() as folder:
        yield environment(database, Path(folder), QIANQI_REDIS_URL=valkey.url)


def qianqi(env: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=dict(env), capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr
    return done


def first_line(env: Mapping[str, str], command: str) -> str:
    """Return the first line that a server logs, which is then ended."""
    process = subprocess.Popen([sys.executable, "-m", "cli", command], cwd=ROOT, env=env, stderr=subprocess.PIPE)
    assert process.stderr is not None
    first = process.stderr.readline().decode()
    process.terminate()
    process.communicate(timeout=60)
    return first


def test_an_administrator_is_made_listed_given_a_new_password_and_signed_out(external: dict[str, str]) -> None:
    made = qianqi(external, "user", "create", "zhang", "张三", "--role", "administrator")
    listed = qianqi(external, "user", "list")
    again = qianqi(external, "user", "password", "zhang")
    ended = qianqi(external, "user", "end-sessions", "zhang")

    assert [each.returncode for each in (made, listed, again, ended)] == [0, 0, 0, 0]
    assert "zhang" in listed.stdout
    assert "张三" in listed.stdout
    assert made.stdout.split("：")[-1] != again.stdout.split("：")[-1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["user", "password", "nobody"], "nobody"),
        (["user", "create", "li", "李四", "--role", "emperor"], "角色"),
        (["user", "create", "li", "李四", "--role", "king"], "team_lead（服务队长）"),
        (["user", "create", "li", "李四", "--role", "manager", "--department", "某某局"], "没有“某某局”这个部门"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(external: dict[str, str], arguments: list[str], said: str) -> None:
    done = qianqi(external, *arguments)

    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.parametrize("word", ["manager", "领导", "Manager"])
def test_a_role_is_taken_by_its_word_and_by_what_pages_call_it(external: dict[str, str], word: str) -> None:
    assert qianqi(external, "user", "create", f"boss-{ord(word[0])}", "王五", "--role", word).returncode == 0


def test_a_department_officer_is_made_with_the_department(external: dict[str, str]) -> None:
    with psycopg.connect(external["QIANQI_DATABASE_URL"]) as connection:
        connection.execute(
            "INSERT INTO department (name, short_name, phone, active, created_at, updated_at)"
            " VALUES ('发展改革局', '', '', true, now(), now())"
        )

    made = qianqi(
        external, "user", "create", "wu", "吴静", "--role", "department_officer", "--department", "发展改革局"
    )
    without = qianqi(external, "user", "create", "zheng", "郑明", "--role", "department_officer")

    assert (made.returncode, without.returncode) == (0, 1)
    with psycopg.connect(external["QIANQI_DATABASE_URL"]) as connection:
        found = connection.execute(
            "SELECT d.name FROM account a JOIN department d ON d.id = a.department_id WHERE a.username = 'wu'"
        ).fetchall()
    assert found == [("发展改革局",)]


def test_every_role_stands_in_the_help(external: dict[str, str]) -> None:
    shown = qianqi({**external, "COLUMNS": "300"}, "user", "create", "--help").stdout

    assert [each.value for each in Role if each.value not in shown] == []


@pytest.mark.parametrize(
    "arguments", [["load", "--seconds", "-1"], ["load", "--sessions", "0"], ["pages", "--turns", "0"]]
)
def test_a_measurement_of_nothing_is_refused_by_its_option(external: dict[str, str], arguments: list[str]) -> None:
    done = qianqi(external, "bench", *arguments)

    assert done.returncode == 2
    assert f"Invalid value for '{arguments[1]}'" in done.stderr


def test_figures_are_proved_and_a_wrong_one_is_counted_anew(external: dict[str, str]) -> None:
    qianqi(external, "figures")  # whatever the migrations have noted
    with psycopg.connect(external["QIANQI_DATABASE_URL"]) as connection:
        connection.execute("INSERT INTO target_tally VALUES (1, 1, 0, 'visited', '2023-12-01', 7)")

    wrong, right = qianqi(external, "figures"), qianqi(external, "figures")

    assert (wrong.returncode, right.returncode) == (1, 0)
    assert "1 个有误" in wrong.stdout
    assert "0 个有误" in right.stdout


def test_the_release_and_its_tables_are_shown(external: dict[str, str]) -> None:
    shown = qianqi(external, "--version").stdout.strip()

    assert shown == f"Qianqi {version('qianqi')} / {migrate.head()}"
    assert qianqi(external, "settings").stdout.startswith(shown)
    assert shown.removeprefix("Qianqi ") in qianqi(external, "doctor").stdout


def test_the_settings_are_shown_without_their_secrets(external: dict[str, str]) -> None:
    shown = qianqi({**external, "QIANQI_OIDC_CLIENT_SECRET": "do-not-show"}, "settings").stdout

    assert external["QIANQI_SECRET_KEY"] not in shown
    assert "do-not-show" not in shown
    password = re.search(r":([^:@]+)@", external["QIANQI_DATABASE_URL"])
    assert password
    assert password[1] not in shown
    assert "QIANQI_PORT" in shown


def test_a_password_at_the_end_of_an_address_is_hidden_too(external: dict[str, str]) -> None:
    address = "postgresql://localhost/qianqi?user=qianqi&password=do-not-show&sslmode=require"

    shown = qianqi({**external, "QIANQI_DATABASE_URL": address}, "settings").stdout

    assert "do-not-show" not in shown
    assert "?user=qianqi&password=***&sslmode=require" in shown


def test_the_doctor_finds_what_fails_and_says_what_to_do(external: dict[str, str]) -> None:
    done = qianqi(external, "doctor", "--json")
    found = {each["check"]: each for each in json.loads(done.stdout)}

    assert done.returncode == 1, "no worker is running"
    assert found["PostgreSQL"]["state"] == "ok"
    assert found["编码"]["detail"] == "UTF8"
    assert found["数据表"]["state"] == "ok"
    assert found["时钟"]["state"] == "ok"
    assert found["队列落盘"]["state"] == "warning"
    assert found["后台任务进程"]["state"] == "failed"
    assert "qianqi worker" in found["后台任务进程"]["advice"]


def test_the_doctor_survives_the_loss_of_every_server(external: dict[str, str]) -> None:
    lost = {
        **external,
        "QIANQI_DATABASE_URL": "postgresql://x:y@127.0.0.1:1/z",
        "QIANQI_REDIS_URL": "redis://127.0.0.1:1/0",
    }

    done = qianqi(lost, "doctor")

    assert done.returncode == 1
    assert "DATABASE_URL" in done.stdout
    assert "REDIS_URL" in done.stdout
    assert done.stdout.count("检查 DATABASE_URL") == 1


@pytest.mark.parametrize(
    ("change", "arguments", "said"),
    [
        ({"QIANQI_DATABASE_URL": "postgresql://x:y@127.0.0.1:1/z"}, ["user", "list"], "数据库无法使用"),
        ({"QIANQI_DATABASE_URL": "mysql://x/y"}, ["user", "list"], "postgresql://"),
        (
            {"QIANQI_DATABASE_URL": "postgresql://x:y@h:abc/z"},
            ["worker"],
            "QIANQI_DATABASE_URL: 必须形如 postgresql://",
        ),
        ({"QIANQI_DATABASE_URL": "postgresql://x:y@h:99999/z"}, ["migrate"], "端口为 1 到 65535"),
        (
            {"QIANQI_MIGRATION_URL": "postgresql://x:y@h:0/z"},
            ["doctor"],
            "QIANQI_MIGRATION_URL: 必须形如 postgresql://",
        ),
        ({"QIANQI_REDIS_URL": "redis://:y@h:abc/0"}, ["web"], "QIANQI_REDIS_URL: 必须形如 redis://"),
        ({"QIANQI_MODE": "production"}, ["demo"], "演示"),
        ({"QIANQI_PORT": "eighty"}, ["up"], "QIANQI_PORT"),
        ({"QIANQI_MODE": "production", "QIANQI_SECRET_KEY": ""}, ["up"], "QIANQI_SECRET_KEY"),
        ({"QIANQI_MODE": "production", "QIANQI_SECRET_KEY": "short"}, ["web"], "QIANQI_SECRET_KEY"),
        ({"QIANQI_REDIS_URL": ""}, ["worker"], "REDIS_URL"),
        ({"QIANQI_REDIS_URL": "localhost:6379"}, ["worker"], "REDIS_URL"),
        ({"QIANQI_TIMEZONE": "Mars/X"}, ["settings"], "QIANQI_TIMEZONE: Value error, there is no time zone 'Mars/X'"),
        ({"QIANQI_PUBLIC_URL": "qianqi.example"}, ["web"], "QIANQI_PUBLIC_URL"),
    ],
)
def test_a_wrong_setting_is_told_by_its_name(
    external: dict[str, str], change: dict[str, str], arguments: list[str], said: str
) -> None:
    done = qianqi({**external, **change}, *arguments)

    assert done.returncode == 1
    assert said in done.stderr
    assert os.linesep not in done.stderr.strip(), "one sentence"


def test_the_setting_decides_the_language_and_not_that_of_the_terminal(external: dict[str, str]) -> None:
    english = qianqi({**external, "QIANQI_DEFAULT_LOCALE": "en", "LANG": "zh_CN.UTF-8"}, "user", "password", "nobody")
    chinese = qianqi({**external, "LANG": "en_US.UTF-8"}, "user", "password", "nobody")

    assert english.stderr == "There is no account with the user name nobody.\n"
    assert chinese.stderr != english.stderr


@pytest.mark.parametrize("command", ["web", "worker", "scheduler"])
def test_what_is_waited_for_is_said_first_and_no_password(external: dict[str, str], command: str) -> None:
    env = {**external, "QIANQI_DATABASE_URL": "postgresql://x:geheim@127.0.0.1:1/z", "QIANQI_LOG_FORMAT": "json"}

    first = first_line(env, command)

    said = json.loads(first)
    assert (said["event"], said["waiting_for"]) == ("database does not answer", "127.0.0.1:1")
    assert "geheim" not in first


@pytest.mark.parametrize(
    ("arguments", "ready"),
    [(["web"], "Uvicorn running on"), (["worker"], "Worker process is ready"), (["up"], "QIANQI_PORT")],
)
def test_every_line_of_a_server_is_an_object_if_the_settings_say_so(
    external: dict[str, str], arguments: list[str], ready: str
) -> None:
    """Its own lines and those of the libraries that serve; `up` finds its port taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1] if arguments == ["up"] else free_port()
        env = {**external, "QIANQI_LOG_FORMAT": "json", "QIANQI_PORT": str(port), "QIANQI_WORKER_PROCESSES": "1"}
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", *arguments],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert process.stdout is not None
        lines = list(iter_until(process.stdout, ready))
        process.terminate()
        lines += process.communicate(timeout=60)[0].decode().splitlines()

    said = [json.loads(line) for line in lines]
    assert [line for line in said if ready in line["event"]]
    assert all({"event", "level", "logger", "timestamp"} <= line.keys() for line in said)


def iter_until(stream: IO[bytes], words: str) -> Iterator[str]:
    """Give the lines of a stream up to the one with certain words."""
    for line in stream:
        yield line.decode()
        if words in line.decode():
            return


def test_a_database_behind_the_product_is_migrated_by_command(
    postgres: EmbeddedPostgres, external: dict[str, str]
) -> None:
    import psycopg

    with psycopg.connect(postgres.admin_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE behind OWNER qianqi_owner")
    fresh = Database(postgres.app_url[: -len("qianqi")] + "behind", postgres.owner_url[: -len("qianqi")] + "behind")
    env = {**external, **environment(fresh, Path(external["QIANQI_DATA_DIR"]))}

    behind = qianqi(env, "doctor", "--json")
    for command in (["user", "list"], ["figures"], ["backup", "--to", env["QIANQI_DATA_DIR"]]):
        refused = qianqi(env, *command)
        assert (refused.returncode, "qianqi migrate" in refused.stderr) == (1, True)
        assert "relation" not in refused.stderr
    assert json.loads(first_line({**env, "QIANQI_LOG_FORMAT": "json"}, "scheduler"))["event"] == "tables are missing"
    qianqi(env, "migrate")
    after = qianqi(env, "doctor", "--json")

    def tables(done: subprocess.CompletedProcess[str]) -> str:
        return next(str(each["state"]) for each in json.loads(done.stdout) if each["check"] == "数据表")

    assert (tables(behind), tables(after)) == ("failed", "ok")
