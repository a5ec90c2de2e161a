"""What is refused is in the log: who asked, for what, and for which row (OWASP ASVS 5.0, 16.3.2)."""

import pytest
from structlog.testing import capture_logs

from core.db import transaction
from core.errors import NotAllowedError, NotFoundError
from models.account import Role
from models.visit import Visit
from services import access
from services.actor import Actor
from services.permissions import Action, require

WORKER = Actor(account_id=7, role=Role.GRID_WORKER, name="李娜")


@pytest.mark.parametrize("row", [999, 2**40])
@pytest.mark.usefixtures("database")
def test_who_asks_for_a_row_of_others_is_in_the_log(row: int) -> None:
    with transaction() as session, capture_logs() as told, pytest.raises(NotFoundError):
        access.load(session, WORKER, Action.VISIT_RECORD, Visit, row)

    (line,) = told
    assert line["event"] == "row refused"
    assert (line["account"], line["action"], line["table"], line["row"]) == (7, "visit.record", "visit", row)


def test_who_tries_what_their_role_may_not_is_in_the_log() -> None:
    with capture_logs() as told, pytest.raises(NotAllowedError):
        require(WORKER, Action.ACCOUNT_MANAGE)

    (line,) = told
    assert (line["event"], line["account"], line["role"]) == ("refused", 7, Role.GRID_WORKER)
    assert line["action"] == "account.manage"
