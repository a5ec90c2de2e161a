"""Monthly bulletins: their figures, and the rows these were counted from.

Revision ID: 0017_bulletins
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017_bulletins"
down_revision = "0016_issue_classes"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bulletin_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("organ", sa.String(60), nullable=False),
        sa.Column("build_day", sa.Integer(), nullable=False),
        sa.Column("issue_day", sa.Integer(), nullable=False),
        sa.Column("window_months", sa.Integer(), nullable=False),
        sa.Column("minimum_sample", sa.Integer(), nullable=False),
        sa.Column(
            "department_rate",
            _one_of("departmentrate", "response", "on_time", "resolution", "satisfaction"),
            nullable=False,
        ),
        sa.Column(
            "team_rate",
            _one_of("ranked", "response", "on_time", "resolution", "satisfaction", "visits"),
            nullable=False,
        ),
        sa.Column("honour_percent", sa.Integer(), nullable=False),
        sa.Column("shame_percent", sa.Integer(), nullable=False),
        sa.Column("bunched_percent", sa.Integer(), nullable=False),
        sa.Column("copied_times", sa.Integer(), nullable=False),
        sa.Column("quick_minutes", sa.Integer(), nullable=False),
        sa.Column("burst_visits", sa.Integer(), nullable=False),
        sa.Column("burst_km", sa.Integer(), nullable=False),
        sa.CheckConstraint("build_day <= issue_day", name=op.f("ck_bulletin_settings_days")),
        sa.CheckConstraint("id = 1", name=op.f("ck_bulletin_settings_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_settings")),
    )
    op.create_table(
        "bulletin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", _one_of("bulletinstate", "draft", "issued", "withdrawn"), nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("frozen_at", _MOMENT, nullable=False),
        sa.Column("issued_at", _MOMENT, nullable=True),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(500), nullable=False),
        sa.Column("remark", sa.String(2000), nullable=False),
        sa.Column("remark_en", sa.String(2000), nullable=False),
        sa.CheckConstraint("state = 'draft' OR issued_at IS NOT NULL", name=op.f("ck_bulletin_issued")),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_bulletin_month")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["account.id"], name=op.f("fk_bulletin_issued_by_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["account.id"], name=op.f("fk_bulletin_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
    )
    op.create_index("uq_bulletin_month", "bulletin", ["month"], unique=True, postgresql_where="state <> 'withdrawn'")
    op.create_table(
        "bulletin_figures",
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("printed", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletin.id"], name=op.f("fk_bulletin_figures_bulletin_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bulletin_id", name=op.f("pk_bulletin_figures")),
    )
    op.create_table(
        "bulletin_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("enterprise", sa.String(200), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("solution", sa.String(200), nullable=False),
        sa.Column("answer", sa.String(200), nullable=False),
        sa.Column("solution_hash", sa.String(64), nullable=False),
        sa.Column("answer_hash", sa.String(64), nullable=False),
        sa.Column("kind", _one_of("issuekind", "suggestion", "difficult_issue", "enquiry"), nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column(
            "state",
            _one_of(
                "issuestate",
                "registered",
                "resolved_on_site",
                "accepted",
                "declined",
                "dispatched",
                "handling",
                "returned",
                "extension_requested",
                "shelving_requested",
                "shelved",
                "resolved",
                "answered",
                "call_back",
                "closed",
            ),
            nullable=False,
        ),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("area_path", sa.String(200), nullable=False),
        sa.Column("street", sa.String(100), nullable=False),
        sa.Column("village", sa.String(100), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("team", sa.String(100), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("department", sa.String(100), nullable=False),
        sa.Column("registered_at", _MOMENT, nullable=False),
        sa.Column("acknowledged_at", _MOMENT, nullable=True),
        sa.Column("resolved_at", _MOMENT, nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", _MOMENT, nullable=True),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("call_backs", sa.Integer(), nullable=False),
        sa.Column("card", _one_of("card", "none", "yellow", "red"), nullable=False),
        sa.Column("marks", sa.ARRAY(sa.String(length=32)), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletin.id"], name=op.f("fk_bulletin_issue_bulletin_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_issue")),
    )
    op.create_index("ix_bulletin_issue_of", "bulletin_issue", ["bulletin_id", "id"])
    op.create_table(
        "bulletin_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("itemkind", "visit", "promise", "commitment"), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("enterprise", sa.String(200), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("mode", sa.String(32), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("street", sa.String(100), nullable=False),
        sa.Column("village", sa.String(100), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("team", sa.String(100), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.String(50), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", _MOMENT, nullable=True),
        sa.Column("marks", sa.ARRAY(sa.String(length=32)), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletin.id"], name=op.f("fk_bulletin_item_bulletin_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_item")),
    )
    op.create_index("ix_bulletin_item_of", "bulletin_item", ["bulletin_id", "kind", "id"])


def downgrade() -> None:
    for table in ("bulletin_item", "bulletin_issue", "bulletin_figures", "bulletin", "bulletin_settings"):
        op.drop_table(table)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
