"""Language: gettext catalogues and the forms of dates and numbers.

The English text is the message id. Catalogues are the `*.po` files under `locales/zh_CN/`, one for each area of
the product, read once per process; English needs none, for its text is the id.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale, dates, numbers
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from core import marking
from core.settings import settings

N_ = marking.N_
LOCALES = {"zh_CN": "中文", "en": "English"}
_locale: ContextVar[str | None] = ContextVar("locale", default=None)
_own_texts: Mapping[str, Mapping[str, str]] = {}


def gettext(message: str) -> str:
    """Return `message` in the present language."""
    if not message:
        return ""
    own = _own_texts.get(locale(), {}).get(message)
    return own or str(_translations(locale()).ugettext(message))


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form of a text that fits `count`, in the present language."""
    return str(_translations(locale()).ungettext(singular, plural, count))


_ = gettext


def use_own_texts(texts: Mapping[str, Mapping[str, str]]) -> None:
    """Use an administrator's own wording from now on.

    Args:
        texts: language → message id → wording; what it does not have keeps the catalogue's.
    """
    global _own_texts  # noqa: PLW0603 - one process has one set of texts
    _own_texts = texts


def locale() -> str:
    """Return the present language, a key of `LOCALES`."""
    return _locale.get() or settings().default_locale


def set_locale(name: str) -> None:
    """Choose the language for this thread or task; an unknown name means the default."""
    _locale.set(name if name in LOCALES else None)


@contextmanager
def in_locale(name: str) -> Iterator[None]:
    """Use another language within the block."""
    before = _locale.set(name if name in LOCALES else None)
    try:
        yield
    finally:
        _locale.reset(before)


def format_date(day: date | None) -> str:
    """Return a day as the language writes it, or an empty text."""
    return dates.format_date(day, "medium", locale=_babel()) if day else ""


def format_month(day: date) -> str:
    """Return the month of a day without its year in the present language."""
    return dates.format_date(day, "LLL", locale=_babel())


def format_moment(moment: datetime | None) -> str:
    """Return a moment in the business time zone as the language writes it, to the minute, or an empty text."""
    if moment is None:
        return ""
    local = moment.astimezone(dates.get_timezone(settings().timezone))
    return f"{format_date(local.date())} {local:%H:%M}"


def format_number(value: float) -> str:
    """Return a number with the language's grouping."""
    return numbers.format_decimal(value, locale=_babel())


def format_percent(share: float, decimals: int = 0) -> str:
    """Return a share (0.4) as a percentage (40%), rounded as `whole_only` does."""
    pattern = f"#,##0.{'0' * decimals}%" if decimals else None
    return numbers.format_percent(whole_only(share, decimals), pattern, locale=_babel())


def whole_only(share: float, decimals: int = 0) -> float:
    """Return a share rounded to whole percent, or to decimals of one; only what is whole is 1.

    658 of 660 would round to 100 %, by which everybody reads that nothing is left.
    """
    last = 1 - 10 ** -(decimals + 2)
    return round(last if last < share < 1 else share, decimals + 2)


def _babel() -> Locale:
    """Return what Babel knows of the present language; a name would be looked up anew for every cell of a table."""
    return _known(locale())


@cache
def _known(name: str) -> Locale:
    return Locale.parse(name)


def sort_key(text: str) -> str:
    """Return what orders texts as readers of the present language expect: pinyin in Chinese, letters in English."""
    if locale() != "zh_CN":
        return text.casefold()
    from pypinyin import lazy_pinyin  # about 0.2 s to load: only where a list is sorted

    return " ".join(lazy_pinyin(text)).casefold()


def locale_folder() -> Path:
    """Return the folder of all catalogues, one sub-folder for each language."""
    return Path(__file__).parent.parent / "locales"


def catalogue_files(name: str) -> list[Path]:
    """Return the catalogue files of a language, in a fixed order."""
    return sorted((locale_folder() / name).glob("*.po"))


@cache
def standard_texts() -> dict[str, str]:
    """Return every text of the product without a plural, its English id → its Chinese translation."""
    found: dict[str, str] = {}
    for file in catalogue_files("zh_CN"):
        with file.open("rb") as stream:
            found |= {m.id: str(m.string) for m in read_po(stream) if m.id and isinstance(m.id, str)}
    return found


@cache
def _translations(name: str) -> Translations:
    merged = Catalog(locale=name)
    for file in catalogue_files(name):
        with file.open("rb") as stream:
            for message in read_po(stream, locale=name):
                if message.id:
                    merged[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)
