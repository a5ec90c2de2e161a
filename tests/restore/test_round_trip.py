"""A backup of the demonstration's data and its files, brought back into an empty database; and all that is refused."""

import re
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from core import storage
from core.embedded import EmbeddedPostgres
from core.embedded.postgres import DATABASE
from core.errors import UserError
from core.settings import settings
from models.audit import AuditEntry
from models.issue import Issue
from models.visit import Attachment
from services import files
from services.backups import archive, checking, making, places, rehearsing, restoring, snapshot, wording
from services.backups.making import Made
from services.backups.restoring import Target
from tests.restore.evidence import Evidence
from tests.visit_world import everything, put

KEY = "a-key-for-tests-only"


@pytest.fixture
def keyed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set another key of backups."""

    def set_key(key: str) -> None:
        monkeypatch.setenv("QIANQI_BACKUP_KEY", key)
        settings.cache_clear()

    return set_key


@pytest.fixture
def made(
    tmp_path: Path,
    demo_database: str,  # noqa: ARG001 - its data
    keyed: Callable[[str], None],
) -> Made:
    """A backup, under a key, of the demonstration's data with three files, one of which is used twice."""
    keyed(KEY)
    _attach([b"one", b"two" * 1000, bytes(3 << 20), b"one"])
    return making.make(str(tmp_path / "backups"))


def _attach(contents: list[bytes]) -> None:
    issue = everything(Issue)[0]
    for number, content in enumerate(contents):
        kept = files.store(content)
        own = {"size": kept.size, "sha256": kept.sha256, "file_name": f"{number}.txt", "media_type": "text/plain"}
        put(Attachment(subject="issue", subject_id=issue.pk, uploaded_by_id=issue.registered_by_id, **own))


def _path(made: Made) -> Path:
    return Path(made.place) / made.name


def _tables(url: str) -> dict[str, tuple[int, str]]:
    with snapshot.taken(url) as connection:
        found = {each.name: snapshot.facts(connection, each) for each in snapshot.tables(connection)}
    return {name: (facts.rows, facts.sha256) for name, facts in found.items()}


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("key", ["", KEY])
def test_every_row_and_file_comes_back_as_it_was(
    empty: Target, tmp_path: Path, keyed: Callable[[str], None], key: str
) -> None:
    keyed(key)
    again = making.make(str(tmp_path / f"others{len(key)}"))

    done = restoring.restore(_path(again), empty)

    found = _tables(empty.owner_url)
    said = {name: (facts.rows, facts.sha256) for name, facts in again.manifest.tables.items()}
    changed = {name for name in said if said[name] != found[name]}
    assert changed <= {"reminder", "audit_entry", "outbox_message"}, "what a restore itself must change"
    assert found["audit_entry"][0] == said["audit_entry"][0] + 1
    assert done.files == again.manifest.files == 3
    assert not done.secret_differs
    for each in everything(Attachment):
        with empty.files.local(f"{each.sha256[:2]}/{each.sha256}") as path:
            assert path.stat().st_size == each.size


def test_a_backup_is_private_listed_proved_and_written_down(made: Made) -> None:
    listed = places.Place(made.place).kept()

    assert [each.name for each in listed] == [made.name]
    assert _path(made).stat().st_mode & 0o777 == 0o600
    assert [each.name for each in Path(made.place).iterdir()] == [made.name], "nothing is left beside it"
    assert checking.check(_path(made)) == made.manifest
    assert everything(AuditEntry)[-1].action == "backup.made"
    assert "3" in wording.of_made(made)


def test_a_restored_database_is_the_applications_again(made: Made, empty: Target) -> None:
    restoring.restore(_path(made), empty)

    with psycopg.connect(empty.owner_url) as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute("DELETE FROM audit_entry")
    with psycopg.connect(empty.owner_url) as owner:
        rights = (
            "SELECT has_table_privilege('qianqi_app', 'issue', 'UPDATE'), has_table_privilege('qianqi_app', %s, %s)"
        )
        assert owner.execute(rights, ["audit_entry", "UPDATE"]).fetchone() == (True, False)
        assert owner.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'").fetchone() == (0,)
        assert owner.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f'").fetchone() != (0,)


def test_tables_are_made_as_they_were(made: Made, demo_database: str, empty: Target) -> None:
    restoring.restore(_path(made), empty)

    described = (
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2",
        "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
    )
    with psycopg.connect(demo_database) as before, psycopg.connect(empty.owner_url) as after:
        for each in described:
            assert _said(before.execute(each).fetchall()) == _said(after.execute(each).fetchall())


