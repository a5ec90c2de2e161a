"""What people call a bulletin, and the way to its page."""

from datetime import date

from core.i18n import gettext


def title(month: date) -> str:
    """Return a bulletin's title: what it is about and of which month."""
    return gettext("Bulletin of {month}/{year}").format(year=month.year, month=month.month)


def full_title(month: date) -> str:
    """Return the title of the document, as official papers are titled."""
    return gettext("Bulletin on visits to enterprises and the handling of their needs in {month}").format(
        month=month_name(month)
    )


def numbered(month: date) -> str:
    """Return the number a bulletin is filed under, such as 月通报 2023 年第 12 期."""
    return gettext("Monthly bulletin {year} no. {number}").format(year=month.year, number=month.month)


def month_name(month: date) -> str:
    """Return a month as text, such as 2023 年 12 月."""
    return gettext("{month}/{year}").format(year=month.year, month=month.month)


def path_of(bulletin_id: int) -> str:
    """Return the address of a bulletin's page, as a path."""
    return f"/bulletin-bulletin?bulletin={bulletin_id}"
