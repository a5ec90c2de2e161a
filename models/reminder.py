"""Reminders: the rules that cause them, what is to be told to whom, the messages they become and their deliveries.

A reminder's row is the truth: it is written in the transaction that causes it, and nothing is told without one. It
goes planned → claimed → sent → delivered → read → acted on; or it fails, or is cancelled, with the reason.
"""

from datetime import datetime, time
from typing import Any

from sqlmodel import CheckConstraint, Field, Index, UniqueConstraint

from core import clock
from core.i18n import N_
from models.base import LabelledEnum, Row, column, enum_list, enum_type, json_column, moment_column
from models.channel import ChannelKind
from models.fields import Condition, FieldKind
from models.limits import Stage


class Subject(LabelledEnum):
    """What kind of thing a reminder is about; with its id it names one."""

    VISIT = "visit", N_("Visit")
    ISSUE = "issue", N_("Issue")
    ISSUE_TASK = "issue_task", N_("Task")
    PROMISE = "promise", N_("Promise")
    COMMITMENT = "commitment", N_("Commitment")
    BULLETIN = "bulletin", N_("Bulletin")
    NOTICE = "notice", N_("Notice")
    DIGEST = "digest", N_("Weekly digest")
    BACKUP = "backup", N_("Backup")


class Occasion(LabelledEnum):
    """What about a subject gives rise to reminders; each has one moment that offsets count from."""

    VISIT_ASSIGNED = "visit_assigned", N_("Visits assigned")
    VISIT_PLANNED = "visit_planned", N_("Visit planned")
    VISIT_OVERDUE = "visit_overdue", N_("Visit overdue")
    VISIT_RETURNED = "visit_returned", N_("Record returned for completion")
    ISSUE_ARRIVED = "issue_arrived", N_("Issue has come to somebody")
    ISSUE_DEADLINE = "issue_deadline", N_("Deadline of an issue’s stage")
    ISSUE_URGED = "issue_urged", N_("Issue urged or supervised")
    ISSUE_CARDED = "issue_carded", N_("Card shown")
    ISSUE_DECLINED = "issue_declined", N_("Issue declined")
    EXTENSION_AWAITING = "extension_awaiting", N_("Extension or shelving awaits a decision")
    CALL_BACK_DUE = "call_back_due", N_("Call-back due")
    SHELVED_REVIEW = "shelved_review", N_("Review of a shelved issue due")
    PROMISE_DUE = "promise_due", N_("Promise due")
    COMMITMENT_DUE = "commitment_due", N_("Commitment due")
    BULLETIN_DUE = "bulletin_due", N_("Bulletin due")
    NOTICE = "notice", N_("Notice")
    WEEKLY_DIGEST = "weekly_digest", N_("Weekly digest")
    BACKUP_MISSING = "backup_missing", N_("Backup failed or late")


class Relation(LabelledEnum):
    """Who somebody is to the subject of a reminder."""

    ASSIGNEE = "assignee", N_("Whoever is to act")
    LEAD = "lead", N_("Team lead")
    NEXT_TIER = "next_tier", N_("Team lead of the tier above")
    DEPARTMENT_HEAD = "department_head", N_("Head of the department")
    COORDINATOR = "coordinator", N_("Campaign coordinator")
    MANAGER = "manager", N_("Manager")
    FIRST_RECEIVER = "first_receiver", N_("First receiver")
    ENTERPRISE_CONTACT = "enterprise_contact", N_("Main contact of the enterprise")
    ADDRESSEE = "addressee", N_("Addressee of a notice")
    SUBSCRIBER = "subscriber", N_("Subscriber")
    ADMINISTRATOR = "administrator", N_("Administrator")


class OffsetUnit(LabelledEnum):
    """What the offset of a rule is counted in."""

    WORKING_DAYS = "working_days", N_("working days")
    MINUTES = "minutes", N_("minutes")


class StopsOn(LabelledEnum):
    """What makes the rest of a ladder needless."""

    ACKNOWLEDGED = "acknowledged", N_("When somebody acknowledges it, or it is done")
    HANDLED = "handled", N_("Only when it is done")


class Effect(LabelledEnum):
    """What the product does itself when a rule's moment has come."""

    NONE = "none", N_("Nothing else")
    YELLOW_CARD = "yellow_card", N_("Show a yellow card")
    RED_CARD = "red_card", N_("Show a red card")
    ESCALATE = "escalate", N_("Hand the issue to the tier above")


