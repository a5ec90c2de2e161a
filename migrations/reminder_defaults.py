"""What migrations need that bring default rules and words of reminders.

Released migrations call it: what it stores for given values must stay as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from alembic import op

_MADE = {"created_at": sa.func.now(), "updated_at": sa.func.now()}


@dataclass(frozen=True)
class Template:
    """Words in both languages."""

    name: str
    occasion: str
    title: str
    body: str
    title_en: str
    body_en: str


@dataclass(frozen=True)
class Rule:
    """When who is told; the occasion is its template's."""

    name: str
    template: str
    offset: int
    recipients: tuple[str, ...]
    unit: str = "working_days"
    urgent: bool = False
    effect: str = "none"
    stage: str | None = None
    repeats: int = 0
    repeat_every: int = 0


def bring(templates: Sequence[Template], rules: Sequence[Rule], *, stops_on: str = "acknowledged") -> None:
    """Store templates, and rules that use them.

    Args:
        templates: the words.
        rules: each names its template.
        stops_on: what makes the rest of a ladder needless.
    """
    ids = {each.name: _insert("reminder_template", **vars(each)) for each in templates}
    occasions = {each.name: each.occasion for each in templates}
    for rule in rules:
        values = {key: value for key, value in vars(rule).items() if key not in {"template", "recipients"}}
        lists = {"recipients": _list(*rule.recipients), "channels": _list()}
        of = {"occasion": occasions[rule.template], "template_id": ids[rule.template]}
        _insert("reminder_rule", **values, **lists, **of, stops_on=stops_on, active=True)


def allow(table: str, name: str, values: Sequence[str]) -> None:
    """Let a column hold these values and no others."""
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    listed = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{name} IN ({listed})")


def drop(table: str, name: str, value: str) -> None:
    """Delete the rows whose column holds a value, so that it can be forbidden."""
    op.execute(sa.table(table, sa.column(name)).delete().where(sa.column(name) == value))


def _insert(table_name: str, /, **values: object) -> int:
    row = values | _MADE
    table = sa.table(table_name, sa.column("id"), *(sa.column(each) for each in row))
    return op.get_bind().execute(sa.insert(table).values(row).returning(table.c.id)).scalar_one()


def _list(*values: str) -> object:
    return sa.literal(list(values), sa.ARRAY(sa.String(32)))
