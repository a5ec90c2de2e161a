"""Files are withdrawn with a reason rather than removed.

Revision ID: 0009_withdrawn_files
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_withdrawn_files"
down_revision = "0008_working_time"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attachment", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attachment", sa.Column("withdrawn_by_id", sa.Integer(), nullable=True))
    op.add_column("attachment", sa.Column("withdrawn_reason", sa.String(length=500), nullable=False, server_default=""))
    op.alter_column("attachment", "withdrawn_reason", server_default=None)
    op.create_foreign_key(op.f("fk_attachment_withdrawn_by_id"), "attachment", "account", ["withdrawn_by_id"], ["id"])


def downgrade() -> None:
    op.drop_column("attachment", "withdrawn_reason")
    op.drop_column("attachment", "withdrawn_by_id")
    op.drop_column("attachment", "withdrawn_at")
