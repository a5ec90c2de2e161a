"""Give extra fields columns of their own instead of one document.

Revision ID: 0004_extra_fields
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_extra_fields"
down_revision = "0003_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM extra_field")  # nothing is released: only developers have any
    op.drop_column("extra_field", "spec")
    op.add_column("extra_field", sa.Column("label", sa.String(100), nullable=False))
    op.add_column("extra_field", sa.Column("label_en", sa.String(100), nullable=False))
    op.add_column("extra_field", sa.Column("kind", sa.String(32), nullable=False))
    op.add_column("extra_field", sa.Column("options", sa.String(4000), nullable=False))
    op.add_column("extra_field", sa.Column("choice_list", sa.String(48), nullable=False))
    op.add_column("extra_field", sa.Column("minimum", sa.Float(), nullable=True))
    op.add_column("extra_field", sa.Column("maximum", sa.Float(), nullable=True))
    op.add_column("extra_field", sa.Column("required", sa.Boolean(), nullable=False))
    op.add_column("extra_field", sa.Column("listed", sa.Boolean(), nullable=False))
    op.add_column("extra_field", sa.Column("filterable", sa.Boolean(), nullable=False))
    op.add_column("extra_field", sa.Column("help", sa.String(300), nullable=False))
    op.add_column("extra_field", sa.Column("help_en", sa.String(300), nullable=False))
    op.add_column("extra_field", sa.Column("shown_if", sa.ARRAY(sa.String(120)), nullable=False))
    op.create_check_constraint("key", "extra_field", "key ~ '^[a-z][a-z0-9_]*$'")
    op.create_check_constraint("key", "choice_list", "key ~ '^[a-z][a-z0-9_]*$'")


def downgrade() -> None:
    raise NotImplementedError("values of the columns would not fit the document; restore a backup instead")