class ReminderTemplate(Row, table=True):
    """The words of a reminder, in both languages: Jinja2, rendered in a sandbox."""

    __tablename__ = "reminder_template"

    name: str = column(N_("Name"), unique=True, max_length=100, listed=True, searchable=True)
    occasion: Occasion = column(N_("For"), choices=Occasion, listed=True, filterable=True)
    title: str = column(N_("Title"), kind=FieldKind.LONG_TEXT, max_length=300, listed=True, searchable=True)
    body: str = column(N_("Text"), max_length=4000)
    title_en: str = column(N_("English title"), kind=FieldKind.LONG_TEXT, default="", max_length=300)
    body_en: str = column(N_("English text"), default="", max_length=4000)


class ReminderRule(Row, table=True):
    """When who is told what about an occasion: one step of a ladder."""

    __tablename__ = "reminder_rule"
    __table_args__ = (
        CheckConstraint("repeats >= 0 AND (repeats = 0 OR repeat_every > 0)", name="repeats"),
        CheckConstraint("cardinality(recipients) > 0 OR effect <> 'none'", name="recipients"),
    )

    name: str = column(N_("Name"), unique=True, max_length=100, listed=True, searchable=True)
    occasion: Occasion = column(N_("Occasion"), choices=Occasion, listed=True, filterable=True)
    stage: Stage | None = column(
        N_("Only in this stage"), choices=Stage, default=None, listed=True,
        shown_if=Condition(field="occasion", values=(Occasion.ISSUE_DEADLINE, Occasion.ISSUE_ARRIVED)),
    )  # fmt: skip
    offset: int = column(
        N_("Offset"), default=0, ge=-100_000, le=100_000, listed=True, help=N_("Negative: before; 0: on the day")
    )
    unit: OffsetUnit = column(N_("Unit"), choices=OffsetUnit, default=OffsetUnit.WORKING_DAYS, listed=True)
    repeats: int = column(N_("Repeat so many times"), default=0, ge=0, le=20)
    repeat_every: int = column(N_("Every so many units"), default=0, ge=0, le=100_000)
    recipients: list[Relation] = column(N_("To whom"), default_factory=list, sa_type=enum_list(Relation), listed=True)
    channels: list[ChannelKind] = column(
        N_("Only by these channels"), default_factory=list, sa_type=enum_list(ChannelKind),
        help=N_("The inbox always gets it. Empty: every channel a person has set up"),
    )  # fmt: skip
    urgent: bool = column(
        N_("Urgent"), default=False, listed=True, filterable=True,
        help=N_("Goes out at once, by itself, even in quiet hours and on holidays"),
    )  # fmt: skip
    effect: Effect = column(N_("And the product itself"), choices=Effect, default=Effect.NONE, listed=True)
    stops_on: StopsOn = column(
        N_("Stops"), choices=StopsOn, default=StopsOn.ACKNOWLEDGED,
        help=N_("What stops a step stops its card and its handing up too: who acknowledges, sees to it"),
    )  # fmt: skip
    template_id: int = column(
        N_("Template"), foreign_key="reminder_template.id", reference="reminder_template", listed=True
    )
    active: bool = column(N_("Active"), default=True, listed=True, filterable=True)


class ReminderHours(Row, table=True):
    """When reminders that are not urgent go out: one row."""

    __tablename__ = "reminder_hours"

    slots: list[str] = json_column(lambda: ["09:00", "14:00"])
    """Times of day as HH:MM, in order: what came due since the last is merged into one message a person."""
    quiet_from: time = Field(default=time(20))
    quiet_until: time = Field(default=time(8))
    """No slot counts that lies in between."""
    on_days_off: bool = Field(default=False)
    """Whether they go out on weekends and holidays too."""


class ReminderState(LabelledEnum):
    """Where a reminder stands."""

    PLANNED = "planned", N_("Waiting to be sent")
    HELD = "held", N_("Held")
    CLAIMED = "claimed", N_("Claimed")
    SENT = "sent", N_("Sent")
    DELIVERED = "delivered", N_("Delivered")
    READ = "read", N_("Read")
    ACTED_ON = "acted_on", N_("Acted on")
    FAILED = "failed", N_("Failed")
    CANCELLED = "cancelled", N_("Cancelled")


OPEN_REMINDER_STATES = (ReminderState.PLANNED, ReminderState.HELD, ReminderState.CLAIMED)
"""States from which a reminder can still be cancelled."""

