"""Classes of issues: needs with one cause, the measure against it, and the issues that belong to each.

Revision ID: 0016_issue_classes
"""

import sqlalchemy as sa
from alembic import op

revision = "0016_issue_classes"
down_revision = "0015_tallies"
branch_labels = None
depends_on = None

_STATES = ("suggested", "confirmed", "in_force", "closed", "dismissed")
_STANDINGS = ("member", "offered", "left_out")


def upgrade() -> None:
    op.create_table(
        "issue_class",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*_STATES, name="classstate", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("measure", sa.String(length=1000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("conclusion", sa.String(length=1000), nullable=False),
        sa.Column("looked_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('in_force', 'closed') OR in_force_on IS NOT NULL", name=op.f("ck_issue_class_in_force")
        ),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_issue_class_department_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_issue_class_owner_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["account.id"], name=op.f("fk_issue_class_confirmed_by_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["account.id"], name=op.f("fk_issue_class_closed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_class")),
    )
    op.create_index("ix_issue_class_state", "issue_class", ["state", "id"])
    op.create_index(op.f("ix_issue_class_department_id"), "issue_class", ["department_id"])
    op.create_index(op.f("ix_issue_class_owner_id"), "issue_class", ["owner_id"])
    op.create_table(
        "issue_class_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(*_STANDINGS, name="standing", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by_id", sa.Integer(), nullable=True),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["class_id"], ["issue_class.id"], name=op.f("fk_issue_class_member_class_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_class_member_issue_id")),
        sa.ForeignKeyConstraint(["placed_by_id"], ["account.id"], name=op.f("fk_issue_class_member_placed_by_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice_batch.id"], name=op.f("fk_issue_class_member_notice_id")),
        sa.ForeignKeyConstraint(["told_by_id"], ["account.id"], name=op.f("fk_issue_class_member_told_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_class_member")),
    )
    op.create_index("uq_issue_class_member", "issue_class_member", ["class_id", "issue_id"], unique=True)
    op.create_index(
        "uq_issue_class_member_issue", "issue_class_member", ["issue_id"], unique=True,
        postgresql_where=sa.text("standing <> 'left_out'"),
    )  # fmt: skip
    op.create_index(op.f("ix_issue_class_member_issue_id"), "issue_class_member", ["issue_id"])
    op.create_index(op.f("ix_issue_class_member_notice_id"), "issue_class_member", ["notice_id"])


def downgrade() -> None:
    op.drop_table("issue_class_member")
    op.drop_table("issue_class")
