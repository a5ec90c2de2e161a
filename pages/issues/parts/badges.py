"""What is pressing about an issue, as badges for its page and for lists."""

from core.i18n import gettext as _
from models.issue import Card, Issue
from pages.common import ui

_CARDS = {Card.YELLOW: "yellow", Card.RED: "red"}


def signals(issue: Issue) -> list[str]:
    """Return supervision and card as badges, in Markdown; empty for an issue that has neither."""
    found = []
    if issue.supervision:
        found.append(f":violet-badge[:material/visibility: {_('Supervised')} {ui.plain(issue.supervision)}]")
    if issue.card in _CARDS:
        found.append(f":{_CARDS[issue.card]}-badge[:material/style: {_(issue.card.label)}]")
    return found
