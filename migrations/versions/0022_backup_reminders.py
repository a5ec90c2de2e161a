"""Administrators are told when backups fail or are late: the rule and its words.

Revision ID: 0022_backup_reminders
"""

from dataclasses import dataclass

import sqlalchemy as sa
from alembic import op

revision = "0022_backup_reminders"
down_revision = "0021_overview_indexes"
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
    unit: str = "working_days"
    urgent: bool = False
    effect: str = "none"
    stage: str | None = None
    repeats: int = 0
    repeat_every: int = 0


TEMPLATES = (
    Template(
        "备份异常",
        "backup_missing",
        "备份异常：请尽快处理",
        "最近一次成功的备份：{{ due or '尚无备份' }}。{% if said %}失败原因：{{ said }}。{% endif %}"
        "请在服务器上运行 qianqi doctor 查看处理办法。",
        "Backups fail: please look",
        "The last good backup: {{ due or 'none yet' }}. {% if said %}Why it failed: {{ said }}. {% endif %}"
        "Run qianqi doctor on the server: it says what to do.",
    ),
)
RULES = (
    Rule("备份异常时提醒", "备份异常", 0, ("administrator",), unit="minutes"),
    Rule("备份仍未恢复", "备份异常", 1, ("administrator",), repeats=20, repeat_every=1),
)
_SUBJECTS = ("visit", "issue", "issue_task", "promise", "commitment", "bulletin", "notice", "digest")
_OCCASIONS = (
    "visit_assigned", "visit_planned", "visit_overdue", "visit_returned", "issue_arrived", "issue_deadline",
    "issue_urged", "issue_carded", "extension_awaiting", "call_back_due", "shelved_review", "promise_due",
    "commitment_due", "bulletin_due", "notice", "weekly_digest",
)  # fmt: skip
_RELATIONS = (
    "assignee", "lead", "next_tier", "department_head", "coordinator", "manager", "first_receiver",
    "enterprise_contact", "addressee", "subscriber",
)  # fmt: skip
_ALLOWED = (
    ("reminder", "subject", _SUBJECTS, "backup"),
    ("reminder", "occasion", _OCCASIONS, "backup_missing"),
    ("reminder", "relation", _RELATIONS, "administrator"),
    ("reminder_rule", "occasion", _OCCASIONS, "backup_missing"),
    ("reminder_template", "occasion", _OCCASIONS, "backup_missing"),
)
_MADE = {"created_at": sa.func.now(), "updated_at": sa.func.now()}


def upgrade() -> None:
    for table, name, values, added in _ALLOWED:
        _allow(table, name, (*values, added))
    ids = {each.name: _insert("reminder_template", **vars(each)) for each in TEMPLATES}
    occasions = {each.name: each.occasion for each in TEMPLATES}
    for rule in RULES:
        values = {key: value for key, value in vars(rule).items() if key not in {"template", "recipients"}}
        lists = {"recipients": _list(*rule.recipients), "channels": _list()}
        of = {"occasion": occasions[rule.template], "template_id": ids[rule.template]}
        _insert("reminder_rule", **values, **lists, **of, stops_on="handled", active=True)


def downgrade() -> None:
    for table, name, _values, added in _ALLOWED:
        op.execute(sa.table(table, sa.column(name)).delete().where(sa.column(name) == added))
    for table, name, values, _added in _ALLOWED:
        _allow(table, name, values)


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
