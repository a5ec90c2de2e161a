"""Indexes for what both directions count: promises not kept, promises and notices of a period.

Revision ID: 0020_two_way_indexes
"""

import sqlalchemy as sa
from alembic import op

revision = "0020_two_way_indexes"
down_revision = "0019_progress_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_promise_open", "promise", ["due_on", "id"], postgresql_where=sa.text("kept_at IS NULL"))
    op.create_index("ix_promise_made", "promise", ["created_at"])
    op.create_index(
        "ix_reminder_received",
        "reminder",
        ["delivered_at"],
        postgresql_include=["contact_id", "state"],
        postgresql_where=sa.text("subject = 'notice' AND contact_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_reminder_received", "reminder")
    op.drop_index("ix_promise_made", "promise")
    op.drop_index("ix_promise_open", "promise")
