"""Pairs of enterprises found not to be duplicates.

Revision ID: 0005_distinct_pairs
"""

import sqlalchemy as sa
from alembic import op

revision = "0005_distinct_pairs"
down_revision = "0004_extra_fields"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "distinct_pair",
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("enterprise_id < other_id", name=op.f("ck_distinct_pair_order")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_distinct_pair_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_distinct_pair_enterprise_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["enterprise.id"], name=op.f("fk_distinct_pair_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enterprise_id", "other_id", name=op.f("pk_distinct_pair")),
    )
    op.create_index(op.f("ix_distinct_pair_other_id"), "distinct_pair", ["other_id"], unique=False)


def downgrade() -> None:
    op.drop_table("distinct_pair")
