"""Indexes for what pages ask at each look.

The overview: whose planned visits are overdue, which open issues bear a card. The review: what was recorded last.

Revision ID: 0021_overview_indexes
"""

import sqlalchemy as sa
from alembic import op

revision = "0021_overview_indexes"
down_revision = "0020_two_way_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_visit_planned",
        "visit",
        ["campaign_id", "planned_on"],
        postgresql_include=["enterprise_id", "assignee_id"],
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index(
        "ix_visit_recorded", "visit", ["recorded_at", "id"], postgresql_where=sa.text("recorded_at IS NOT NULL")
    )
    op.create_index(
        "ix_issue_open_card",
        "issue",
        ["card", "due_at", "id"],
        postgresql_where=sa.text("state NOT IN ('closed', 'declined')"),
    )


def downgrade() -> None:
    op.drop_index("ix_issue_open_card", "issue")
    op.drop_index("ix_visit_recorded", "visit")
    op.drop_index("ix_visit_planned", "visit")
