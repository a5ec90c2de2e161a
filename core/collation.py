"""The order of texts in the database, as readers of the present language expect it."""

from typing import Any

from sqlalchemy import ColumnElement, func

from core.i18n import locale


def by_reading(column: Any) -> ColumnElement[Any]:
    """Return what orders a text column in the present language: pinyin in Chinese, letters in English.

    The code points of GB 18030 follow the pinyin of the 3,755 common characters, and every PostgreSQL knows that
    encoding; Chinese collations of its own are missing from many builds.
    """
    lower = func.lower(column)
    return func.convert_to(lower, "GB18030") if locale() == "zh_CN" else lower
