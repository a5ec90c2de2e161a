"""What administrators set up without code: extra fields, choice lists, texts and days of the calendar."""

from datetime import date
from typing import Self

from sqlalchemy import ARRAY, String
from sqlmodel import CheckConstraint, Field, UniqueConstraint

from core.i18n import N_, locale
from models.base import LabelledEnum, Row, column
from models.fields import Condition, FieldKind, FieldSpec, Option


class Extensible(LabelledEnum):
    """Entities an administrator can give extra fields."""

    ENTERPRISE = "enterprise", N_("Enterprise")
    VISIT = "visit", N_("Visit")
    ISSUE = "issue", N_("Issue")


_CHOSEN = Condition(field="kind", values=(FieldKind.CHOICE, FieldKind.CHOICES))
_COUNTED = Condition(field="kind", values=(FieldKind.INTEGER, FieldKind.NUMBER))


class ExtraField(Row, table=True):
    """An extra field of an entity, in the administrator's own words; its values lie in the rows' `extra` document."""

    __tablename__ = "extra_field"
    __table_args__ = (UniqueConstraint("entity", "key"), CheckConstraint("key ~ '^[a-z][a-z0-9_]*$'", name="key"))

    entity: Extensible = column(N_("Entity"), choices=Extensible)
    label: str = column(N_("Label"), max_length=100, listed=True, searchable=True)
    label_en: str = column(N_("English label"), default="", max_length=100)
    kind: str = column(N_("Kind of value"), kind=FieldKind.CHOICE, max_length=32, listed=True, filterable=True)
    options: str = column(
        N_("Choices"), default="", max_length=4000, shown_if=_CHOSEN,
        help=N_("One a line. To store another value than the text, or to add English: value | text | English text"),
    )  # fmt: skip
    choice_list: str = column(
        N_("Choices from a list"), kind=FieldKind.CHOICE, default="", max_length=48, shown_if=_CHOSEN,
        help=N_("Instead of choices of its own, for values that several fields share"),
    )  # fmt: skip
    minimum: float | None = column(N_("Smallest value"), default=None, shown_if=_COUNTED)
    maximum: float | None = column(N_("Largest value"), default=None, shown_if=_COUNTED)
    required: bool = column(N_("Must be filled in"), default=False, listed=True)
    listed: bool = column(N_("Shown in lists"), default=True)
    filterable: bool = column(N_("Offered as a filter"), default=True)
    help: str = column(N_("Hint for whoever fills it in"), default="", max_length=300)
    help_en: str = column(N_("English hint"), default="", max_length=300)
    shown_if: list[str] = column(
        N_("Only asked if"), default_factory=list, sa_type=ARRAY(String(120)),
        help=N_("One of these answers must have been given before"),
    )  # fmt: skip
    position: int = column(N_("Position"), default=0, listed=True, help=N_("Fields are shown in this order"))
    key: str = column(
        N_("Key"), default="", max_length=48, listed=True,
        help=N_("Names the field inside the system; left empty, it is made from the label"),
    )  # fmt: skip
    active: bool = column(N_("Active"), default=True, listed=True, filterable=True)

    @classmethod
    def of(cls, entity: Extensible, spec: FieldSpec, *, position: int = 0) -> Self:
        """Return the row that declares `spec` as an extra field of `entity`."""
        condition = spec.shown_if
        return cls(
            entity=entity, key=spec.key, label=spec.label, kind=spec.kind.value, required=spec.required,
            options="\n".join(f"{option.value} | {option.label}" for option in spec.options),
            choice_list=spec.choice_list, minimum=spec.minimum, maximum=spec.maximum, listed=spec.listed,
            filterable=spec.filterable, help=spec.help, position=position,
            shown_if=[f"{condition.field}={value}" for value in condition.values] if condition else [],
        )  # fmt: skip

    def spec(self) -> FieldSpec:
        """Return the field this row declares, its words in the present language."""
        return FieldSpec(
            key=self.key, label=self._in_language(self.label, self.label_en), kind=FieldKind(self.kind),
            required=self.required, options=self._options(), choice_list=self.choice_list, minimum=self.minimum,
            maximum=self.maximum, listed=self.listed, filterable=self.filterable, extra=True,
            help=self._in_language(self.help, self.help_en), shown_if=self._condition(),
        )  # fmt: skip

    @property
    def asked_after(self) -> str:
        """Key of the field it is asked after; empty if it always is. All its answers are of one field."""
        return self.shown_if[0].partition("=")[0] if self.shown_if else ""

    def _options(self) -> tuple[Option, ...]:
        return tuple(
            Option(value=value, label=self._in_language(label or value, english))
            for value, label, english in choice_lines(self.options)
        )

    def _condition(self) -> Condition | None:
        if not self.shown_if:
            return None
        return Condition(field=self.asked_after, values=tuple(each.partition("=")[2] for each in self.shown_if))

    @staticmethod
    def _in_language(chinese: str, english: str) -> str:
        return (english if locale() == "en" else "") or chinese


def choice_lines(options: str) -> list[tuple[str, str, str]]:
    """Return choices written one a line as value, Chinese and English text; what is not written is empty."""
    written = ([part.strip() for part in line.split("|")] for line in options.splitlines() if line.strip())
    return [(value, label, english) for value, label, english, *_more in ([*parts, "", ""] for parts in written)]


class ChoiceList(Row, table=True):
    """A named list of values a field can have, such as industries or issue categories."""

    __tablename__ = "choice_list"
    __table_args__ = (CheckConstraint("key ~ '^[a-z][a-z0-9_]*$'", name="key"),)

    name: str = column(N_("Name"), max_length=100, listed=True, searchable=True)
    key: str = column(
        N_("Key"), default="", unique=True, max_length=48, listed=True,
        help=N_("Names the list inside the system; left empty, it is made from the name"),
    )  # fmt: skip


class ChoiceItem(Row, table=True):
    """One value of a choice list; a tree where items have parents. A value in use is made inactive, not deleted."""

    __tablename__ = "choice_item"
    __table_args__ = (UniqueConstraint("list_key", "value"),)

    list_key: str = column(N_("List"), kind=FieldKind.CHOICE, foreign_key="choice_list.key", max_length=48)
    label: str = column(N_("Chinese text"), max_length=200, listed=True, searchable=True)
    label_en: str = column(N_("English text"), default="", max_length=200, listed=True)
    parent_value: str = column(
        N_("Below"), kind=FieldKind.CHOICE, default="", max_length=64, listed=True, filterable=True
    )
    position: int = column(N_("Position"), default=0, listed=True, help=N_("Fields are shown in this order"))
    value: str = column(
        N_("Stored value"), default="", max_length=64, listed=True,
        help=N_("What is kept when the text is chosen; left empty, it is made from the text"),
    )  # fmt: skip
    active: bool = column(N_("Active"), default=True, listed=True, filterable=True)


class CustomText(Row, table=True):
    """A text of the product in an administrator's own words, in one language."""

    __tablename__ = "custom_text"
    __table_args__ = (UniqueConstraint("locale", "message"),)

    locale: str = column(N_("Language"), kind=FieldKind.CHOICE, max_length=10, listed=True, filterable=True)
    message: str = column(N_("Standard text"), kind=FieldKind.CHOICE, max_length=500, listed=True, searchable=True)
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
    notice_year: int | None = Field(default=None)
    """Of which year's notice it is; none: an administrator entered the day itself.

    Negative: an administrator's own day in place of one of that year's notice, which says the opposite.
    """
