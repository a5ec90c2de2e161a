"""The words of a notice: what placeholders there are, and the text as each recipient gets it."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import InvalidError
from core.i18n import gettext
from models.reminder import Audience
from services.reminders import rendering

PLACEHOLDERS: Mapping[Audience, tuple[str, ...]] = {
    Audience.ENTERPRISES: ("enterprise", "person"),
    Audience.STAFF: ("person",),
}
"""What a text may name in double braces, by audience."""
