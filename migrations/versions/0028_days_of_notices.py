"""Days of the calendar say of which holiday notice they are, so that a corrected one replaces them all.

Revision ID: 0028_days_of_notices
"""

import sqlalchemy as sa
from alembic import op

revision = "0028_days_of_notices"
down_revision = "0027_visit_assignments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calendar_day", sa.Column("notice_year", sa.Integer(), nullable=True))
    # A notice and its days were stored together; all other days somebody entered, and they stay.
    op.execute("""
        UPDATE calendar_day d SET notice_year = n.year FROM holiday_notice n
        WHERE extract(year FROM d.day) BETWEEN n.year - 1 AND n.year + 1 AND (
            abs(extract(epoch FROM d.created_at - n.created_at)) < 10
            OR abs(extract(epoch FROM d.created_at - n.updated_at)) < 10)
    """)


def downgrade() -> None:
    op.drop_column("calendar_day", "notice_year")
