"""Values of a rule as a form gives them."""

from typing import Any

from models.reminder import Occasion, ReminderTemplate
from tests import factories as given


def template_of(occasion: Occasion) -> int:
    """Return the first template for an occasion."""
    return given.rows(ReminderTemplate, lambda row: row.occasion is occasion)[0].pk


def values(occasion: Occasion = Occasion.ISSUE_DEADLINE, **more: Any) -> dict[str, Any]:
    """Return the values of a new rule that can be saved, with some of them changed."""
    start = {
        "name": "新规则", "occasion": occasion.value, "offset": -1, "unit": "working_days", "recipients": ["assignee"],
        "effect": "none", "template_id": template_of(occasion),
    }  # fmt: skip
    return start | more
