"""A question in words: its kind's icon, its options and rules on one line."""

from collections.abc import Sequence

from core.i18n import gettext as _
from models.fields import FieldKind, FieldSpec
from models.forms import condition_values
from pages.common import ui

_ICONS = {
    FieldKind.TEXT: "short_text",
    FieldKind.LONG_TEXT: "notes",
    FieldKind.CHOICE: "radio_button_checked",
    FieldKind.CHOICES: "check_box",
    FieldKind.BOOLEAN: "thumbs_up_down",
    FieldKind.RATING: "star",
    FieldKind.INTEGER: "pin",
    FieldKind.NUMBER: "decimal_increase",
    FieldKind.DATE: "calendar_month",
    FieldKind.PHONE: "call",
    FieldKind.ATTACHMENT: "photo_camera",
}
_SHOWN_OPTIONS = 6


def kind_icon(kind: FieldKind) -> str:
    """Return a kind's icon as Markdown."""
    return f":material/{_ICONS[kind]}:"


def rule_text(spec: FieldSpec, specs: Sequence[FieldSpec]) -> str:
    """Return a question's options, bounds and condition as one line of Markdown; empty for none."""
    parts = [_options(spec), _bounds(spec), _condition(spec, specs)]
    return " · ".join(part for part in parts if part)


def _options(spec: FieldSpec) -> str:
    labels = [ui.plain(option.label) for option in spec.options[:_SHOWN_OPTIONS]]
    if len(spec.options) > _SHOWN_OPTIONS:
        labels.append("…")
    return " / ".join(labels)


def _bounds(spec: FieldSpec) -> str:
    low, high = spec.minimum, spec.maximum
    if low is None and high is None:
        return ""
    if high is None:
        return _("at least {limit}").format(limit=f"{low:g}")
    if low is None:
        return _("at most {limit}").format(limit=f"{high:g}")
    return _("{low} to {high}").format(low=f"{low:g}", high=f"{high:g}")


def _condition(spec: FieldSpec, specs: Sequence[FieldSpec]) -> str:
    condition = spec.shown_if
    source = next((each for each in specs if condition and each.key == condition.field), None)
    if condition is None or source is None:
        return ""
    labels = condition_values(source)
    answers = _(", ").join(ui.plain(labels.get(value, value)) for value in condition.values)
    return ":material/visibility: " + _("shown if “{question}” is {answers}").format(
        question=ui.plain(source.label), answers=answers
    )
