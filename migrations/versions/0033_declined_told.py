"""Whoever heard a need is told when it is declined, so that they tell the enterprise why: the rule and its words.

Revision ID: 0033_declined_told
"""

from migrations.reminder_defaults import Rule, Template, allow, bring, drop

revision = "0033_declined_told"
down_revision = "0032_notice_of_bulletin"
branch_labels = None
depends_on = None

TEMPLATES = (
    Template(
        "问题不予受理",
        "issue_declined",
        "不予受理，请告知企业：{{ number }} {{ title }}",
        "{{ enterprise }}提出的{{ kind }}（{{ number }}）不予受理。\n内容：{{ title }}\n"
        "{% if said %}理由：{{ said }}（{{ by }}）\n{% endif %}请向企业说明理由；企业另有情况的，可提请重新受理。",
        "Declined, please tell the enterprise: {{ number }} {{ title }}",
        "The {{ kind }} of {{ enterprise }} ({{ number }}) is declined.\nWhat: {{ title }}\n"
        "{% if said %}Why: {{ said }} ({{ by }})\n{% endif %}"
        "Please tell the enterprise why; if there is more to it, ask for it to be taken up again.",
    ),
)
RULES = (Rule("问题不予受理即时提醒", "问题不予受理", 0, ("assignee",), unit="minutes"),)
_OCCASIONS = (
    "visit_assigned", "visit_planned", "visit_overdue", "visit_returned", "issue_arrived", "issue_deadline",
    "issue_urged", "issue_carded", "extension_awaiting", "call_back_due", "shelved_review", "promise_due",
    "commitment_due", "bulletin_due", "notice", "weekly_digest", "backup_missing",
)  # fmt: skip
_TABLES = ("reminder", "reminder_rule", "reminder_template")


def upgrade() -> None:
    for table in _TABLES:
        allow(table, "occasion", (*_OCCASIONS, "issue_declined"))
    bring(TEMPLATES, RULES)


def downgrade() -> None:
    for table in _TABLES:
        drop(table, "occasion", "issue_declined")
    for table in _TABLES:
        allow(table, "occasion", _OCCASIONS)
