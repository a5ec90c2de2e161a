"""Addresses of all pages with rows in them, so that each page shows what it has to show."""

from collections.abc import Iterator

import psycopg

from models.account import Role
from pages.shell.navigation import PAGES, Entry
from services.permissions import MATRIX

ROWS: dict[str, tuple[str, str]] = {
    "issues/issue.py": ("issue", "(SELECT id FROM issue WHERE answer <> '' ORDER BY id LIMIT 1)"),
    "visits/record.py": ("visit", "SELECT min(id) FROM visit WHERE state = 'planned'"),
    "visits/record_view.py": ("visit", "SELECT min(visit_id) FROM issue"),
    "enterprises/profile.py": ("enterprise", "SELECT min(enterprise_id) FROM issue"),
    "enterprises/edit.py": ("enterprise", "SELECT min(enterprise_id) FROM issue"),
    "campaigns/campaign.py": ("campaign", "SELECT max(id) FROM campaign WHERE state = 'running'"),
    "campaigns/form_builder.py": ("campaign", "SELECT max(id) FROM campaign WHERE state = 'running'"),
    "campaigns/new.py": ("copy", "SELECT min(id) FROM campaign"),
    "overview/one_class.py": ("id", "SELECT min(id) FROM issue_class"),
    "overview/two_way.py": ("enterprise", "SELECT min(enterprise_id) FROM issue"),
    "bulletin/bulletin.py": ("bulletin", "SELECT min(id) FROM bulletin"),
    "notices/batch.py": ("batch", "SELECT min(id) FROM notice_batch"),
    "notices/new.py": ("batch", "SELECT min(id) FROM notice_batch"),
    "teams/members.py": ("_team", "SELECT min(id) FROM team"),
    "imports/run.py": ("run", "SELECT coalesce(min(id), 0) FROM import_run"),
    "issues/register.py": ("enterprise", "SELECT min(enterprise_id) FROM issue"),
}
"""Page → the parameter of its address, and the statement that finds a row for it."""


def asked(database_url: str, role: Role) -> Iterator[tuple[Entry, str]]:
    """Yield each page a role may open with a query of its address: none, and one that names a row."""
    with psycopg.connect(database_url) as connection:
        for entry in PAGES:
            if role not in MATRIX[entry.action]:
                continue
            yield entry, ""
            if entry.file in ROWS:
                name, statement = ROWS[entry.file]
                row = connection.execute(statement.encode()).fetchone()
                yield entry, f"{name}={row[0] if row else 0}"
