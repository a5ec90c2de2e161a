"""What the `deadline` command is asked for, and the calendar it can answer from."""

from datetime import datetime

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from core import clock, instance
from core.db import transaction
from core.errors import UserError
from core.i18n import N_
from core.i18n import gettext as _
from core.settings import settings
from models.worktime import Calendar, Limit, LimitUnit
from services.working_time.loading import calendar, published


def moment(text: str) -> datetime:
    """Return the moment a text names; without an offset, in the business time zone.

    Raises:
        UserError: it names none.
    """
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UserError(N_("“{text}” is not a moment; write it like 2026-09-24T16:00."), text=text) from None
    return given if given.tzinfo else given.replace(tzinfo=clock.zone())


def limit(days: str | None, minutes: str | None) -> Limit:
    """Return the limit that is given in days or in minutes.

    Raises:
        UserError: neither or both are given, or it is not a whole number from 0 on.
    """
    if (days is None) == (minutes is None):
        raise UserError(N_("Give the time limit with either --days or --minutes."))
    if days is not None:
        return Limit(_amount(days), LimitUnit.WORKING_DAYS)
    return Limit(_amount(minutes or ""), LimitUnit.WORKING_MINUTES)


def calendar_at_hand() -> tuple[Calendar, str]:
    """Return the administrator's calendar where a database is there, else the published one; never make a database.

    Returns:
        The calendar, and a remark if a database is there but could not be asked.
    """
    try:
        if not settings().database_url and not instance.has_database(settings().data_dir):
            return published(), ""
        with instance.servers(), transaction() as session:
            return calendar(session), ""
    except (UserError, SQLAlchemyError, psycopg.Error, OSError, ValueError):
        return published(), _("The database cannot be asked: this is the published calendar with the default rules.")


def _amount(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise UserError(N_("“{text}” is not a whole number of days or minutes."), text=text)
    return int(text)
