"""The default words about a commitment's due date hold for whoever follows it up as well, who reads them too.

Revision ID: 0029_commitment_words
"""

import sqlalchemy as sa
from alembic import op

revision = "0029_commitment_words"
down_revision = "0028_days_of_notices"
branch_labels = None
depends_on = None

_BODY = (
    "请企业按期履行承诺、补齐材料；已履行的请告知跟进人。",
    "请按期履行承诺、补齐材料，履行情况由跟进人登记。",
)
_BODY_EN = (
    "Please hand in what was promised in time, or say that it was.",
    "What was promised is to be handed in in time; whoever follows it up records that it was.",
)


def upgrade() -> None:
    _reword(_BODY, _BODY_EN)


def downgrade() -> None:
    _reword(_BODY[::-1], _BODY_EN[::-1])


def _reword(*pairs: tuple[str, str]) -> None:
    """Change the sentence where it stands as it was brought; what an administrator wrote instead stays."""
    template = sa.table("reminder_template", *(sa.column(name) for name in ("occasion", "body", "body_en")))
    for column, (before, after) in zip((template.c.body, template.c.body_en), pairs, strict=True):
        op.execute(
            template.update()
            .where(template.c.occasion == "commitment_due", column.endswith(before, autoescape=True))
            .values({column: sa.func.replace(column, before, after)})
        )