REACHED_STATES = (ReminderState.DELIVERED, ReminderState.READ, ReminderState.ACTED_ON)
READ_STATES = (ReminderState.READ, ReminderState.ACTED_ON)


class Reminder(Row, table=True):
    """One thing to be told to one recipient at one moment; without a recipient, a step the product takes itself."""

    __table_args__ = (
        UniqueConstraint(
            "subject", "subject_id", "rule_id", "due_version", "step", "recipient_key",
            name="uq_reminder_once", postgresql_nulls_not_distinct=True,
        ),
        Index("ix_reminder_due", "due_at", "id", postgresql_where="state = 'planned'"),
        Index("ix_reminder_due_of", "recipient_id", "due_at", postgresql_where="state = 'planned'"),
        Index("ix_reminder_claimed", "claimed_until", postgresql_where="state = 'claimed'"),
        Index("ix_reminder_inbox", "recipient_id", "delivered_at", "id", postgresql_where="delivered_at IS NOT NULL"),
        Index("ix_reminder_unread", "recipient_id", postgresql_where="state = 'delivered'"),
        Index("ix_reminder_failed", "failed_at", "id", postgresql_where="state = 'failed'"),
        Index("ix_reminder_rule", "rule_id", "due_at"),
        Index("ix_reminder_moment", "due_at", "id"),
        Index("ix_reminder_message", "message_id", postgresql_where="message_id IS NOT NULL"),
        Index("ix_reminder_contact", "contact_id", postgresql_where="contact_id IS NOT NULL"),
        Index(
            "ix_reminder_received",
            "delivered_at",
            postgresql_include=["enterprise_id", "state"],
            postgresql_where="subject = 'notice' AND enterprise_id IS NOT NULL",
        ),
        Index("ix_reminder_enterprise", "enterprise_id", postgresql_where="enterprise_id IS NOT NULL"),
    )  # fmt: skip
    audited = False  # it is a log of itself

    subject: Subject = Field(sa_type=enum_type(Subject))
    subject_id: int
    occasion: Occasion = Field(sa_type=enum_type(Occasion))
    rule_id: int | None = Field(default=None, foreign_key="reminder_rule.id")
    """Which rule caused it; empty for a notice."""
    due_version: int
    """Which deadline of the subject it belongs to; another deadline has another."""
    step: int = Field(default=0, ge=0)
    """0 the first time, then the number of the repetition."""
    relation: Relation | None = Field(default=None, sa_type=enum_type(Relation))
    """Why this recipient."""
    recipient_id: int | None = Field(default=None, foreign_key="account.id")
    contact_id: int | None = Field(default=None, foreign_key="contact.id", ondelete="SET NULL")
    enterprise_id: int | None = Field(default=None, foreign_key="enterprise.id", ondelete="SET NULL")
    """Of a notice to an enterprise: which, also once the contact who got it is deleted."""
    recipient_key: str = Field(default="", max_length=24)
    """Names the recipient once and for all: `a12` an account, `c7` a contact, empty the product itself."""
    moment: datetime = moment_column()
    """When the rule wants it told."""
    due_at: datetime = moment_column()
    """When it is told: `moment`, moved to the next slot unless it is urgent; later after a failure."""
    urgent: bool = Field(default=False)
    state: ReminderState = Field(default=ReminderState.PLANNED, sa_type=enum_type(ReminderState))
    claimed_until: datetime | None = moment_column(default=None)
    attempts: int = Field(default=0, ge=0)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    title: str = Field(default="", max_length=600)
    body: str = Field(default="", max_length=8000)
    """What was told, as it was told."""
    claimed_at: datetime | None = moment_column(default=None)
    sent_at: datetime | None = moment_column(default=None)
    delivered_at: datetime | None = moment_column(default=None)
    read_at: datetime | None = moment_column(default=None)
    acted_at: datetime | None = moment_column(default=None)
    failed_at: datetime | None = moment_column(default=None)
    cancelled_at: datetime | None = moment_column(default=None)
    note: str = Field(default="", max_length=1000)
    """Why it failed or was cancelled: a text of the catalogue, or what a server answered."""


class Message(Row, table=True):
    """What one person, team or contact gets at one time: one reminder, or several as a digest."""

    audited = False
    __table_args__ = (Index("ix_message_account", "account_id", "id"),)

    account_id: int | None = Field(default=None, foreign_key="account.id")
    team_id: int | None = Field(default=None, foreign_key="team.id")
    contact_id: int | None = Field(default=None, foreign_key="contact.id", ondelete="SET NULL")
    locale: str = Field(default="zh_CN", max_length=10)
    urgent: bool = Field(default=False)
    title: str = Field(max_length=600)
    body: str = Field()
    """Plain text, links included."""