def _said(rows: list[tuple[object, ...]]) -> list[str]:
    """Return definitions without casts and brackets: PostgreSQL writes them otherwise when it reads its own words."""
    return sorted(re.sub(r"::[a-z ]+(\[\])?|[() ]", "", str(each)) for each in rows)


def test_new_rows_get_ids_that_no_message_has_named(made: Made, empty: Target) -> None:
    restoring.restore(_path(made), empty)

    with psycopg.connect(empty.owner_url) as owner:
        last = owner.execute("SELECT last_value FROM delivery_id_seq").fetchone()
    assert last
    assert last[0] > made.manifest.sequences["delivery_id_seq"][0] + 100_000


def test_a_rehearsal_restores_and_leaves_nothing(made: Made) -> None:
    before = sorted(settings().data_dir.rglob("*"))

    rehearsing.rehearse(_path(made))

    assert sorted(settings().data_dir.rglob("*")) == before


_HEAD = ("what happens", "what is said", "database and files after")


def _tell(evidence: Evidence, what: str, problem: UserError, after: str = "as before") -> None:
    params = {name: "…" if name in {"file", "name", "folder"} else value for name, value in problem.params.items()}
    evidence.add("table of harms", _HEAD, what, problem.message.format(**params), after)


@pytest.mark.parametrize(
    ("what", "harm", "said"),
    [
        ("the end is cut off", lambda file: file.write_bytes(file.read_bytes()[:-1000]), "已损坏"),
        ("half is cut off", lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]), "已损坏"),
        ("a bit flipped at the beginning", lambda file: _flip(file, 100), "已损坏"),
        ("a bit flipped in the middle", lambda file: _flip(file, file.stat().st_size // 2), "已损坏"),
        ("a bit flipped at the end", lambda file: _flip(file, file.stat().st_size - 1), "已损坏"),
        ("a bit flipped in the salt", lambda file: _flip(file, 20), "密钥无法打开"),
        ("the archive is empty", lambda file: file.write_bytes(b""), "已损坏"),
        ("the archive is not there", lambda file: file.unlink(), "没有文件"),
    ],
)
def test_what_is_not_whole_changes_nothing(  # noqa: PLR0917 - what happens, and what it needs
    made: Made, empty: Target, evidence: Evidence, what: str, harm: Callable[[Path], object], said: str
) -> None:
    harm(_path(made))

    with pytest.raises(UserError, match=said) as problem:
        restoring.restore(_path(made), empty)

    _nothing_changed(empty)
    _tell(evidence, what, problem.value)


def _nothing_changed(empty: Target) -> None:
    assert _tables(empty.owner_url) == {}
    assert not [each for each in (settings().data_dir / "restored-files").rglob("*") if each.is_file()]


