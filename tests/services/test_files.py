"""The store of uploaded files: whole or not at all, never executable, images without their metadata."""

from io import BytesIO

import pytest
from PIL import Image

from core.errors import NotFoundError, UserError
from core.settings import settings
from services import files


def _photo(size: tuple[int, int] = (800, 600)) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the camera turned
    exif.get_ifd(0x8825)[1] = "N"  # a place
    target = BytesIO()
    Image.new("RGB", size, "#1f5fbf").save(target, "JPEG", exif=exif)
    return target.getvalue()


def test_the_same_content_is_kept_once_and_read_back() -> None:
    first = files.store(b"one content")
    second = files.store(BytesIO(b"one content"))

    assert first == second
    assert first.size == 11
    with files.open_file(first.sha256) as stream:
        assert stream.read() == b"one content"
    kept = [path for path in settings().files_dir.rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert kept[0].stat().st_mode & 0o777 == 0o600


def test_a_file_too_large_leaves_nothing_behind() -> None:
    with pytest.raises(UserError, match="文件超过 1 MB"):
        files.store(BytesIO(b"x" * (1 << 20) + b"y"), limit=1 << 20)

    assert not [path for path in settings().files_dir.rglob("*") if path.is_file()]


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(UserError, match="文件是空的"):
        files.store(b"")


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 64, "", "A" * 64])
def test_an_unknown_name_or_a_path_is_not_found(name: str) -> None:
    with pytest.raises(NotFoundError):
        files.open_file(name)


def test_a_type_is_known_by_content() -> None:
    assert files.media_type(files.store(_photo()).sha256) == "image/jpeg"
    assert files.media_type(files.store(b"%PDF-1.7\n%...").sha256) == "application/pdf"
    assert not files.media_type(files.store(b"\xff\xd8\xff\xe0 not really a JPEG").sha256).startswith("image/")


def test_a_thumbnail_is_small_upright_and_tells_no_place() -> None:
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
