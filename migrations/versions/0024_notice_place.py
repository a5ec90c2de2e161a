"""How far the audience of a notice has been gone through is kept with it.

Revision ID: 0024_notice_place
"""

import sqlalchemy as sa
from alembic import op

revision = "0024_notice_place"
down_revision = "0023_commitment_opens"
branch_labels = None
depends_on = None

_PLACE = """
UPDATE notice_batch SET written_up_to = coalesce((
    SELECT max(CASE WHEN notice_batch.audience = 'staff' THEN reminder.recipient_id ELSE contact.enterprise_id END)
    FROM reminder LEFT JOIN contact ON contact.id = reminder.contact_id
    WHERE reminder.subject = 'notice' AND reminder.subject_id = notice_batch.id
), 0)
WHERE state IN ('sending', 'paused')
"""


def upgrade() -> None:
    op.add_column("notice_batch", sa.Column("written_up_to", sa.Integer(), server_default="0", nullable=False))
    op.alter_column("notice_batch", "written_up_to", server_default=None)
    op.execute(_PLACE)


def downgrade() -> None:
    op.drop_column("notice_batch", "written_up_to")
