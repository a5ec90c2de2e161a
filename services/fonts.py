"""Which Chinese fonts this machine has: what is drawn here (PNG, PDF) shows boxes without one."""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from core.errors import UserError
from core.i18n import N_

if TYPE_CHECKING:
    import typst

SANS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "思源黑体", "PingFang SC", "Microsoft YaHei", "SimHei",
    "STHeiti", "Heiti SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
)  # fmt: skip
"""Families without serifs that have simplified Chinese characters, best first."""
SERIF = (
    "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "思源宋体", "SimSun", "宋体", "STSong", "Songti SC",
    "AR PL UMing CN",
)  # fmt: skip
"""Families with serifs that have them, best first."""
LATIN = ("Times New Roman", "Liberation Serif", "Libertinus Serif", "DejaVu Serif")
"""Families of Latin letters and digits beside Chinese characters with serifs; the third comes with Typst."""
PACKAGE = "fonts-noto-cjk"
"""What gives both kinds on Debian and Ubuntu."""


class NoChineseFontError(UserError):
    """Nothing with Chinese characters can be drawn on this machine."""

    def __init__(self) -> None:
        super().__init__(
            N_("This machine has no Chinese font: the file would show boxes. An administrator can install {package}."),
            package=PACKAGE,
        )


@cache
def library() -> "typst.Fonts":
    """Return the fonts of this machine, as they were when this process first asked: finding them takes 0.1 s."""
    import typst  # 34 MB: only where a file is made

    return typst.Fonts()


@cache
def families() -> frozenset[str]:
    """Return the names of all families on this machine, as their files give them."""
    return frozenset(library().families())


def present(wanted: Iterable[str]) -> list[str]:
    """Return those of some families that this machine has, in their order."""
    return [name for name in wanted if name in families()]


def chinese() -> str:
    """Return the family that Chinese characters are drawn with, or an empty text if there is none."""
    return next(iter(present((*SANS, *SERIF))), "")


def require_chinese() -> None:
    """Refuse to draw Chinese characters where no font has them.

    Raises:
        NoChineseFontError: there is none.
    """
    if not chinese():
        raise NoChineseFontError
