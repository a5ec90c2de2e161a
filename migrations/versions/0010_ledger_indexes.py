"""Indexes that keep the ledger quick at a million issues.

Revision ID: 0010_ledger_indexes
"""

import sqlalchemy as sa
from alembic import op

revision = "0010_ledger_indexes"
down_revision = "0009_withdrawn_files"
branch_labels = None
depends_on = None

_DUE_KEY = sa.literal_column("coalesce(CASE WHEN paused_since IS NULL THEN due_at END, 'infinity'::timestamptz)")
_URGENCY_KEY = sa.literal_column("strpos('emergency urgent normal', urgency)")


def upgrade() -> None:
    # What cutting a text into pieces really costs, so that the planner asks the index rather than cut up many rows.
    op.execute("ALTER FUNCTION qianqi_grams(text) COST 20000")
    op.create_index("ix_issue_due_key", "issue", [_DUE_KEY, "id"])
    op.create_index("ix_issue_urgency_key", "issue", [_URGENCY_KEY, _DUE_KEY, "id"])
    op.create_index("ix_issue_state_due_key", "issue", ["state", _DUE_KEY, "id"])
    op.create_index("ix_issue_state_created", "issue", ["state", "created_at", "id"])
    op.create_index("ix_issue_department_due_key", "issue", ["department_id", _DUE_KEY, "id"])
    op.create_index("ix_issue_area_due_key", "issue", ["area_id", _DUE_KEY, "id"])
    op.create_index("ix_issue_category", "issue", ["category", "created_at", "id"])
    op.create_index("ix_issue_supervised", "issue", ["id"], postgresql_where=sa.text("supervision <> ''"))
    op.create_index("ix_issue_card", "issue", ["card", "id"], postgresql_where=sa.text("card <> 'none'"))
    op.create_index(
        "ix_issue_extra", "issue", ["extra"], postgresql_using="gin", postgresql_ops={"extra": "jsonb_path_ops"}
    )


def downgrade() -> None:
    for name in (
        "due_key", "urgency_key", "state_due_key", "state_created", "department_due_key", "area_due_key", "category",
        "supervised", "card", "extra",
    ):  # fmt: skip
        op.drop_index(f"ix_issue_{name}", "issue")
    op.execute("ALTER FUNCTION qianqi_grams(text) COST 100")
