"""The reminder of a card says which one it is. Words that somebody has changed stay as they are.

Revision ID: 0030_card_named
"""

import sqlalchemy as sa
from alembic import op

revision = "0030_card_named"
down_revision = "0029_commitment_words"
branch_labels = None
depends_on = None

_TEMPLATES = sa.table(
    "reminder_template",
    *(sa.column(name, sa.String) for name in ("occasion", "title", "body", "title_en", "body_en")),
)
_CHANGES = (
    ("title", "亮牌通知：", "{{ card }}通知："),
    ("body", "被亮牌，当前环节", "被亮{{ card }}，当前环节"),
    ("title_en", "Card shown: ", "{{ card }}: "),
    ("body_en", "was shown a card. Present", "was shown a card: {{ card }}. Present"),
)


def upgrade() -> None:
    for column, before, after in _CHANGES:
        _replace(column, before, after)


def downgrade() -> None:
    for column, before, after in _CHANGES:
        _replace(column, after, before)


def _replace(name: str, before: str, after: str) -> None:
    column = _TEMPLATES.c[name]
    op.execute(
        _TEMPLATES.update()
        .where(_TEMPLATES.c.occasion == "issue_carded", column.contains(before, autoescape=True))
        .values({name: sa.func.replace(column, before, after)})
    )
