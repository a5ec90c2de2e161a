"""Production mode on a database that held a demonstration: its passwords are known to all."""

import pytest

import cli
from core.db import transaction
from core.instance import StartError
from core.settings import settings
from services import audit_trail, doctor
from services.actor import SYSTEM

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def loaded(database: str) -> None:  # noqa: ARG001 - where it is left
    """Leave what tells of a demonstration: nobody can take it out of the audit log again."""
    with transaction(actor=SYSTEM) as session:
        audit_trail.note(session, "demo", "", "demo_begun")


def production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANQI_MODE", "production")
    settings.cache_clear()


@pytest.mark.usefixtures("loaded")
def test_production_mode_does_not_start_on_demonstration_data(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor._demonstration().state is doctor.State.OK
    production(monkeypatch)

    with pytest.raises(StartError, match="演示数据"):
        cli._prepare()
    assert doctor._demonstration().failed


def test_production_mode_starts_on_a_database_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    production(monkeypatch)

    cli._prepare()()

    assert doctor._demonstration().state is doctor.State.OK