@contextmanager
def _disk_with(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond `size` bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_while_backing_up_leaves_nothing(made: Made, tmp_path: Path, evidence: Evidence) -> None:
    with _disk_with(made.size // 2), pytest.raises(UserError, match="磁盘已满") as problem:
        making.make(str(tmp_path / "full"))

    assert list((tmp_path / "full").iterdir()) == []
    _tell(evidence, "the disk is full while a backup is written", problem.value, "as before; no archive is left")


def test_a_full_disk_while_restoring_changes_nothing(made: Made, empty: Target, evidence: Evidence) -> None:
    with _disk_with(1 << 20), pytest.raises(UserError, match="磁盘空间不足") as problem:
        restoring.restore(_path(made), empty)

    _nothing_changed(empty)
    _tell(evidence, "the disk of files is full while a backup is restored", problem.value)


def _flip(file: Path, at: int) -> None:
    whole = bytearray(file.read_bytes())
    whole[at] ^= 0x40
    file.write_bytes(whole)


@pytest.mark.parametrize(("key", "said"), [("another-key-for-tests", "密钥无法打开"), ("", "已加密")])
def test_another_key_changes_nothing(  # noqa: PLR0917 - the key, and what it needs
    made: Made, empty: Target, keyed: Callable[[str], None], evidence: Evidence, key: str, said: str
) -> None:
    keyed(key)

    with pytest.raises(UserError, match=said) as problem:
        restoring.restore(_path(made), empty)

    _nothing_changed(empty)
    _tell(evidence, "another key" if key else "no key", problem.value)


@pytest.mark.parametrize(("key", "said"), [("", "QIANQI_SECRET_KEY"), ("short", "QIANQI_SECRET_KEY")])
def test_a_secret_nobody_could_start_with_changes_nothing(  # noqa: PLR0917 - the secret, and what it needs
    made: Made, empty: Target, monkeypatch: pytest.MonkeyPatch, evidence: Evidence, key: str, said: str
) -> None:
    """Given a new machine whose secret is missing or too short, then that is said before anything is restored."""
    monkeypatch.setenv("QIANQI_MODE", "production")
    monkeypatch.setenv("QIANQI_SECRET_KEY", key)
    settings.cache_clear()

    with pytest.raises(UserError, match=said) as problem:
        restoring.restore(_path(made), empty)

    _nothing_changed(empty)
    _tell(evidence, "the secret is too short" if key else "no secret is set in production", problem.value)


def test_a_database_that_is_not_empty_is_replaced_only_if_it_is_said(
    made: Made, empty: Target, evidence: Evidence
) -> None:
    restoring.restore(_path(made), empty)
    before = _tables(empty.owner_url)

    with pytest.raises(UserError, match="不是空库") as problem:
        restoring.restore(_path(made), empty)
    assert _tables(empty.owner_url) == before
    _tell(evidence, "the database is not empty", problem.value)

    restoring.restore(_path(made), empty, replace=True)
    assert _tables(empty.owner_url)["issue"] == before["issue"]


def test_a_database_in_use_is_left_alone(
    made: Made, empty: Target, postgres: EmbeddedPostgres, evidence: Evidence
) -> None:
    """Whoever owns the database is told less of the application's sessions than of its own."""
    name = empty.owner_url.rpartition("/")[2]
    for url in (empty.owner_url, postgres.app_url.removesuffix(DATABASE) + name):
        with psycopg.connect(url), pytest.raises(UserError, match="正在使用") as problem:
            restoring.restore(_path(made), empty)

    _nothing_changed(empty)
    _tell(evidence, "somebody still works in the database", problem.value)


def test_a_backup_of_a_newer_release_is_refused(made: Made, empty: Target, tmp_path: Path, evidence: Evidence) -> None:
    newer = tmp_path / "newer.backup"
    facts = replace(made.manifest, migration="9999_of_tomorrow", tables={}, files=0, size=0)
    with archive.writing(newer, KEY) as writer:
        writer.content(archive.MANIFEST, facts.as_json())

    with pytest.raises(UserError, match="9999_of_tomorrow；本机为") as problem:
        restoring.restore(newer, empty)
    _tell(evidence, "the backup is of a newer release", problem.value)


@pytest.mark.usefixtures("demo_database")
def test_a_file_that_is_gone_is_told_and_all_else_is_kept(tmp_path: Path, empty: Target, evidence: Evidence) -> None:
    _attach([b"stays", b"goes", b"changes"])
    shas = {each.file_name: each.sha256 for each in everything(Attachment)[-3:]}
    folder = settings().files_dir
    (folder / shas["1.txt"][:2] / shas["1.txt"]).unlink()
    (folder / shas["2.txt"][:2] / shas["2.txt"]).write_bytes(b"something else")

    made = making.make(str(tmp_path / "backups"))
    done = restoring.restore(_path(made), empty)

    assert sorted(made.manifest.missing) == sorted([shas["1.txt"], shas["2.txt"]])
    assert shas["1.txt"][:12] in wording.of_made(made)
    assert done.files == 1
    said = "2 files that rows refer to were missing or changed in the store and are not in it: …"
    evidence.add("table of harms", _HEAD, "files gone or changed in the store", said, "all else is backed up")


def test_a_restore_that_breaks_off_takes_its_files_out_again(made: Made, empty: Target) -> None:
    """The database refuses at the very end: a role that is not there cannot be granted anything."""
    nobody = replace(empty, app_role="nobody_of_that_name")

    with pytest.raises(Exception, match="nobody_of_that_name"):
        restoring.restore(_path(made), nobody)

    assert _tables(empty.owner_url) == {}
    assert not [each for each in (settings().data_dir / "restored-files").rglob("*") if each.is_file()]


@pytest.mark.usefixtures("made", "s3")
def test_backups_can_lie_in_a_store_that_speaks_s3(empty: Target) -> None:
    kept = settings().data_dir / "files"
    for each in kept.rglob("*"):
        if each.is_file():
            storage.store().put(str(each.relative_to(kept)), each)
    place = places.Place(settings().files_url.replace("/test", "/backups-of-test"))
    remote = making.make(place.address)

    with places.at_hand(f"{place.address}/{remote.name}") as copy:
        done = restoring.restore(copy, empty)

    assert not copy.parent.exists()
    assert copy.name == remote.name, "the log of what was done names the archive"
    assert [each.name for each in place.kept()] == [remote.name]
    assert done.files == 3
    place.drop(remote.name)
    assert place.kept() == []
