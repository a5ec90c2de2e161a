"""The weekly digest: who subscribes to it, its rule and its words; an index for visits without a result.

Revision ID: 0018_digests
"""

import sqlalchemy as sa
from alembic import op

from migrations.reminder_defaults import Rule, Template, allow, bring, drop

revision = "0018_digests"
down_revision = "0017_bulletins"
branch_labels = None
depends_on = None

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
RULES = (Rule("每周一发送周报", "周报", 0, ("subscriber",), "minutes"),)
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


def upgrade() -> None:
    op.add_column("account", sa.Column("weekly_digest", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("account", "weekly_digest", server_default=None)
    op.create_index(
        "ix_visit_bare", "visit", ["id"], postgresql_where="outcome = 'met' AND summary = '' AND answers = '{}'::jsonb"
    )
    for table, name, values, added in _ALLOWED:
        allow(table, name, (*values, added))
    bring(TEMPLATES, RULES)


def downgrade() -> None:
    for table, name, _values, added in _ALLOWED:
        drop(table, name, added)
    for table, name, values, _added in _ALLOWED:
        allow(table, name, values)
    op.drop_index("ix_visit_bare", table_name="visit")
    op.drop_column("account", "weekly_digest")
