"""The figures of both directions: each a count, the list that shows its rows, and what that list is narrowed to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.i18n import N_
from models.base import LabelledEnum


class Rows(StrEnum):
    """The lists that figures open."""

    NEEDS = "needs"
    VISITS = "visits"
    PROMISES = "promises"
    COMMITMENTS = "commitments"
    NOTICES = "notices"
    UNTOLD = "untold"


class Key(LabelledEnum):
    """What is counted."""

    MET = "met", N_("Visits where somebody was met")
    ON_SITE = "on_site", N_("On site")
    PHONE = "phone", N_("By phone")
    WECHAT = "wechat", N_("By WeChat")
    RAISED = "raised", N_("Needs enterprises raised")
    SUGGESTIONS = "suggestions", N_("Suggestions")
    DIFFICULT = "difficult", N_("Difficult issues")
    ENQUIRIES = "enquiries", N_("Enquiries")
    RAISED_IN_VISITS = "raised_in_visits", N_("raised in visits")
    RESOLVED_IN_VISITS = "resolved_in_visits", N_("of these resolved")
    VERIFIED_IN_VISITS = "verified_in_visits", N_("of these closed and verified")
    RESOLVED = "resolved", N_("Needs resolved")
    RESOLVED_ON_SITE = "resolved_on_site", N_("on the spot")
    WAITING = "waiting", N_("Still waiting")
    LATE = "late", N_("overdue")
    VERIFIED = "verified", N_("Closed after a call-back")
    ASKED = "asked", N_("Enterprise asked")
    UNSOLVED = "unsolved", N_("Not solved, says the enterprise")
    RATED = "rated", N_("Satisfaction given")
    SATISFIED = "satisfied", N_("satisfied")
    UNSATISFIED = "unsatisfied", N_("not satisfied")
    PROMISED = "promised", N_("Promises made")
    KEPT = "kept", N_("kept")
    UNKEPT = "unkept", N_("Promises not kept yet")
    BROKEN = "broken", N_("past their date")
    COMMITTED = "committed", N_("Commitments followed")
    MADE_GOOD = "made_good", N_("made good")
    OWED = "owed", N_("Not made good yet")
    OWED_LATE = "owed_late", N_("overdue")
    TOLD = "told", N_("Notices received")
    READ = "read", N_("read")
    UNREAD = "unread", N_("Not read yet")


class Gap(LabelledEnum):
    """What is missing between what enterprises need and what is done, as of today."""

    UNTAKEN = "untaken", N_("Needs nobody has taken up")
    UNTOLD = "untold", N_("Results the enterprise was not told")
    UNRECORDED = "unrecorded", N_("Visits whose day is over, not recorded")
    RESULTLESS = "resultless", N_("Visits recorded without a result")
    BROKEN = "broken", N_("Promises past their date")
    UNSHARED = "unshared", N_("Others affected, not told of the solution")


@dataclass(frozen=True)
class Figure:
    """A count and the rows it counts.

    Args:
        count: how many.
        rows: the list that shows them.
        asked: what the list is narrowed to: a value, a list of values or a pair (from, to) of days.
    """

    count: int
    rows: Rows
    asked: Mapping[str, Any] = field(default_factory=dict)
