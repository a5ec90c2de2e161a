"""What administrators set up without code: extra fields, choice lists, texts and days of the calendar."""

from datetime import date
from typing import Any

from sqlmodel import UniqueConstraint

from core.i18n import N_
from models.base import LabelledEnum, Row, column, json_column


class Extensible(LabelledEnum):
    """Entities an administrator can give extra fields."""

    ENTERPRISE = "enterprise", N_("Enterprise")
    VISIT = "visit", N_("Visit")
    ISSUE = "issue", N_("Issue")


class ExtraField(Row, table=True):
    """An extra field of an entity; `spec` is a `models.fields.FieldSpec` with `extra` set."""

    __tablename__ = "extra_field"
    __table_args__ = (UniqueConstraint("entity", "key"),)

    entity: Extensible = column(N_("Entity"), choices=Extensible, listed=True, filterable=True)
    key: str = column(N_("Key"), max_length=48, listed=True)
    spec: dict[str, Any] = json_column()
    position: int = column(N_("Position"), default=0, listed=True)
    active: bool = column(N_("Active"), default=True, listed=True)


class ChoiceList(Row, table=True):
    """A named list of values a field can have, such as industries or issue categories."""

    __tablename__ = "choice_list"

    key: str = column(N_("Key"), unique=True, max_length=48, listed=True)
    name: str = column(N_("Name"), max_length=100, listed=True, searchable=True)


class ChoiceItem(Row, table=True):
    """One value of a choice list; a tree where items have parents. A value in use is made inactive, not deleted."""

    __tablename__ = "choice_item"
    __table_args__ = (UniqueConstraint("list_key", "value"),)

    list_key: str = column(N_("List"), foreign_key="choice_list.key", max_length=48, listed=True, filterable=True)
    value: str = column(N_("Value"), max_length=64, listed=True)
    label: str = column(N_("Chinese text"), max_length=200, listed=True, searchable=True)
    label_en: str = column(N_("English text"), default="", max_length=200, listed=True)
    parent_value: str = column(N_("Belongs to"), default="", max_length=64)
    position: int = column(N_("Position"), default=0, listed=True)
    active: bool = column(N_("Active"), default=True, listed=True, filterable=True)


class CustomText(Row, table=True):
    """A text of the product in an administrator's own words, in one language."""

    __tablename__ = "custom_text"
    __table_args__ = (UniqueConstraint("locale", "message"),)

    locale: str = column(N_("Language"), max_length=10, listed=True, filterable=True)
    message: str = column(N_("Standard text"), max_length=500, listed=True, searchable=True)
    text: str = column(N_("Own text"), max_length=500, listed=True, searchable=True)


class DayKind(LabelledEnum):
    """Whether work is done on a day that differs from its weekday."""

    HOLIDAY = "holiday", N_("Holiday")
    WORKDAY = "workday", N_("Working day")


class CalendarDay(Row, table=True):
    """A day on which the zone departs from the State Council's calendar."""

    __tablename__ = "calendar_day"

    day: date = column(N_("Day"), unique=True, listed=True)
    kind: DayKind = column(N_("Kind"), choices=DayKind, listed=True, filterable=True)
    name: str = column(N_("Name"), default="", max_length=100, listed=True, searchable=True)
