"""What the form of a step is, and the pieces forms are made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.errors import InvalidError
from core.i18n import N_
from core.i18n import gettext as _
from models.fields import FieldKind, FieldSpec, Option
from pages.common.fields import Choices
from pages.issues.parts.pressed import Take, Values
from services.actor import Actor
from services.issues.reading import Shown

Specs = Callable[[Shown], list[FieldSpec]]
Draw = Callable[[Actor, Shown, str], None]
CHOOSE = N_("Please choose.")


@dataclass(frozen=True)
class Form:
    """How a step is taken on the page.

    Args:
        take: takes it.
        icon: name of a Material symbol.
        specs: what it asks.
        question: what is said above the fields; for what cannot be taken back, it asks.
        references: what its references offer.
        begin: what the fields begin with.
        draw: shows what goes beyond fields, below them.
        live: whether the page runs again while it is filled in, because later fields depend on earlier ones.
        direct: whether one press takes the step, without a form.
    """

    take: Take
    icon: str
    specs: Specs = field(default=lambda _shown: [])
    question: str = ""
    references: Callable[[Shown], Choices] = field(default=lambda _shown: {})
    begin: Callable[[Shown], Values] = field(default=lambda _shown: {})
    draw: Draw | None = None
    live: bool = False
    direct: bool = False


def text_field(key: str, label: str, *, required: bool = True, most: int = 1000, hint: str = "") -> FieldSpec:
    """Return a field for a longer text."""
    return FieldSpec(
        key=key, label=label, kind=FieldKind.LONG_TEXT, required=required, max_length=most, help=hint
    )  # fmt: skip


def reference(key: str, label: str, *, required: bool = True) -> FieldSpec:
    """Return a field that names a row."""
    return FieldSpec(key=key, label=label, kind=FieldKind.REFERENCE, required=required)


def choice(key: str, label: str, options: tuple[Option, ...], *, required: bool = True) -> FieldSpec:
    """Return a field that offers a few values."""
    return FieldSpec(key=key, label=label, kind=FieldKind.CHOICE, options=options, required=required)


def labelled(enum: Any) -> tuple[Option, ...]:
    """Return the values of an enum as options."""
    return tuple(Option(value=each.value, label=each.label) for each in enum)


def one(label: str, key: str = "reason", *, required: bool = True, most: int = 1000) -> Specs:
    """Return what asks for one text."""
    return lambda _shown: [text_field(key, label, required=required, most=most)]


def note(label: str = N_("Note")) -> Specs:
    """Return what asks for a note that may be left out."""
    return one(label, "note", required=False)


def given(values: Values, key: str) -> Any:
    """Return what was chosen.

    Raises:
        InvalidError: nothing was.
    """
    if values.get(key) is None:
        raise InvalidError({key: _(CHOOSE)})
    return values[key]


def says(done: str, step: Callable[[Actor, int, Values, int], object]) -> Take:
    """Return what takes a step and says that it is done."""

    def take(actor: Actor, issue_id: int, values: Values, seen: int) -> str:
        step(actor, issue_id, values, seen)
        return _(done)

    return take


def reasoned(step: Callable[..., object], done: str, key: str = "reason") -> Take:
    """Return what takes a step whose only input is a text."""
    return says(done, lambda actor, issue_id, values, seen: step(actor, issue_id, values.get(key) or "", seen=seen))


def noted(step: Callable[..., object], done: str) -> Take:
    """Return what takes a step with an optional note."""
    return says(
        done, lambda actor, issue_id, values, seen: step(actor, issue_id, note=values.get("note") or "", seen=seen)
    )  # fmt: skip


def departments(shown: Shown) -> Choices:
    """Offer the active departments."""
    return {"department_id": shown.choices.departments if shown.choices else {}}
