"""Migrations are applied once, and what is missing can be told."""

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import NullPool, create_engine

from core import db, migrate
from core.embedded import EmbeddedPostgres
from tests.servers import new_database


@pytest.mark.usefixtures("database")
def test_a_migrated_database_has_nothing_pending() -> None:
    assert migrate.pending() == []


def test_an_empty_database_lists_every_migration_and_upgrading_twice_is_harmless(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.admin_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE fresh OWNER qianqi_owner")
    url = postgres.owner_url.removesuffix("qianqi") + "fresh"

    before = migrate.pending(url)
    migrate.upgrade(url)
    migrate.upgrade(url)

    assert len(before) == len(list((migrate.FOLDER / "versions").glob("*.py")))
    assert migrate.pending(url) == []


def test_a_database_of_a_newer_release_is_left_alone(postgres: EmbeddedPostgres) -> None:
    with new_database(postgres) as made:
        with psycopg.connect(made.owner_url) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999_of_tomorrow'")
        for asked in (migrate.pending, migrate.upgrade):
            with pytest.raises(migrate.NewerError, match="9999_of_tomorrow"):
                asked(made.owner_url)


def test_the_application_role_may_not_change_tables(database: str) -> None:
    with psycopg.connect(database) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE sneaked_in (id int)")


def test_the_application_role_may_add_to_the_audit_log_but_not_rewrite_it(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO audit_entry (at, actor_name, action, entity, entity_id, before, after, ip, request_id)"
            " VALUES (now(), '', 'x', 'y', '', '{}', '{}', '', '')"
        )
        connection.commit()
        for rewrite in ("UPDATE audit_entry SET action = 'z'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(rewrite)
            connection.rollback()


def test_the_models_and_the_migrations_describe_the_same_tables(postgres: EmbeddedPostgres) -> None:
    import models.all  # noqa: F401 - defines every table
    from models.base import metadata

    engine = create_engine(db.driver_url(postgres.owner_url), poolclass=NullPool)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)

    assert found == []