class DeliveryState(LabelledEnum):
    """Where a delivery stands."""

    PLANNED = "planned", N_("Waiting to be sent")
    CLAIMED = "claimed", N_("Being sent")
    SENT = "sent", N_("Sent")
    FAILED = "failed", N_("Failed")
    CANCELLED = "cancelled", N_("Cancelled")


class Delivery(Row, table=True):
    """One message on its way by one channel to one address; never two of a message to the same address."""

    __table_args__ = (
        UniqueConstraint("message_id", "kind", "address"),
        Index("ix_delivery_due", "due_at", "id", postgresql_where="state = 'planned'"),
        Index("ix_delivery_claimed", "claimed_until", postgresql_where="state = 'claimed'"),
        Index("ix_delivery_failed", "failed_at", "id", postgresql_where="state = 'failed'"),
        Index("ix_delivery_line", "kind", "channel_id", "due_at", "id", postgresql_where="state = 'planned'"),
        Index("ix_delivery_kind", "kind", "id"),
    )
    audited = False

    message_id: int = Field(foreign_key="message.id")
    kind: ChannelKind = Field(sa_type=enum_type(ChannelKind))
    channel_id: int | None = Field(default=None, foreign_key="channel.id", ondelete="SET NULL")
    """The robot or webhook; mail goes by the zone's mail server instead."""
    address: str = Field(max_length=300)
    """The mail address; for others `channel:<id>`."""
    state: DeliveryState = Field(default=DeliveryState.PLANNED, sa_type=enum_type(DeliveryState))
    due_at: datetime = moment_column(default_factory=clock.now)
    claimed_until: datetime | None = moment_column(default=None)
    attempts: int = Field(default=0, ge=0)
    claimed_at: datetime | None = moment_column(default=None)
    sent_at: datetime | None = moment_column(default=None)
    failed_at: datetime | None = moment_column(default=None)
    cancelled_at: datetime | None = moment_column(default=None)
    note: str = Field(default="", max_length=1000)
    """What the server answered when it failed."""
    kept_only: bool = Field(default=False)
    """Whether it was only put into the viewer of sent mail, because no mail server was set."""


class BatchState(LabelledEnum):
    """Where a notice batch stands."""

    DRAFT = "draft", N_("Draft")
    SENDING = "sending", N_("Being sent")
    PAUSED = "paused", N_("Paused")
    SENT = "sent", N_("Sent")
    CANCELLED = "cancelled", N_("Cancelled")


class Audience(LabelledEnum):
    """To whom a notice goes."""

    ENTERPRISES = "enterprises", N_("Enterprises")
    STAFF = "staff", N_("Staff")


class NoticeBatch(Row, table=True):
    """A notice to many at once (无感推送): its words, to whom, and where it stands."""

    __tablename__ = "notice_batch"

    number: str = column(N_("Batch no."), unique=True, max_length=20, listed=True, editable=False)
    title: str = column(N_("Title"), max_length=200, listed=True, searchable=True)
    body: str = column(N_("Text"), max_length=4000)
    matter: str = column(N_("Matter"), default="", max_length=100, listed=True, filterable=True)
    audience: Audience = column(N_("Audience"), choices=Audience, listed=True, filterable=True)
    filters: dict[str, Any] = json_column()
    """The conditions that choose the audience, kept as chosen."""
    urgent: bool = column(N_("Urgent"), default=False)
    state: BatchState = column(N_("State"), choices=BatchState, default=BatchState.DRAFT, listed=True, filterable=True)
    written_by_id: int = Field(foreign_key="account.id", index=True)
    started_at: datetime | None = moment_column(default=None)
    ended_at: datetime | None = moment_column(default=None)
    unreachable: int = Field(default=0, ge=0)
    """How many of the audience could not be reached when it was sent."""
    planned: int = Field(default=0, ge=0)
    """How many get it."""
    bulletin_id: int | None = Field(default=None, foreign_key="bulletin.id", index=True)
    """The bulletin whose issue it tells of."""
    written_up_to: int = Field(default=0, ge=0)
    """The id of the last of the audience, enterprise or account, that was looked at: the rest still is to be."""
