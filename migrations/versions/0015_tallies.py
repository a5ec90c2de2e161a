"""Tables of figures, the triggers that note which of them a change touches, and whether an issue was late.

Revision ID: 0015_tallies
"""

import sqlalchemy as sa
from alembic import op

revision = "0015_tallies"
down_revision = "0014_delivery_lines"
branch_labels = None
depends_on = None

_MEASURES = (
    "registered", "answerable", "responded", "resolved", "on_time", "late", "on_site", "called_back", "solved",
    "rated", "satisfied", "verified", "yellow", "red",
)  # fmt: skip
_KINDS = ("suggestion", "difficult_issue", "enquiry")
_STATES = (
    "registered", "resolved_on_site", "accepted", "declined", "dispatched", "handling", "returned",
    "extension_requested", "shelving_requested", "shelved", "resolved", "answered", "call_back", "closed",
)  # fmt: skip
_MODES = ("on_site", "phone", "wechat")
_OUTCOMES = ("met", "refused", "not_found", "moved_away")

_ISSUE_CELLS = """
    SELECT DISTINCT 'issue', date_trunc('month', created_at)::date, category, coalesce(department_id, 0) FROM {rows}
"""
_VISIT_CELLS = """
    SELECT 'campaign', campaign_id, area_id FROM {rows}
    UNION SELECT 'campaign', r.campaign_id, e.area_id FROM {rows} r JOIN enterprise e ON e.id = r.enterprise_id
"""
_TARGET_CELLS = """
    SELECT DISTINCT 'campaign', r.campaign_id, e.area_id FROM {rows} r JOIN enterprise e ON e.id = r.enterprise_id
"""
_ISSUE_KEY = "kind, month, category, department_id"
_CAMPAIGN_KEY = "kind, campaign_id, area_id"
_NOTED = (
    ("issue", _ISSUE_KEY, _ISSUE_CELLS, ("insert", "update", "delete")),
    ("visit", _CAMPAIGN_KEY, _VISIT_CELLS, ("insert", "update", "delete")),
    ("campaign_target", _CAMPAIGN_KEY, _TARGET_CELLS, ("insert", "delete")),
)
_MOVED_ENTERPRISES = """
    INSERT INTO tally_due (kind, campaign_id, area_id)
    SELECT DISTINCT 'campaign', t.campaign_id, a.area_id
    FROM old_rows o JOIN new_rows n ON n.id = o.id AND n.area_id <> o.area_id
    JOIN campaign_target t ON t.enterprise_id = n.id
    CROSS JOIN LATERAL (VALUES (o.area_id), (n.area_id)) AS a (area_id);
"""
_MOVED_AREAS = """
    INSERT INTO tally_due (kind)
    SELECT 'areas' FROM old_rows o JOIN new_rows n ON n.id = o.id AND n.path <> o.path AND o.path <> '' LIMIT 1;
"""
_BOTH = "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"
_REFERENCING = {
    "insert": "REFERENCING NEW TABLE AS new_rows",
    "delete": "REFERENCING OLD TABLE AS old_rows",
    "update": _BOTH,
}
_SEEN = {"insert": ("new_rows",), "delete": ("old_rows",), "update": ("old_rows", "new_rows")}


def upgrade() -> None:
    _tables()
    op.add_column("issue", sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("issue", "late", server_default=None)
    op.execute("""
        UPDATE issue SET late = true WHERE EXISTS (
            SELECT FROM issue_clock c WHERE c.issue_id = issue.id AND c.task_id IS NULL
            AND c.stage IN ('acknowledge', 'handle') AND c.ended_at > c.due_at)
    """)
    op.create_index(
        "ix_issue_open", "issue", ["area_id", "created_at"],
        postgresql_include=["due_at", "paused_since", "category", "department_id", "state"],
        postgresql_where="state NOT IN ('closed', 'declined')",
    )  # fmt: skip
    for table, key, cells, verbs in _NOTED:
        for verb in verbs:
            body = "".join(f"INSERT INTO tally_due ({key}) {cells.format(rows=rows)};" for rows in _SEEN[verb])
            _trigger(table, verb, _REFERENCING[verb], body)
    _trigger("enterprise", "update", _BOTH, _MOVED_ENTERPRISES)
    _trigger("area", "update", _BOTH, _MOVED_AREAS)
    op.execute("INSERT INTO tally_due (kind) SELECT 'areas' WHERE EXISTS (SELECT FROM issue)")
    op.execute(
        "INSERT INTO tally_due (kind, campaign_id, area_id) SELECT DISTINCT 'campaign', t.campaign_id, e.area_id "
        "FROM campaign_target t JOIN enterprise e ON e.id = t.enterprise_id "
        "UNION SELECT 'campaign', campaign_id, area_id FROM visit"
    )


def downgrade() -> None:
    for table, verbs in (
        *((table, verbs) for table, _key, _cells, verbs in _NOTED), ("enterprise", ("update",)), ("area", ("update",)),
    ):  # fmt: skip
        for verb in verbs:
            op.execute(f"DROP TRIGGER {table}_tally_{verb} ON {table}")
            op.execute(f"DROP FUNCTION {table}_tally_{verb}()")
    op.drop_index("ix_issue_open", "issue")
    op.drop_column("issue", "late")
    for table in ("tally_due", "visit_tally", "target_tally", "issue_tally"):
        op.drop_table(table)


def _trigger(table: str, verb: str, referencing: str, body: str) -> None:
    name = f"{table}_tally_{verb}"
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$")
    op.execute(
        f"CREATE TRIGGER {name} AFTER {verb} ON {table} {referencing} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _tables() -> None:
    op.create_table(
        "issue_tally",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("issuekind", _KINDS), nullable=False),
        sa.Column("state", _one_of("issuestate", _STATES), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _MEASURES),
        sa.PrimaryKeyConstraint(
            "area_id", "month", "category", "department_id", "campaign_id", "kind", "state", name=op.f("pk_issue_tally")
        ),
    )
    op.create_index("ix_issue_tally_key", "issue_tally", ["month", "category", "department_id"])
    op.create_table(
        "target_tally",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("targets", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "area_id", "team_id", "standing", "day", name=op.f("pk_target_tally")),
    )
    op.create_index(op.f("ix_target_tally_area_id"), "target_tally", ["area_id"])
    op.create_index(op.f("ix_target_tally_team_id"), "target_tally", ["team_id"])
    op.create_table(
        "visit_tally",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("mode", _one_of("visitmode", _MODES), nullable=False),
        sa.Column("outcome", _one_of("outcome", _OUTCOMES), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "month", "campaign_id", "area_id", "team_id", "mode", "outcome", name=op.f("pk_visit_tally")
        ),
    )
    for name in ("campaign_id", "area_id", "team_id"):
        op.create_index(op.f(f"ix_visit_tally_{name}"), "visit_tally", [name])
    op.create_table(
        "tally_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("category", sa.String(64), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_due")),
    )
