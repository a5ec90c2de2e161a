"""The overview asks indexes alone: what overdue issues wait for, and whether an enterprise was met in a campaign.

Revision ID: 0031_met_and_awaited
"""

import sqlalchemy as sa
from alembic import op

revision = "0031_met_and_awaited"
down_revision = "0030_card_named"
branch_labels = None
depends_on = None

_BEFORE = ["state", "department_id", "created_at", "area_id", "category"]
_NOW = [*_BEFORE, "reviewed_by_id", "caller_id", "call_backs", "solved", "satisfied"]


def upgrade() -> None:
    _made_anew(_NOW)
    met = sa.text("state = 'recorded' AND outcome = 'met'")
    op.create_index("ix_visit_met", "visit", ["campaign_id", "enterprise_id"], postgresql_where=met)


def downgrade() -> None:
    op.drop_index("ix_visit_met", "visit")
    _made_anew(_BEFORE)


def _made_anew(told: list[str]) -> None:
    op.drop_index("ix_issue_running", "issue")
    op.create_index(
        "ix_issue_running",
        "issue",
        ["due_at"],
        postgresql_include=told,
        postgresql_where=sa.text("paused_since IS NULL AND due_at IS NOT NULL"),
    )
