"""The issue ledger: the life cycle's columns, events, clocks, tasks, links, saved views and time limits.

Revision ID: 0006_issue_ledger
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006_issue_ledger"
down_revision = "0005_distinct_pairs"
branch_labels = None
depends_on = None

_EVENT_GUARD = """
CREATE FUNCTION issue_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the log of issues is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER issue_event_rows BEFORE UPDATE OR DELETE ON issue_event
  FOR EACH ROW EXECUTE FUNCTION issue_event_guard();
CREATE TRIGGER issue_event_whole BEFORE TRUNCATE ON issue_event
  FOR EACH STATEMENT EXECUTE FUNCTION issue_event_guard();
"""

# Whoever resolved a need on site in the first release registered it, and is not to confirm that themselves.
_RESOLVED_BY = "UPDATE issue SET resolved_by_id = registered_by_id WHERE state = 'resolved_on_site'"

# Issues registered before the life cycle existed begin their log with what they were.
_FIRST_EVENTS = """
INSERT INTO issue_event (issue_id, seq, at, actor_id, actor_name, actor_role, verb, reason, round, before, after)
SELECT i.id, 1, i.created_at, a.id, a.name, a.role, 'register', '', 1, '{}'::jsonb,
       to_jsonb(i) - 'id' - 'created_at' - 'updated_at' - 'search_text' - 'version'
