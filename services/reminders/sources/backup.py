"""Backups as a source of reminders: all of them are one subject, which stands while they fail or are late."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session

from core import clock
from core.i18n import N_, format_moment, gettext
from models.reminder import Occasion, Relation, Subject
from services.backups.standing import ALL, BackupStanding, standing
from services.reminders.sources.people import people
from services.reminders.sources.words import NO_ROW
from services.reminders.standing import Standing, Words


class Backups:
    """The source: a failure stands until the next backup has been made."""

    def standings(self, session: Session, ids: Sequence[int], *, lock: bool = True) -> list[Standing]:  # noqa: ARG002 - no row to hold
        """Return how backups stand; see `Source`."""
        found = standing(session) if ALL in ids else None
        if found is None or found.well:
            return []
        who = {Relation.ADMINISTRATOR: people(session).administrators}
        since = found.since
        return [
            Standing(Subject.BACKUP, ALL, Occasion.BACKUP_MISSING, since, int(since.timestamp()) // 60, None, who)
        ]  # fmt: skip

    def live(self, _session: Session, after: int, limit: int) -> list[int]:
        """Return the one subject there is; see `Source`."""
        return [ALL][:limit] if after < ALL else []

    def words(self, session: Session, ids: Iterable[int]) -> dict[int, Words]:
        """Return what templates may say about backups; see `Source`."""
        return dict.fromkeys(ids, _words(standing(session)))

    def link(self, _subject_id: int) -> str:
        """Return the address of the start page, where administrators see how backups stand; see `Source`."""
        return "/"

    def sample(self) -> Words:
        """Return words of a backup that found no room; see `Source`."""
        return _words(BackupStanding(clock.now(), gettext(N_("The disk is full.")), late=False, since=clock.now()))


def _words(found: BackupStanding | None) -> Words:
    last = found.last if found else None
    return {
        **NO_ROW,
        "title": gettext(Subject.BACKUP.label),
        "due": format_moment(last) if last else "",
        "days_left": 0,
        "said": found.problem if found else "",
        "link_text": gettext(N_("Open the start page")),
    }
