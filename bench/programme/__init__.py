"""A programme of three years on top of the demonstration data, put in by COPY.

It has the real area tree, the teams, people and categories of the demonstration, and as many enterprises, visits and
issues as a measurement asks for.
The rows hang together as the product's own would: an issue comes from a visit, is answered for by the department of
its category, and has the moments of all it went through; three in a hundred are open, most of them lately registered.
They have no event log.
"""

from dataclasses import dataclass

import psycopg

from bench.copying import without_indexes
from bench.programme import enterprises, issues, promises, visits
from bench.programme.world import World
from core import clock
from core.embedded.postgres import DATABASE
from models.campaign import CampaignTarget
from models.enterprise import Contact, Enterprise
from models.issue import Issue
from models.issue_log import IssueClock, IssueTask
from models.visit import Promise, Visit

_TABLES = (Enterprise, Contact, CampaignTarget, Visit, Promise, Issue, IssueClock, IssueTask)


@dataclass(frozen=True)
class Size:
    """How many rows are added to the demonstration's."""

    issues: int = 1_000_000
    visits: int = 2_000_000
    enterprises: int = 100_000


def fill(admin_url: str, size: Size, *, database: str = DATABASE) -> None:
    """Add a programme to a database that holds the demonstration data.

    Triggers and foreign keys rest meanwhile, so whoever keeps figures by triggers has to count anew.

    Args:
        admin_url: address of its server for the administrator, who alone may let them rest.
        size: how many rows.
        database: its name.
    """
    with psycopg.connect(admin_url, dbname=database, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '512MB'")
        world = World.of(connection, clock.now())
        with without_indexes(connection, *_TABLES):
            known = enterprises.found(connection, world, size.enterprises)
            made = visits.make(connection, world, known, size.visits)
            promises.make(connection, world, known, made)
            issues.raise_all(connection, world, known, made, size.issues)
        connection.execute("VACUUM ANALYZE")
