"""A notice to an enterprise stays its own when the contact who got it is deleted.

Revision ID: 0034_enterprise_of_notices
"""

import sqlalchemy as sa
from alembic import op

revision = "0034_enterprise_of_notices"
down_revision = "0033_declined_told"
branch_labels = None
depends_on = None

_reminder = sa.table("reminder", sa.column("contact_id"), sa.column("enterprise_id"), sa.column("subject"))
_contact = sa.table("contact", sa.column("id"), sa.column("enterprise_id"))


def upgrade() -> None:
    of = sa.ForeignKey("enterprise.id", name="fk_reminder_enterprise_id", ondelete="SET NULL")
    op.add_column("reminder", sa.Column("enterprise_id", sa.Integer(), of, nullable=True))
    notices = sa.and_(_reminder.c.contact_id == _contact.c.id, _reminder.c.subject == "notice")
    op.execute(_reminder.update().where(notices).values(enterprise_id=_contact.c.enterprise_id))
    op.create_index(
        "ix_reminder_enterprise", "reminder", ["enterprise_id"], postgresql_where="enterprise_id IS NOT NULL"
    )
    _index_received("enterprise_id")


def downgrade() -> None:
    _index_received("contact_id")
    op.drop_column("reminder", "enterprise_id")


def _index_received(by: str) -> None:
    """Make the index of notices in order of their coming in by whom they came to."""
    op.drop_index("ix_reminder_received", "reminder")
    op.create_index(
        "ix_reminder_received", "reminder", ["delivered_at"], postgresql_include=[by, "state"],
        postgresql_where=f"subject = 'notice' AND {by} IS NOT NULL",
    )  # fmt: skip
