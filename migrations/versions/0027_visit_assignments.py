"""Which time a visit was given to somebody, and when: each is news, and nobody's acknowledgement counts for another.

What was told of assignments until now is the first of each visit.

Revision ID: 0027_visit_assignments
"""

import sqlalchemy as sa
from alembic import op

revision = "0027_visit_assignments"
down_revision = "0026_cards_of_departments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit", sa.Column("assignment", sa.Integer, nullable=False, server_default="1"))
    op.alter_column("visit", "assignment", server_default=None)
    op.add_column("visit", sa.Column("assigned_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE visit SET assigned_at = created_at")
    op.alter_column("visit", "assigned_at", nullable=False)


def downgrade() -> None:
    op.drop_column("visit", "assigned_at")
    op.drop_column("visit", "assignment")
