"""Indexes for figures of progress: a campaign's visits by place and by enterprise, and clocks that run.

Revision ID: 0019_progress_indexes
"""

import sqlalchemy as sa
from alembic import op

revision = "0019_progress_indexes"
down_revision = "0018_digests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_visit_campaign_area", "visit", ["campaign_id", "area_id"])
    op.create_index("ix_visit_campaign_enterprise", "visit", ["campaign_id", "enterprise_id"])
    op.create_index(
        "ix_issue_running",
        "issue",
        ["due_at"],
        postgresql_include=["state", "department_id", "created_at", "area_id", "category"],
        postgresql_where=sa.text("paused_since IS NULL AND due_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_issue_running", "issue")
    op.drop_index("ix_visit_campaign_enterprise", "visit")
    op.drop_index("ix_visit_campaign_area", "visit")
