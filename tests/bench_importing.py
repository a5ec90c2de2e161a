"""Measures an import of many enterprises: `python tests/bench_importing.py 200000`, on an empty database of its own.

Prints the seconds of each step and the most memory this process and the parser's process held.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import xlsxwriter

from core.embedded import EmbeddedPostgres
from core.embedded.postgres import APP
from models.uscc import check_character

TITLES = (
    "企业名称", "统一社会信用代码", "所属网格", "地址", "规模", "经营状态", "法定代表人", "成立年份", "职工人数",
    "经度", "纬度", "备注", "联系人", "联系电话",
)  # fmt: skip
_FIRST, _KINDS = 0x4E00, 3000


def main() -> None:
    """Make the file, then upload, check and import it, and check it once more."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with EmbeddedPostgres(folder / "database", durable=False) as server:
            environment = {
                "QIANQI_DATABASE_URL": server.app_url, "QIANQI_MIGRATION_URL": server.owner_url,
                "QIANQI_DATA_DIR": str(folder / "data"), "QIANQI_ENV_FILE": "/dev/null", "PYTHONPATH": ".",
            }  # fmt: skip
            _write(folder / "many.xlsx", rows)
            code = f"from tests.bench_importing import measure; measure({str(folder / 'many.xlsx')!r}, {APP!r})"
            subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def measure(path: str, role: str) -> None:
    """Import a file and print what it took."""
    from core import migrate
    from core.settings import settings
    from models.account import Role
    from models.area import Tier
    from services.importing import runs, work
    from tests import factories

    migrate.upgrade(settings().migration_url, app_role=role)
    village = factories.area(Tier.VILLAGE, name="东村")
    for number in range(300):
        factories.area(Tier.GRID, village, name=f"东村第{number}网格")
    actor = factories.actor(Role.COORDINATOR, locale="zh_CN")
    for turn in ("first", "again"):
        run_id = _timed(f"{turn}: upload", partial(_upload, actor, path))
        layout = _timed(f"{turn}: look", partial(runs.layout, actor, run_id))
        runs.check(actor, run_id, sheet=layout.sheet, header_row=layout.header_row, mapping=layout.mapping)
        _timed(f"{turn}: check", partial(work.check, {"run_id": run_id}))
        run = runs.get(actor, run_id)
        _say(f"{run.state}: {run.rows_new} new, {run.rows_changed} changed, {run.rows_same} same, {run.rows_bad} bad")
        if run.rows_new:
            runs.confirm(actor, run_id)
            _timed(f"{turn}: import", partial(work.apply, {"run_id": run_id}))


def _upload(actor, path: str) -> int:
    from services.importing import runs

    with Path(path).open("rb") as stream:
        return runs.upload(actor, "enterprise", "many.xlsx", stream)


def _timed(label: str, do: Callable):
    began, worked = time.monotonic(), time.process_time()
    value = do()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    parser = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    seconds, busy = time.monotonic() - began, time.process_time() - worked
    _say(f"{label}: {seconds:.1f} s ({busy:.1f} s of this process), {own} MB here, {parser} MB in the parser")
    return value


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _write(path: Path, rows: int) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, TITLES)
        for number in range(1, rows + 1):
            body = f"91370303MA{number:07d}"
            name = "".join(chr(_FIRST + number * step % _KINDS) for step in (7, 77, 777, 1777))
            sheet.write_row(
                number,
                0,
                [
                    f"淄博{name}{number}机械有限公司", body + check_character(body), f"东村第{number % 300}网格",
                    f"柳泉路{number}号", "小型", "在营", "张三", 2000 + number % 24, number % 500,
                    118 + number / 1e6, 36.8, "备注", "李四", f"138{number:08d}",
                ],
            )  # fmt: skip


if __name__ == "__main__":
    main()
