"""Where reminders learn of their subjects: one source for each kind."""

from collections.abc import Mapping

from models.reminder import Subject
from services.reminders.sources.backup import Backups
from services.reminders.sources.bulletin import Bulletins
from services.reminders.sources.commitment import Commitments
from services.reminders.sources.digest import Digests
from services.reminders.sources.issue import Issues
from services.reminders.sources.issue_task import IssueTasks
from services.reminders.sources.promise import Promises
from services.reminders.sources.visit import Visits
from services.reminders.standing import Source

SOURCES: Mapping[Subject, Source] = {
    Subject.ISSUE: Issues(),
    Subject.ISSUE_TASK: IssueTasks(),
    Subject.VISIT: Visits(),
    Subject.PROMISE: Promises(),
    Subject.COMMITMENT: Commitments(),
    Subject.BULLETIN: Bulletins(),
    Subject.DIGEST: Digests(),
    Subject.BACKUP: Backups(),
}
"""The one table of sources. A notice needs none: its words stand on its rows."""
