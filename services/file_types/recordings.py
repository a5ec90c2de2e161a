"""Sound and video: whether a file has the build of its kind from beginning to end."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_SOUND_BRANDS = {b"M4A ", b"M4B "}
_MOVIE_BRANDS = {
    b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"MSNV", b"M4V ", b"3gp4", b"3gp5", b"3gp6",
    b"3g2a", b"dash", b"XAVC",
}  # fmt: skip
_QUICKTIME = b"qt  "
_MOST_BOXES = 100_000
_MOST_INDEX = 32 << 20
_BITRATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_LAYER_3 = 1


def kind_of(path: Path, head: bytes) -> str:
    """Return the key of a sound recording or video, empty for anything else."""
    if head[4:8] == b"ftyp":
        return _boxed(path, head[8:12])
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "amr"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm" if b"\x42\x82\x84webm" in head[:64] else ""
    with path.open("rb") as stream:
        return "mp3" if _is_mp3(stream) else ""


def _boxed(path: Path, brand: bytes) -> str:
    """Return what a file of MP4's build is: sound without a picture, or a video."""
    if brand not in {*_SOUND_BRANDS, *_MOVIE_BRANDS, _QUICKTIME}:
        return ""
    index = b""
    with path.open("rb") as stream:
        try:
            for name, start, size in _boxes(stream, path.stat().st_size):
                if name == b"moov":
                    stream.seek(start)
                    index = stream.read(min(size, _MOST_INDEX))
        except ValueError:
            return ""
    if not index:
        return ""
    if b"vide" not in index:
        return "m4a"
    return "mov" if brand == _QUICKTIME else "mp4"


def _boxes(stream: BinaryIO, total: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and size of each outer box.

    Raises:
        ValueError: they do not add up to the whole file.
    """
    at = 0
    for _ in range(_MOST_BOXES):
        if at == total:
            return
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:
            break
        size, name = struct.unpack(">I4s", head[:8])
        if size == 1 and len(head) == 16:
            size = struct.unpack(">Q", head[8:])[0]
        size = size or total - at  # 0: until the end
        if size < 8 or at + size > total:
            break
        yield name, at, size
        at += size
    raise ValueError


def _is_mp3(stream: BinaryIO) -> bool:
    """Return whether two frames follow each other where the first is expected, behind the tags."""
    head = stream.read(10)
    at = 0
    if head.startswith(b"ID3") and len(head) == 10:
        at = 10 + sum((byte & 0x7F) << (7 * (3 - place)) for place, byte in enumerate(head[6:10]))
    for _ in range(2):
        stream.seek(at)
        length = _frame(stream.read(4))
        if not length:
            return False
        at += length
    return True


def _frame(head: bytes) -> int:
    """Return how long the frame of layer III is that begins so, 0 if it is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer, bitrate, rate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in _RATES or layer != _LAYER_3 or bitrate in {0, 15} or rate == 3:
        return 0
    first = version == 3
    kilobits, hertz = _BITRATES[not first][bitrate], _RATES[version][rate]
    return (144 if first else 72) * kilobits * 1000 // hertz + (head[2] >> 1 & 1)
