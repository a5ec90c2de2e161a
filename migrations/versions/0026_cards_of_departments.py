"""A card counts for the department it was shown to, not for one that had done its part.

Revision ID: 0026_cards_of_departments
"""

import sqlalchemy as sa
from alembic import op

revision = "0026_cards_of_departments"
down_revision = "0025_late_of_departments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issue", sa.Column("card_department_id", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_issue_card_department_id"), "issue", "department", ["card_department_id"], ["id"])
    # A clock that went on after a failed review spans it: of those that ran then, the one begun last says who was late.
    op.execute("""
        UPDATE issue i SET card_department_id = (
            SELECT CASE WHEN c.stage IN ('acknowledge', 'handle') THEN c.department_id END
            FROM issue_clock c, LATERAL (
                SELECT max(e.at) AS at FROM issue_event e
                WHERE e.issue_id = i.id AND e.verb = i.card || '_card') shown
            WHERE c.issue_id = i.id AND c.task_id IS NULL
            AND c.created_at <= shown.at AND coalesce(c.ended_at, 'infinity') > shown.at
            ORDER BY c.id DESC LIMIT 1)
        WHERE i.card <> 'none'
    """)


def downgrade() -> None:
    op.drop_constraint(op.f("fk_issue_card_department_id"), "issue")
    op.drop_column("issue", "card_department_id")
