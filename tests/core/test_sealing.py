"""Sealed files: what was written is read; whatever else happens to them is noticed before anything is believed."""

import secrets
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import sealing
from core.sealing import SealError

KEY = "a key for tests, long enough"
PIECE = 1 << 18


def seal(file: Path, content: bytes, key: str = KEY, step: int = 1 << 20) -> Path:
    file.unlink(missing_ok=True)
    with sealing.written(file, key) as stream:
        for start in range(0, len(content), step):
            stream.write(content[start : start + step])
    return file


def unseal(file: Path, key: str = KEY) -> bytes:
    with sealing.opened(file, key) as stream:
        return stream.read()


@pytest.mark.parametrize("key", ["", KEY])
@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_written_is_read(tmp_path: Path, key: str, size: int) -> None:
    content = secrets.token_bytes(size)

    file = seal(tmp_path / "sealed", content, key, step=100_000)

    assert unseal(file, key) == content
    assert file.stat().st_mode & 0o777 == 0o600
    assert sealing.is_sealed(file) is bool(key)


@given(content=st.binary(max_size=300), at=st.integers(0, 400), by=st.integers(1, 255))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_changed_byte_goes_unnoticed_without_a_key(tmp_path: Path, content: bytes, at: int, by: int) -> None:
    file = seal(tmp_path / "sealed", content, "")
    whole = bytearray(file.read_bytes())
    whole[at % len(whole)] ^= by
    file.write_bytes(whole)

    with pytest.raises(SealError):
        unseal(file, "")


@pytest.mark.parametrize("at", [0, 15, 16, 31, 32, 63, 64, 500, 64 + PIECE + 16, -1])
def test_no_changed_byte_goes_unnoticed_with_a_key(tmp_path: Path, at: int) -> None:
    file = seal(tmp_path / "sealed", secrets.token_bytes(2 * PIECE))
    whole = bytearray(file.read_bytes())
    whole[at] ^= 1
    file.write_bytes(whole)

    with pytest.raises(SealError):
        unseal(file)


@pytest.mark.parametrize("key", ["", KEY])
@pytest.mark.parametrize("left", [0, 10, 64, 64 + PIECE + 16, 64 + 2 * (PIECE + 16), -1])
def test_no_end_is_missed(tmp_path: Path, key: str, left: int) -> None:
    file = seal(tmp_path / "sealed", bytes(3 * PIECE), key)
    file.write_bytes(file.read_bytes()[:left])

    with pytest.raises(SealError):
        unseal(file, key)


def test_pieces_cannot_change_places_nor_something_be_added(tmp_path: Path) -> None:
    whole = seal(tmp_path / "sealed", secrets.token_bytes(3 * PIECE)).read_bytes()
    size = PIECE + 16
    head, first, second, rest = whole[:64], whole[64:][:size], whole[64 + size :][:size], whole[64 + 2 * size :]

    for changed in (head + second + first + rest, head + first + rest, whole + b"\0", whole + whole[-size:]):
        (tmp_path / "changed").write_bytes(changed)
        with pytest.raises(SealError):
            unseal(tmp_path / "changed")


def test_another_key_and_none_are_told_apart_from_damage(tmp_path: Path) -> None:
    file = seal(tmp_path / "sealed", b"secret")

    with pytest.raises(SealError, match="密钥无法打开"):
        unseal(file, "another key, as long as it")
    with pytest.raises(SealError, match="已加密"):
        unseal(file, "")
    with pytest.raises(SealError, match="过短"):
        seal(tmp_path / "other", b"secret", "short")
    assert b"secret" not in file.read_bytes()


def test_two_files_of_the_same_content_share_nothing(tmp_path: Path) -> None:
    first, second = (seal(tmp_path / name, bytes(100)).read_bytes() for name in ("a", "b"))

    assert first[64:] != second[64:]
