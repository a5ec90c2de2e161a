"""The weekly digest: who subscribes to it, its rule and its words; an index for visits without a result.

Revision ID: 0018_digests
"""

from dataclasses import dataclass

import sqlalchemy as sa
from alembic import op

revision = "0018_digests"
down_revision = "0017_bulletins"
branch_labels = None
depends_on = None


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
    unit: str = "minutes"
    urgent: bool = False
    effect: str = "none"
    stage: str | None = None
    repeats: int = 0
    repeat_every: int = 0


TEMPLATES = (
    Template(
        "周报",
        "weekly_digest",
        "周报：{{ title }}",
        "上周为企业做的：有效走访 {{ visits }} 次，办结诉求 {{ resolved }} 件，回访核实销号 {{ verified }} 件。\n"
        "企业需要我们的：新提诉求 {{ raised }} 件；目前等待办结 {{ waiting }} 件，其中已逾期 {{ overdue }} 件，"
        "承诺逾期未兑现 {{ broken }} 项。",
        "Weekly digest: {{ title }}",
        "Done for enterprises last week: {{ visits }} visits that met somebody, {{ resolved }} needs resolved, "
        "{{ verified }} closed and verified.\n"
        "What enterprises need: {{ raised }} needs raised; {{ waiting }} wait today, {{ overdue }} of these overdue; "
        "{{ broken }} promises are past their date.",
    ),
)
RULES = (Rule("每周一发送周报", "周报", 0, ("subscriber",)),)
_SUBJECTS = ("visit", "issue", "issue_task", "promise", "commitment", "bulletin", "notice")
_OCCASIONS = (
    "visit_assigned", "visit_planned", "visit_overdue", "visit_returned", "issue_arrived", "issue_deadline",
    "issue_urged", "issue_carded", "extension_awaiting", "call_back_due", "shelved_review", "promise_due",
    "commitment_due", "bulletin_due", "notice",
)  # fmt: skip
_RELATIONS = (
    "assignee", "lead", "next_tier", "department_head", "coordinator", "manager", "first_receiver",
    "enterprise_contact", "addressee",
)  # fmt: skip
_ALLOWED = (
    ("reminder", "subject", _SUBJECTS, "digest"),
    ("reminder", "occasion", _OCCASIONS, "weekly_digest"),
    ("reminder", "relation", _RELATIONS, "subscriber"),
    ("reminder_rule", "occasion", _OCCASIONS, "weekly_digest"),
    ("reminder_template", "occasion", _OCCASIONS, "weekly_digest"),
)
_MADE = {"created_at": sa.func.now(), "updated_at": sa.func.now()}


def upgrade() -> None:
    op.add_column("account", sa.Column("weekly_digest", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("account", "weekly_digest", server_default=None)
    op.create_index(
        "ix_visit_bare", "visit", ["id"], postgresql_where="outcome = 'met' AND summary = '' AND answers = '{}'::jsonb"
    )
    for table, name, values, added in _ALLOWED:
        _allow(table, name, (*values, added))
    ids = {each.name: _insert("reminder_template", **vars(each)) for each in TEMPLATES}
    occasions = {each.name: each.occasion for each in TEMPLATES}
    for rule in RULES:
        values = {key: value for key, value in vars(rule).items() if key not in {"template", "recipients"}}
        lists = {"recipients": _list(*rule.recipients), "channels": _list()}
        of = {"occasion": occasions[rule.template], "template_id": ids[rule.template]}
        _insert("reminder_rule", **values, **lists, **of, stops_on="acknowledged", active=True)


def downgrade() -> None:
    for table, name, _values, added in _ALLOWED:
        op.execute(sa.table(table, sa.column(name)).delete().where(sa.column(name) == added))
    for table, name, values, _added in _ALLOWED:
        _allow(table, name, values)
    op.drop_index("ix_visit_bare", table_name="visit")
    op.drop_column("account", "weekly_digest")


def _allow(table: str, name: str, values: tuple[str, ...]) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    listed = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{name} IN ({listed})")


def _insert(table_name: str, /, **values: object) -> int:
    row = values | _MADE
    table = sa.table(table_name, sa.column("id"), *(sa.column(each) for each in row))
    return op.get_bind().execute(sa.insert(table).values(row).returning(table.c.id)).scalar_one()


def _list(*values: str) -> object:
    return sa.literal(list(values), sa.ARRAY(sa.String(32)))
