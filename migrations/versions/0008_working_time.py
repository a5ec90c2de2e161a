"""Working time: office hours, published years and how receipt is treated, with the defaults.

Revision ID: 0008_working_time
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_working_time"
down_revision = "0007_registering"
branch_labels = None
depends_on = None

_MADE = {"created_at": sa.func.now(), "updated_at": sa.func.now()}


def upgrade() -> None:
    op.create_table(
        "office_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("opens < closes", name=op.f("ck_office_hours_order")),
        sa.CheckConstraint(
            "extract(second from opens) = 0 AND extract(second from closes) = 0", name=op.f("ck_office_hours_minutes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_hours")),
    )
    minutes = "extract(hour from {0})::int * 60 + extract(minute from {0})::int"
    op.execute(
        "ALTER TABLE office_hours ADD CONSTRAINT ex_office_hours_apart EXCLUDE USING gist"
        f" (int4range({minutes.format('opens')}, {minutes.format('closes')}) WITH &&)"
    )
    op.create_table(
        "holiday_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint("year BETWEEN 2001 AND 2100", name=op.f("ck_holiday_notice_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday_notice")),
        sa.UniqueConstraint("year", name=op.f("uq_holiday_notice_year")),
    )
    op.create_table(
        "counting_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_counts", sa.Boolean(), nullable=False),
        sa.Column(
            "late",
            sa.Enum(
                "same_day", "next_working_day", name="latereceipt", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_counting_rule_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counting_rule")),
    )
    _insert("office_hours", opens="09:00", closes="12:00")
    _insert("office_hours", opens="13:30", closes="17:30")
    _insert("counting_rule", id=1, receipt_counts=False, late="same_day")


def _insert(name: str, **values: object) -> None:
    row = values | _MADE
    op.execute(sa.insert(sa.table(name, *(sa.column(each) for each in row))).values(row))


def downgrade() -> None:
    op.drop_table("counting_rule")
    op.drop_table("holiday_notice")
    op.drop_table("office_hours")
