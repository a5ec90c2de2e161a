"""docs/reminders.md tells the rules that a new installation really has."""

import pytest

from models.reminder import ReminderRule
from services import reminders_page
from services.reminders import wording
from tests import factories as given
from tests.servers import ROOT


def test_the_page_is_as_written() -> None:
    """Given the defaults and the words of today, the page is what the module writes."""
    written = (ROOT / "docs/reminders.md").read_text("utf-8")
    assert written == reminders_page.page(), "run: python -m services.reminders_page > docs/reminders.md"


@pytest.mark.usefixtures("same_database")
def test_a_migrated_database_has_the_rules_the_page_tells() -> None:
    """Given a new installation, its rules are those of the table, each with the same sentence."""
    told = {rule.name: wording.sentence(rule) for rule in reminders_page.default_rules()}
    assert {row.name: wording.sentence(row) for row in given.rows(ReminderRule)} == told
