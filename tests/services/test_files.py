"""The store of uploaded files: whole or not at all, never executable, images without their metadata."""

import resource
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from core import storage
from core.errors import NotFoundError, UserError
from core.settings import settings
from services import doctor, files


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest) -> Path:
    """Where files lie: in the data folder, and in a store that speaks S3."""
    if request.param == "folder":
        return settings().files_dir
    found: Path = request.getfixturevalue("s3")
    return found


def _kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _photo(size: tuple[int, int] = (800, 600), colour: str = "#1f5fbf") -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the camera turned
    exif.get_ifd(0x8825)[1] = "N"  # a place
    target = BytesIO()
    Image.new("RGB", size, colour).save(target, "JPEG", exif=exif)
    return target.getvalue()


def test_the_same_content_is_kept_once_and_read_back(place: Path) -> None:
    first = files.store(b"one content")
    second = files.store(BytesIO(b"one content"))

    assert first == second
    assert first.size == 11
    assert files.content(first.sha256) == b"one content"
    assert [path.name for path in _kept(place)] == [first.sha256]
    files.require(first.sha256)


def test_a_kept_file_is_for_its_owner_alone() -> None:
    stored = files.store(b"one content")

    kept = settings().files_dir / stored.sha256[:2] / stored.sha256
    assert kept.stat().st_mode & 0o777 == 0o600
    assert settings().files_dir.stat().st_mode & 0o007 == 0


def test_a_large_file_goes_to_the_store_in_parts_and_comes_back_whole(s3: Path) -> None:
    content = bytes(range(256)) * (12 << 12)  # 12 MiB, more than one part

    stored = files.store(content)

    assert files.content(stored.sha256) == content
    assert [path.stat().st_size for path in _kept(s3)] == [len(content)]
    assert not _kept(settings().files_dir), "nothing stays on this machine"


def test_a_file_too_large_leaves_nothing_behind(place: Path) -> None:
    with pytest.raises(UserError, match="文件超过 1 MB"):
        files.store(BytesIO(b"x" * (1 << 20) + b"y"), limit=1 << 20)

    assert not _kept(place)
    assert not _kept(settings().files_dir)


def test_a_file_that_is_refused_when_looked_at_is_not_kept(place: Path) -> None:
    def refuse(path: Path) -> None:
        assert path.read_bytes() == b"bad"
        raise UserError("no")

    with pytest.raises(UserError, match="no"):
        files.store_as(b"bad", refuse)

    assert not _kept(place)


def test_an_upload_that_breaks_off_leaves_nothing_behind(place: Path) -> None:
    class Broken(BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("the line is dead")
            return super().read(10)

    with pytest.raises(OSError, match="dead"):
        files.store(Broken(b"x" * 100))

    assert not _kept(place)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(UserError, match="文件是空的"):
        files.store(b"")


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 64, "", "A" * 64])
def test_an_unknown_name_or_a_path_is_not_found(name: str, place: Path) -> None:  # noqa: ARG001 - asked for its effect
    with pytest.raises(NotFoundError):
        files.content(name)
    with pytest.raises(NotFoundError):
        files.require(name)


def test_what_was_changed_in_the_store_is_not_given_out(place: Path) -> None:
    stored = files.store(b"as it was signed")
    (place / stored.sha256[:2] / stored.sha256).write_bytes(b"as it was forged")

    with pytest.raises(UserError, match="已被改动"):
        files.content(stored.sha256)


def test_a_path_for_libraries_ends_with_its_block(s3: Path) -> None:
    stored = files.store(b"for calamine")

    with files.local_copy(stored.sha256) as path:
        assert path.read_bytes() == b"for calamine"
        assert path.stat().st_mode & 0o777 == 0o600
    assert not path.exists()
    assert _kept(s3)


@pytest.mark.parametrize(("setting", "value"), [
    ("QIANQI_FILES_SECRET", "wrong"),
    ("QIANQI_FILES_URL", "s3://no-such-bucket/files"),
])  # fmt: skip
def test_a_store_that_refuses_is_told_to_people_and_to_the_doctor(
    s3: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    monkeypatch.setenv(setting, value)
    settings.cache_clear()
    storage.reset()

    with pytest.raises(storage.StorageError, match="文件存储没有响应"):
        files.store(b"content")

    found = doctor._files()
    assert found.failed
    assert found.advice
    assert "test-secret" not in found.detail
    assert not _kept(s3)


def test_the_doctor_writes_reads_and_removes_a_file(place: Path) -> None:
    found = doctor._files()

    assert not found.failed
    assert found.detail in {str(place), settings().files_url}
    assert not _kept(place)


def test_the_bucket_may_be_part_of_the_servers_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANQI_FILES_ENDPOINT", "https://oss-cn-qingdao.aliyuncs.example/")
    settings.cache_clear()
    assert storage._endpoint("s3://qianqi/x") == "https://oss-cn-qingdao.aliyuncs.example"

    monkeypatch.setenv("QIANQI_FILES_BUCKET_HOST", "true")
    settings.cache_clear()
    assert storage._endpoint("s3://qianqi/x") == "https://qianqi.oss-cn-qingdao.aliyuncs.example"


def test_a_type_is_known_by_content(place: Path) -> None:  # noqa: ARG001 - asked for its effect
    assert files.media_type(files.store(_photo()).sha256) == "image/jpeg"
    assert files.media_type(files.store(b"%PDF-1.7\n%...").sha256) == "application/pdf"
    assert not files.media_type(files.store(b"\xff\xd8\xff\xe0 not really a JPEG").sha256).startswith("image/")


def test_a_thumbnail_is_small_upright_and_tells_no_place(place: Path) -> None:  # noqa: ARG001 - asked for its effect
    stored = files.store(_photo())

    with Image.open(BytesIO(files.thumbnail(stored.sha256, 200))) as small:
        assert small.format == "WEBP"
        assert small.size == (150, 200)
        assert not small.getexif()


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    target = BytesIO()
    Image.new("1", (10_000, 9_500)).save(target, "PNG")
    stored = files.store(target.getvalue())

    with pytest.raises(UserError, match="像素过多"):
        files.thumbnail(stored.sha256, 200)


def test_what_is_no_image_gives_no_thumbnail() -> None:
    with pytest.raises(UserError, match="不是可以显示的图片"):
        files.thumbnail(files.store(b"plain text").sha256, 200)


def test_a_full_disk_is_told_and_nothing_is_left_of_the_file() -> None:
    """Given a limit of the operating system in place of a full disk: to a program they are alike."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))
    try:
        with pytest.raises(UserError, match="磁盘空间不足"):
            files.store(bytes(2 << 20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert _kept(settings().files_dir) == []
    assert files.store(bytes(2 << 20)).size == 2 << 20
