"""Administrators are told when backups fail or are late: the rule and its words.

Revision ID: 0022_backup_reminders
"""

from migrations.reminder_defaults import Rule, Template, allow, bring, drop

revision = "0022_backup_reminders"
down_revision = "0021_overview_indexes"
branch_labels = None
depends_on = None

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


def upgrade() -> None:
    for table, name, values, added in _ALLOWED:
        allow(table, name, (*values, added))
    bring(TEMPLATES, RULES, stops_on="handled")


def downgrade() -> None:
    for table, name, _values, added in _ALLOWED:
        drop(table, name, added)
    for table, name, values, _added in _ALLOWED:
        allow(table, name, values)
