"""What is told: reminders as they are read for it, and the messages they become."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from models.channel import ChannelKind
from models.reminder import Subject
from services.channels.lines import Route
from services.delivery.claiming import REMINDERS


class Due(NamedTuple):
    """A claimed reminder; the names are those of its columns."""

    id: int
    subject: Subject
    subject_id: int
    rule_id: int | None
    recipient_id: int | None
    contact_id: int | None
    recipient_key: str
    urgent: bool
    title: str
    body: str
    attempts: int
    due_at: datetime
    claimed_until: datetime


COLUMNS = tuple(REMINDERS.table.c[name] for name in Due._fields)


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder with its words in one language.

    Args:
        due: the reminder.
        title: one line.
        body: plain text.
        link: full address of the subject's page; empty for those who cannot sign in.
        channels: by which kinds it may leave the product; empty for all.
    """

    due: Due
    title: str
    body: str
    link: str
    channels: frozenset[ChannelKind]

    def goes_by(self, kind: ChannelKind) -> bool:
        """Return whether it may leave the product by a kind of channel."""
        return not self.channels or kind in self.channels


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be stored, and the ways it is to go."""

    account_id: int | None
    team_id: int | None
    contact_id: int | None
    locale: str
    urgent: bool
    title: str
    body: str
    routes: Sequence[Route]
    reminders: Sequence[int]
    """Ids of the reminders whose message it is; none for a team, whose members have messages of their own."""
