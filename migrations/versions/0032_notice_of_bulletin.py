"""A notice that tells of a bulletin knows which, so that it can be stopped when that one is withdrawn.

Revision ID: 0032_notice_of_bulletin
"""

import sqlalchemy as sa
from alembic import op

revision = "0032_notice_of_bulletin"
down_revision = "0031_met_and_awaited"
branch_labels = None
depends_on = None


def upgrade() -> None:
    of = sa.ForeignKey("bulletin.id", name="fk_notice_batch_bulletin_id")
    op.add_column("notice_batch", sa.Column("bulletin_id", sa.Integer(), of, nullable=True))
    op.create_index("ix_notice_batch_bulletin_id", "notice_batch", ["bulletin_id"])


def downgrade() -> None:
    op.drop_column("notice_batch", "bulletin_id")
