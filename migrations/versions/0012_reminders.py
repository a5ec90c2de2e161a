"""Rules of reminders, reminders, messages, deliveries, channels, notice batches, commitments.

Revision ID: 0012_reminders
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012_reminders"
down_revision = "0011_closed_lately"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("slots", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.Column("on_days_off", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_hours")),
    )
    op.create_table(
        "reminder_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "occasion",
            sa.Enum(
                "visit_assigned",
                "visit_planned",
                "visit_overdue",
                "visit_returned",
                "issue_arrived",
                "issue_deadline",
                "issue_urged",
                "issue_carded",
                "extension_awaiting",
                "call_back_due",
                "shelved_review",
                "promise_due",
                "commitment_due",
                "bulletin_due",
                "notice",
                name="occasion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.String(length=4000), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("body_en", sa.String(length=4000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_template")),
        sa.UniqueConstraint("name", name=op.f("uq_reminder_template_name")),
    )
    op.create_table(
        "reminder_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "occasion",
            sa.Enum(
                "visit_assigned",
                "visit_planned",
                "visit_overdue",
                "visit_returned",
                "issue_arrived",
                "issue_deadline",
                "issue_urged",
                "issue_carded",
                "extension_awaiting",
                "call_back_due",
                "shelved_review",
                "promise_due",
                "commitment_due",
                "bulletin_due",
                "notice",
                name="occasion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
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
            nullable=True,
        ),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum("working_days", "minutes", name="offsetunit", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("repeat_every", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.ARRAY(sa.String(length=32)), nullable=False),
        sa.Column("channels", sa.ARRAY(sa.String(length=32)), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column(
            "effect",
            sa.Enum(
                "none",
                "yellow_card",
                "red_card",
                "escalate",
                name="effect",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "stops_on",
            sa.Enum("acknowledged", "handled", name="stopson", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("cardinality(recipients) > 0 OR effect <> 'none'", name=op.f("ck_reminder_rule_recipients")),
        sa.CheckConstraint("repeats >= 0 AND (repeats = 0 OR repeat_every > 0)", name=op.f("ck_reminder_rule_repeats")),
        sa.ForeignKeyConstraint(["template_id"], ["reminder_template.id"], name=op.f("fk_reminder_rule_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rule")),
        sa.UniqueConstraint("name", name=op.f("uq_reminder_rule_name")),
    )
    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mail",
                "wecom",
                "dingtalk",
                "feishu",
                "webhook",
                name="channelkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("secret", sa.String(length=4000), nullable=False),
        sa.Column("hint", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.CheckConstraint("team_id IS NULL OR account_id IS NULL", name=op.f("ck_channel_owner")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_channel_account_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_channel_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
    )
    op.create_index("ix_channel_account", "channel", ["account_id"], unique=False)
    op.create_index("ix_channel_team", "channel", ["team_id"], unique=False)
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=True),
        sa.Column("fulfilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fulfilled_by_id", sa.Integer(), nullable=True),
        sa.Column("fulfilled_note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_commitment_department_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_commitment_enterprise_id")),
        sa.ForeignKeyConstraint(["follower_id"], ["account.id"], name=op.f("fk_commitment_follower_id")),
        sa.ForeignKeyConstraint(["fulfilled_by_id"], ["account.id"], name=op.f("fk_commitment_fulfilled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_index(op.f("ix_commitment_department_id"), "commitment", ["department_id"], unique=False)
    op.create_index(
        "ix_commitment_due", "commitment", ["due_on"], unique=False, postgresql_where="fulfilled_at IS NULL"
    )
    op.create_index(op.f("ix_commitment_enterprise_id"), "commitment", ["enterprise_id"], unique=False)
    op.create_index(op.f("ix_commitment_follower_id"), "commitment", ["follower_id"], unique=False)
    op.create_table(
        "notice_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=4000), nullable=False),
        sa.Column("matter", sa.String(length=100), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("enterprises", "staff", name="audience", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("filters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "sending",
                "paused",
                "sent",
                "cancelled",
                name="batchstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unreachable", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["written_by_id"], ["account.id"], name=op.f("fk_notice_batch_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_notice_batch_number")),
    )
    op.create_index(op.f("ix_notice_batch_written_by_id"), "notice_batch", ["written_by_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=600), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_message_account_id")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_message_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_message_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_account", "message", ["account_id", "id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mail",
                "wecom",
                "dingtalk",
                "feishu",
                "webhook",
                name="channelkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "claimed",
                "sent",
                "failed",
                "cancelled",
                name="deliverystate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("kept_only", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_delivery_channel_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_delivery_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("message_id", "kind", "address", name=op.f("uq_delivery_message_id_kind_address")),
    )
    op.create_index(
        "ix_delivery_claimed", "delivery", ["claimed_until"], unique=False, postgresql_where="state = 'claimed'"
    )
    op.create_index("ix_delivery_due", "delivery", ["due_at", "id"], unique=False, postgresql_where="state = 'planned'")
    op.create_index(
        "ix_delivery_failed", "delivery", ["failed_at", "id"], unique=False, postgresql_where="state = 'failed'"
    )
    op.create_index("ix_delivery_kind", "delivery", ["kind", "id"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "visit",
                "issue",
                "issue_task",
                "promise",
                "commitment",
                "bulletin",
                "notice",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column(
            "occasion",
            sa.Enum(
                "visit_assigned",
                "visit_planned",
                "visit_overdue",
                "visit_returned",
                "issue_arrived",
                "issue_deadline",
                "issue_urged",
                "issue_carded",
                "extension_awaiting",
                "call_back_due",
                "shelved_review",
                "promise_due",
                "commitment_due",
                "bulletin_due",
                "notice",
                name="occasion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rule_id", sa.Integer(), nullable=True),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "assignee",
                "lead",
                "next_tier",
                "department_head",
                "coordinator",
                "manager",
                "first_receiver",
                "enterprise_contact",
                "addressee",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("recipient_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("recipient_key", sa.String(length=24), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "held",
                "claimed",
                "sent",
                "delivered",
                "read",
                "acted_on",
                "failed",
                "cancelled",
                name="reminderstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=600), nullable=False),
        sa.Column("body", sa.String(length=8000), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_reminder_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_reminder_message_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["account.id"], name=op.f("fk_reminder_recipient_id")),
        sa.ForeignKeyConstraint(["rule_id"], ["reminder_rule.id"], name=op.f("fk_reminder_rule_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "subject",
            "subject_id",
            "rule_id",
            "due_version",
            "step",
            "recipient_key",
            name="uq_reminder_once",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        "ix_reminder_claimed", "reminder", ["claimed_until"], unique=False, postgresql_where="state = 'claimed'"
    )
    op.create_index(
        "ix_reminder_contact", "reminder", ["contact_id"], unique=False, postgresql_where="contact_id IS NOT NULL"
    )
    op.create_index("ix_reminder_due", "reminder", ["due_at", "id"], unique=False, postgresql_where="state = 'planned'")
    op.create_index(
        "ix_reminder_due_of", "reminder", ["recipient_id", "due_at"], unique=False, postgresql_where="state = 'planned'"
    )
    op.create_index(
        "ix_reminder_failed", "reminder", ["failed_at", "id"], unique=False, postgresql_where="state = 'failed'"
    )
    op.create_index(
        "ix_reminder_inbox",
        "reminder",
        ["recipient_id", "delivered_at", "id"],
        unique=False,
        postgresql_where="delivered_at IS NOT NULL",
    )
    op.create_index(
        "ix_reminder_message", "reminder", ["message_id"], unique=False, postgresql_where="message_id IS NOT NULL"
    )
    op.create_index("ix_reminder_moment", "reminder", ["due_at", "id"], unique=False)
    op.create_index("ix_reminder_rule", "reminder", ["rule_id", "due_at"], unique=False)
    op.create_index(
        "ix_reminder_unread", "reminder", ["recipient_id"], unique=False, postgresql_where="state = 'delivered'"
    )
    op.add_column("account", sa.Column("heads_department", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("contact", sa.Column("email", sa.String(length=200), nullable=False, server_default=""))
    op.alter_column("account", "heads_department", server_default=None)
    op.alter_column("contact", "email", server_default=None)
    _insert_hours()


def downgrade() -> None:
    op.drop_column("contact", "email")
    op.drop_column("account", "heads_department")
    op.drop_index("ix_reminder_unread", table_name="reminder", postgresql_where="state = 'delivered'")
    op.drop_index("ix_reminder_rule", table_name="reminder")
    op.drop_index("ix_reminder_moment", table_name="reminder")
    op.drop_index("ix_reminder_message", table_name="reminder", postgresql_where="message_id IS NOT NULL")
    op.drop_index("ix_reminder_inbox", table_name="reminder", postgresql_where="delivered_at IS NOT NULL")
    op.drop_index("ix_reminder_failed", table_name="reminder", postgresql_where="state = 'failed'")
    op.drop_index("ix_reminder_due_of", table_name="reminder", postgresql_where="state = 'planned'")
    op.drop_index("ix_reminder_due", table_name="reminder", postgresql_where="state = 'planned'")
    op.drop_index("ix_reminder_contact", table_name="reminder", postgresql_where="contact_id IS NOT NULL")
    op.drop_index("ix_reminder_claimed", table_name="reminder", postgresql_where="state = 'claimed'")
    op.drop_table("reminder")
    op.drop_index("ix_delivery_kind", table_name="delivery")
    op.drop_index("ix_delivery_failed", table_name="delivery", postgresql_where="state = 'failed'")
    op.drop_index("ix_delivery_due", table_name="delivery", postgresql_where="state = 'planned'")
    op.drop_index("ix_delivery_claimed", table_name="delivery", postgresql_where="state = 'claimed'")
    op.drop_table("delivery")
    op.drop_index("ix_message_account", table_name="message")
    op.drop_table("message")
    op.drop_index(op.f("ix_notice_batch_written_by_id"), table_name="notice_batch")
    op.drop_table("notice_batch")
    op.drop_index(op.f("ix_commitment_follower_id"), table_name="commitment")
    op.drop_index(op.f("ix_commitment_enterprise_id"), table_name="commitment")
    op.drop_index("ix_commitment_due", table_name="commitment", postgresql_where="fulfilled_at IS NULL")
    op.drop_index(op.f("ix_commitment_department_id"), table_name="commitment")
    op.drop_table("commitment")
    op.drop_index("ix_channel_team", table_name="channel")
    op.drop_index("ix_channel_account", table_name="channel")
    op.drop_table("channel")
    op.drop_table("reminder_rule")
    op.drop_table("reminder_template")
    op.drop_table("reminder_hours")


def _insert_hours() -> None:
    made = {"created_at": sa.func.now(), "updated_at": sa.func.now()}
    values = {
        "slots": sa.literal(["09:00", "14:00"], postgresql.JSONB),
        "quiet_from": "20:00",
        "quiet_until": "08:00",
        "on_days_off": False,
    }
    hours = sa.table("reminder_hours", *(sa.column(name) for name in (*values, *made)))
    op.execute(sa.insert(hours).values(values | made))
