"""Commitments that a department entered itself no longer open the enterprise to it.

Who entered those that stand is not known: they open it as before.

Revision ID: 0023_commitment_opens
"""

import sqlalchemy as sa
from alembic import op

revision = "0023_commitment_opens"
down_revision = "0022_backup_reminders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("commitment", sa.Column("opens_enterprise", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.alter_column("commitment", "opens_enterprise", server_default=None)


def downgrade() -> None:
    op.drop_column("commitment", "opens_enterprise")
