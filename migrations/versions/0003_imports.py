"""Imports: the step of matching columns, questions about similar names, the workbook of problems.

Revision ID: 0003_imports
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_imports"
down_revision = "0002_campaigns"
branch_labels = None
depends_on = None

_STATES = "'mapping', 'checking', 'ready', 'importing', 'done', 'failed', 'cancelled'"
_JSON = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.drop_constraint("importstate", "import_run", type_="check")
    op.create_check_constraint("importstate", "import_run", f"state IN ({_STATES})")
    for name, kind, start in (
        ("sheet", sa.String(200), "''"),
        ("header_row", sa.Integer(), "0"),
        ("header_hash", sa.String(64), "''"),
        ("clear_empty", sa.Boolean(), "false"),
        ("rows_asked", sa.Integer(), "0"),
        ("rows_left_out", sa.Integer(), "0"),
        ("attempts", sa.Integer(), "0"),
        ("problems_sha256", sa.String(64), "''"),
        ("preview", _JSON, "'[]'"),
    ):
        op.add_column("import_run", sa.Column(name, kind, nullable=False, server_default=sa.text(start)))
        op.alter_column("import_run", name, server_default=None)
    op.add_column("import_run", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_import_run_started_by_id", "import_run", ["started_by_id"])
    op.drop_column("import_problem", "values")
    op.add_column("import_problem", sa.Column("value", sa.String(200), nullable=False, server_default=""))
    op.alter_column("import_problem", "value", server_default=None)
    op.create_table(
        "import_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("candidates", _JSON, nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "open", "new", "same", "skip", name="decision", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("same_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_import_question_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_question")),
        sa.UniqueConstraint("run_id", "row_number", name=op.f("uq_import_question_run_id_row_number")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
