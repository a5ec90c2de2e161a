"""Which time limit counts: defaults as documented, and the most specific row of an administrator's."""

import pytest
from sqlmodel import select

from core.db import transaction
from models.issue import IssueKind, Urgency
from models.limits import Stage, TimeLimit
from models.worktime import Limit, LimitUnit
from services import limits

DAYS = LimitUnit.WORKING_DAYS
_K, _U = IssueKind, Urgency


def found(stage: Stage, kind: IssueKind = _K.SUGGESTION, urgency: Urgency = _U.NORMAL, *, cross: bool = False) -> Limit:
    with transaction() as session:
        return limits.limit_for(session, stage, kind=kind, urgency=urgency, cross_department=cross)


@pytest.mark.usefixtures("same_database")
@pytest.mark.parametrize(
    ("stage", "kind", "urgency", "cross", "amount"),
    [
        (Stage.ACKNOWLEDGE, _K.SUGGESTION, _U.NORMAL, False, 1),
        (Stage.HANDLE, _K.ENQUIRY, _U.NORMAL, False, 1),
        (Stage.HANDLE, _K.SUGGESTION, _U.NORMAL, False, 5),
        (Stage.HANDLE, _K.SUGGESTION, _U.NORMAL, True, 7),
        (Stage.HANDLE, _K.DIFFICULT_ISSUE, _U.NORMAL, False, 15),
        (Stage.HANDLE, _K.DIFFICULT_ISSUE, _U.NORMAL, True, 15),
        (Stage.HANDLE, _K.DIFFICULT_ISSUE, _U.URGENT, False, 7),
        (Stage.HANDLE, _K.DIFFICULT_ISSUE, _U.EMERGENCY, True, 2),
        (Stage.ASSIST, _K.SUGGESTION, _U.NORMAL, True, 3),
        (Stage.RETURN, _K.SUGGESTION, _U.NORMAL, False, 1),
        (Stage.EXTENSION_NOTICE, _K.SUGGESTION, _U.NORMAL, False, 1),
    ],
)
def test_a_new_installation_has_the_default_limits(
    stage: Stage, kind: IssueKind, urgency: Urgency, cross: bool, amount: int
) -> None:
    assert found(stage, kind, urgency, cross=cross) == Limit(amount, DAYS)


@pytest.mark.usefixtures("same_database")
def test_an_emergency_is_acknowledged_within_working_minutes() -> None:
    assert found(Stage.ACKNOWLEDGE, urgency=_U.EMERGENCY) == Limit(120, LimitUnit.WORKING_MINUTES)


@pytest.mark.usefixtures("same_database")
def test_every_stage_has_a_limit_for_every_issue() -> None:
    with transaction() as session:
        find = limits.finder(session)

    for stage in Stage:
        for kind in IssueKind:
            for urgency in Urgency:
                assert find(stage, kind, urgency, True).amount > 0


@pytest.mark.usefixtures("database")
def test_urgency_counts_before_kind_and_kind_before_departments() -> None:
    rows = [
        TimeLimit(stage=Stage.REVIEW, urgency=_U.URGENT, amount=11, unit=DAYS),
        TimeLimit(stage=Stage.REVIEW, kind=_K.ENQUIRY, cross_department=True, amount=12, unit=DAYS),
        TimeLimit(stage=Stage.REVIEW, kind=_K.ENQUIRY, amount=13, unit=DAYS),
        TimeLimit(stage=Stage.REVIEW, cross_department=False, amount=14, unit=DAYS),
    ]
    with transaction() as session:
        session.add_all(rows)

    assert found(Stage.REVIEW, _K.ENQUIRY, _U.URGENT, cross=True).amount == 11
    assert found(Stage.REVIEW, _K.ENQUIRY, cross=True).amount == 12
    assert found(Stage.REVIEW, _K.ENQUIRY, cross=False).amount == 13
    assert found(Stage.REVIEW, _K.SUGGESTION, cross=False).amount == 14
    assert found(Stage.REVIEW, _K.SUGGESTION, cross=True).amount == 2  # the general one


@pytest.mark.usefixtures("database")
def test_a_stage_without_any_limit_is_a_clear_error() -> None:
    with transaction() as session:
        session.delete(session.exec(select(TimeLimit).where(TimeLimit.stage == Stage.ANSWER)).one())

    with pytest.raises(limits.NoLimitError, match="管理员"):
        found(Stage.ANSWER)
