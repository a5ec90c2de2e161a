"""The issues of a department that were closed lately, for its board.

Revision ID: 0011_closed_lately
"""

import sqlalchemy as sa
from alembic import op

revision = "0011_closed_lately"
down_revision = "0010_ledger_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_issue_department_closed",
        "issue",
        ["department_id", "closed_at", "id"],
        postgresql_where=sa.text("state = 'closed'"),
    )


def downgrade() -> None:
    op.drop_index("ix_issue_department_closed", "issue")
