"""Find what is due by one line without looking at the others.

Revision ID: 0014_delivery_lines
"""

from alembic import op

revision = "0014_delivery_lines"
down_revision = "0013_default_reminders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_delivery_line", "delivery", ["kind", "channel_id", "due_at", "id"], postgresql_where="state = 'planned'"
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_line", "delivery")
