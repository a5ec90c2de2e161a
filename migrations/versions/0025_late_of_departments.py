"""Lateness belongs to the department that was late, not to whichever leads the issue afterwards.

Revision ID: 0025_late_of_departments
"""

import sqlalchemy as sa
from alembic import op

revision = "0025_late_of_departments"
down_revision = "0024_notice_place"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issue_clock", sa.Column("department_id", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_issue_clock_department_id"), "issue_clock", "department", ["department_id"], ["id"])
    op.add_column("issue_clock", sa.Column("late_at", sa.DateTime(timezone=True), nullable=True))
    # The event that ends a stage is written after the clock has ended: what was told before it names the department.
    op.execute("""
        UPDATE issue_clock c SET department_id = coalesce(
            (SELECT CAST(e.after ->> 'department_id' AS integer) FROM issue_event e
             WHERE e.issue_id = c.issue_id AND jsonb_exists(e.after, 'department_id')
             AND e.at < coalesce(c.ended_at, 'infinity') ORDER BY e.seq DESC LIMIT 1), i.department_id)
        FROM issue i WHERE i.id = c.issue_id AND c.stage IN ('acknowledge', 'handle')
    """)
    op.execute("""
        UPDATE issue_clock c SET late_at = c.ended_at FROM issue i
        WHERE i.id = c.issue_id AND i.late AND c.task_id IS NULL
        AND c.stage IN ('acknowledge', 'handle') AND c.ended_at > c.due_at
    """)
    op.execute("""
        UPDATE issue i SET late = false WHERE i.late
        AND EXISTS (SELECT FROM issue_clock c WHERE c.issue_id = i.id AND c.late_at IS NOT NULL)
        AND NOT EXISTS (
            SELECT FROM issue_clock c
            WHERE c.issue_id = i.id AND c.late_at IS NOT NULL AND c.department_id = i.department_id)
    """)


def downgrade() -> None:
    op.drop_column("issue_clock", "late_at")
    op.drop_constraint(op.f("fk_issue_clock_department_id"), "issue_clock")
    op.drop_column("issue_clock", "department_id")