FROM issue i JOIN account a ON a.id = i.registered_by_id
"""

_STATES = (
    "registered", "resolved_on_site", "accepted", "declined", "dispatched", "handling", "returned",
    "extension_requested", "shelving_requested", "shelved", "resolved", "answered", "call_back", "closed",
)  # fmt: skip

# (stage, kind, urgency, across departments, amount, unit)
_LIMITS = (
    ("accept", None, None, None, 1, "working_days"),
    ("dispatch", None, None, None, 1, "working_days"),
    ("acknowledge", None, None, None, 1, "working_days"),
    ("acknowledge", None, "emergency", None, 120, "working_minutes"),
    ("handle", None, None, None, 5, "working_days"),
    ("handle", None, None, True, 7, "working_days"),
    ("handle", "enquiry", None, None, 1, "working_days"),
    ("handle", "difficult_issue", None, None, 15, "working_days"),
    ("handle", "difficult_issue", "urgent", None, 7, "working_days"),
    ("handle", None, "emergency", None, 2, "working_days"),
    ("handle", "difficult_issue", "emergency", None, 2, "working_days"),
    ("assist", None, None, None, 3, "working_days"),
    ("return", None, None, None, 1, "working_days"),
    ("extension_notice", None, None, None, 1, "working_days"),
    ("review", None, None, None, 2, "working_days"),
    ("answer", None, None, None, 1, "working_days"),
    ("call_back", None, None, None, 3, "working_days"),
)


def upgrade() -> None:
    op.create_table(
        "time_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "accept",
                "dispatch",
                "acknowledge",
                "handle",
                "assist",
                "return",
                "extension_notice",
                "review",
                "answer",
                "call_back",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "suggestion",
                "difficult_issue",
                "enquiry",
                name="issuekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "urgency",
            sa.Enum(
                "normal", "urgent", "emergency", name="urgency", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("cross_department", sa.Boolean(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "working_days",
                "working_minutes",
                name="limitunit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_time_limit_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_limit")),
        sa.UniqueConstraint(
            "stage",
            "kind",
            "urgency",
            "cross_department",
            name=op.f("uq_time_limit_stage_kind_urgency_cross_department"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "ledger_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ledger_view_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_view")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_ledger_view_account_id_name")),
    )
    op.create_index(op.f("ix_ledger_view_account_id"), "ledger_view", ["account_id"], unique=False)
    op.create_table(
        "issue_link",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("duplicate", "related", name="linkkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("linked_by_id", sa.Integer(), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("issue_id < other_id", name=op.f("ck_issue_link_order")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_link_issue_id")),
        sa.ForeignKeyConstraint(["linked_by_id"], ["account.id"], name=op.f("fk_issue_link_linked_by_id")),
        sa.ForeignKeyConstraint(["other_id"], ["issue.id"], name=op.f("fk_issue_link_other_id")),
        sa.PrimaryKeyConstraint("issue_id", "other_id", name=op.f("pk_issue_link")),
    )
    op.create_index(op.f("ix_issue_link_other_id"), "issue_link", ["other_id"], unique=False)
    op.create_table(
        "issue_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "done",
                "returned",
                "cancelled",
                name="taskstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.String(length=4000), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("finished_by_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name=op.f("fk_issue_task_added_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_issue_task_department_id")),
        sa.ForeignKeyConstraint(["finished_by_id"], ["account.id"], name=op.f("fk_issue_task_finished_by_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_task_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_task")),
    )
    op.create_index("ix_issue_task_department", "issue_task", ["department_id", "state"], unique=False)
    op.create_index(op.f("ix_issue_task_issue_id"), "issue_task", ["issue_id"], unique=False)
    op.create_table(
        "issue_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "accept",
                "dispatch",
                "acknowledge",
                "handle",
                "assist",
                "return",
                "extension_notice",
                "review",
                "answer",
                "call_back",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "working_days",
                "working_minutes",
                name="limitunit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("pauses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("paused_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_clock_issue_id")),
        sa.ForeignKeyConstraint(["task_id"], ["issue_task.id"], name=op.f("fk_issue_clock_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_clock")),
    )
    op.create_index(op.f("ix_issue_clock_issue_id"), "issue_clock", ["issue_id"], unique=False)
    op.create_index(
        "ix_issue_clock_running", "issue_clock", ["due_at"], unique=False, postgresql_where="ended_at IS NULL"
    )
    op.create_index(
        "uq_issue_clock_stage",
        "issue_clock",
        ["issue_id"],
        unique=True,
        postgresql_where="ended_at IS NULL AND task_id IS NULL",
    )
    op.create_index("uq_issue_clock_task", "issue_clock", ["task_id"], unique=True, postgresql_where="ended_at IS NULL")
    op.create_table(
        "issue_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=50), nullable=False),
        sa.Column(
            "actor_role",
            sa.Enum(
                "coordinator",
                "team_lead",
                "grid_worker",
                "department_officer",
                "manager",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column(
            "verb",
            sa.Enum(
                "register",
                "resolve_on_site",
                "accept",
                "decline",
                "dispatch",
                "redispatch",
                "acknowledge",
                "return",
                "request_extension",
                "approve_extension",
                "refuse_extension",
                "request_shelving",
                "approve_shelving",
                "refuse_shelving",
                "resume",
                "resolve",
                "pass_review",
                "fail_review",
                "answer",
                "start_call_back",
                "call_back",
                "redo",
                "close",
                "reopen",
                "urge",
                "supervise",
                "escalate",
                "yellow_card",
                "red_card",
                "comment",
                "attach",
                "withdraw_file",
                "edit",
                "link",
                "unlink",
                "add_task",
                "finish_task",
                "return_task",
                "cancel_task",
                "recompute",
                name="verb",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_issue_event_actor_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_issue_event_department_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_event_issue_id")),
        sa.ForeignKeyConstraint(["task_id"], ["issue_task.id"], name=op.f("fk_issue_event_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_event")),
        sa.UniqueConstraint("issue_id", "seq", name=op.f("uq_issue_event_issue_id_seq")),
    )
    op.create_index("ix_issue_event_actor", "issue_event", ["actor_id", "at"], unique=False)
    op.add_column(
        "issue",
        sa.Column(
            "urgency",
            sa.Enum(
                "normal", "urgent", "emergency", name="urgency", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
            server_default=sa.text("'normal'"),
        ),
    )
    op.add_column(
        "issue",
        sa.Column(
            "source",
            sa.Enum("visit", "page", "file", name="issuesource", native_enum=False, create_constraint=True, length=32),
            nullable=False,
            server_default=sa.text("'visit'"),
        ),
    )
    op.add_column(
        "issue",
        sa.Column(
            "tier",
            sa.Enum(
                "city",
                "zone",
                "street",
                "village",
                "grid",
                name="tier",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            server_default=sa.text("'village'"),
        ),
    )
    op.add_column("issue", sa.Column("first_receiver_id", sa.Integer(), nullable=True))
    op.execute("UPDATE issue SET first_receiver_id = registered_by_id")
    op.alter_column("issue", "first_receiver_id", nullable=False)
    op.add_column("issue", sa.Column("cross_department", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column("issue", sa.Column("handler_id", sa.Integer(), nullable=True))
    op.add_column(
        "issue", sa.Column("instruction", sa.String(length=1000), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("issue", sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("issue", sa.Column("dispatched_by_id", sa.Integer(), nullable=True))
    op.add_column("issue", sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("issue", sa.Column("returns", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("issue", sa.Column("ruled", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column("issue", sa.Column("round", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.add_column("issue", sa.Column("extension_days", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("issue", sa.Column("review_on", sa.Date(), nullable=True))
    op.add_column("issue", sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("issue", sa.Column("resolved_by_id", sa.Integer(), nullable=True))
    op.add_column("issue", sa.Column("reviewed_by_id", sa.Integer(), nullable=True))
    op.add_column("issue", sa.Column("answer", sa.String(length=4000), nullable=False, server_default=sa.text("''")))
    op.add_column("issue", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("issue", sa.Column("answered_by_id", sa.Integer(), nullable=True))
    op.add_column("issue", sa.Column("caller_id", sa.Integer(), nullable=True))
    op.add_column("issue", sa.Column("call_backs", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("issue", sa.Column("solved", sa.Boolean(), nullable=True))
    op.add_column("issue", sa.Column("satisfied", sa.Boolean(), nullable=True))
    op.add_column("issue", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("issue", sa.Column("closed_by_id", sa.Integer(), nullable=True))
    op.add_column(
        "issue",
        sa.Column(
            "card",
            sa.Enum("none", "yellow", "red", name="card", native_enum=False, create_constraint=True, length=32),
            nullable=False,
            server_default=sa.text("'none'"),
        ),
    )
    op.add_column("issue", sa.Column("supervision", sa.String(length=20), nullable=False, server_default=sa.text("''")))
    op.add_column("issue", sa.Column("urges", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("issue", sa.Column("stage", sa.String(length=32), nullable=False, server_default=sa.text("''")))
    op.add_column("issue", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("issue", sa.Column("due_provisional", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column("issue", sa.Column("due_version", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("issue", sa.Column("paused_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("issue", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.create_index(op.f("ix_issue_caller_id"), "issue", ["caller_id"], unique=False)
    op.create_index("ix_issue_created", "issue", ["created_at", "id"], unique=False)
    op.create_index("ix_issue_department_state", "issue", ["department_id", "state", "due_at"], unique=False)
    op.create_index("ix_issue_due", "issue", ["due_at", "id"], unique=False)
    op.create_index(op.f("ix_issue_first_receiver_id"), "issue", ["first_receiver_id"], unique=False)
    op.create_index(op.f("ix_issue_handler_id"), "issue", ["handler_id"], unique=False)
    op.create_index(op.f("ix_issue_registered_by_id"), "issue", ["registered_by_id"], unique=False)
    op.create_index("ix_issue_state_due", "issue", ["state", "due_at", "id"], unique=False)
    op.create_foreign_key(op.f("fk_issue_dispatched_by_id"), "issue", "account", ["dispatched_by_id"], ["id"])
    op.create_foreign_key(op.f("fk_issue_caller_id"), "issue", "account", ["caller_id"], ["id"])
    op.create_foreign_key(op.f("fk_issue_resolved_by_id"), "issue", "account", ["resolved_by_id"], ["id"])
    op.create_foreign_key(op.f("fk_issue_first_receiver_id"), "issue", "account", ["first_receiver_id"], ["id"])
    op.create_foreign_key(op.f("fk_issue_closed_by_id"), "issue", "account", ["closed_by_id"], ["id"])
    op.create_foreign_key(op.f("fk_issue_reviewed_by_id"), "issue", "account", ["reviewed_by_id"], ["id"])
    op.create_foreign_key(op.f("fk_issue_handler_id"), "issue", "account", ["handler_id"], ["id"])
    op.create_foreign_key(op.f("fk_issue_answered_by_id"), "issue", "account", ["answered_by_id"], ["id"])
    for name in (
        "urgency",
        "source",
        "tier",
        "cross_department",
        "instruction",
        "returns",
        "ruled",
        "round",
        "extension_days",
        "answer",
        "call_backs",
        "card",
        "supervision",
        "urges",
        "stage",
        "due_provisional",
        "due_version",
        "version",
    ):
        op.alter_column("issue", name, server_default=None)
    op.drop_constraint(op.f("ck_issue_issuestate"), "issue", type_="check")
    states = ", ".join(f"'{state}'" for state in _STATES)
    op.create_check_constraint(op.f("ck_issue_issuestate"), "issue", f"state IN ({states})")
    op.create_check_constraint(
        op.f("ck_issue_department"), "issue", "state NOT IN ('dispatched', 'handling') OR department_id IS NOT NULL"
    )
    op.create_check_constraint(
        op.f("ck_issue_closed_by_another"), "issue", "state <> 'closed' OR closed_by_id IS DISTINCT FROM resolved_by_id"
    )
    _search_by_solution_too()
    op.execute(_EVENT_GUARD)
    op.execute(_RESOLVED_BY)
    op.execute(_FIRST_EVENTS)
    columns = ("stage", "kind", "urgency", "cross_department", "amount", "unit")
    limit = sa.table("time_limit", *(sa.column(name) for name in (*columns, "created_at", "updated_at")))
    made = {"created_at": sa.func.now(), "updated_at": sa.func.now()}
    for row in _LIMITS:
        op.execute(sa.insert(limit).values(dict(zip(columns, row, strict=True)) | made))


def _search_by_solution_too() -> None:
    joined = " || ' ' || ".join(f"coalesce({name}, '')" for name in ("number", "text", "solution"))
    form = f"regexp_replace(lower(normalize({joined}, NFKC)), '[[:space:]]+', ' ', 'g')"
    op.drop_index("ix_issue_search", "issue")
    op.drop_column("issue", "search_text")
    op.add_column("issue", sa.Column("search_text", sa.Text(), sa.Computed(form, persisted=True), nullable=False))
    grams = sa.literal_column("qianqi_grams(search_text)")
    op.create_index("ix_issue_search", "issue", [grams], postgresql_using="gin")


def downgrade() -> None:
    raise NotImplementedError("the ledger's log would be lost; restore a backup instead")
