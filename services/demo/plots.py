"""How the issues of the demonstration go: which steps are taken on which working day, and how many go like that.

In the finished campaign days count forward from the visit; in the running one backward from today, so that an issue
stands where its last step leaves it and its time is over, up today or left as the default limits say. About a tenth of
what departments resolve is taken up or resolved late.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from models.issue import IssueKind, Urgency
from services.demo.case import Case

Step = tuple[int, Callable[[Case], None]]
_D, _S, _E = IssueKind.DIFFICULT_ISSUE, IssueKind.SUGGESTION, IssueKind.ENQUIRY
UTILITIES = "公用事业服务中心"
"""The department of the officer who signs in."""
AGAIN_AND_AGAIN = "changed_twice"
"""The cause of a need that many had."""
REFORMED = 34
"""Working days ago, by which a reform had all but ended that need."""


class Heard(Enum):
    """Where a need is heard."""

    ANYWHERE = auto()
    HOME = auto()
    """In the home village, by the worker who signs in."""
    ZONE = auto()
    """In the zone: the coordinator registers it by hand."""


@dataclass(frozen=True)
class Plot:
    """How some issues go.

    Args:
        kind: what kind of need it is.
        steps: day and step, in order.
        shifts: days by which the issues lie further back; one issue for each.
        heard: where.
        leads: the department it must lead to; empty: any.
        assists: the department that must assist; empty: any.
        joint: whether a department assists from the dispatch on.
        partnered: whether one can assist.
        urgency: how little it can wait.
        shared: the cause many of them have in common; empty: each has its own.
        ago: how many working days the visit lies back at least at which it was heard.
    """

    kind: IssueKind
    steps: tuple[Step, ...]
    shifts: tuple[int, ...] = (0,)
    heard: Heard = Heard.ANYWHERE
    leads: str = ""
    assists: str = ""
    joint: bool = False
    partnered: bool = False
    urgency: Urgency = Urgency.NORMAL
    shared: str = ""
    ago: int = 0

    @property
    def first(self) -> int:
        """The day of the first step."""
        return self.steps[0][0]

    @property
    def last(self) -> int:
        """The day of the last step."""
        return self.steps[-1][0]


def _times(count: int) -> tuple[int, ...]:
    return (0,) * count


_ON_SITE = ((0, Case.settle), (0, Case.answer), (1, Case.have_called), (2, Case.confirm), (3, Case.close))
_HANDED = ((0, Case.register), (0, Case.accept), (1, Case.dispatch), (2, Case.acknowledge))
_VERIFIED = ((0, Case.have_called), (1, Case.confirm), (2, Case.close))
_MISSED = ((0, Case.have_called), (1, Case.miss), (2, Case.miss), (3, Case.miss), (4, Case.close_unreached))


def _on(day: int, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return steps that begin on a later day."""
    return tuple((each + day, step) for each, step in steps)


def _result(day: int) -> tuple[Step, ...]:
    return ((day, Case.resolve), (day + 1, Case.pass_review), (day + 1, Case.answer))


_AGAIN = ((0, Case.acknowledge), *_result(3), *_on(5, _VERIFIED))
_TOGETHER = (*_HANDED, (4, Case.finish_task))
_TAKEN_UP_LATE = (*_HANDED[:3], (4, Case.acknowledge))

FINISHED: tuple[Plot, ...] = (
    # 72 difficult issues resolved on site
    Plot(_D, _ON_SITE, _times(42)),
    Plot(_D, _ON_SITE, _times(16), shared=AGAIN_AND_AGAIN, ago=REFORMED),  # until a reform: see `services.demo.classes`
    Plot(_D, (*_ON_SITE[:3], (2, Case.miss), (4, Case.confirm), (5, Case.close)), _times(10)),
    Plot(_D, (*_ON_SITE[:2], *_on(1, _MISSED)), _times(2)),
    Plot(_D, (*_ON_SITE[:3], (2, Case.object), (3, Case.dispatch), *_on(4, _AGAIN)), _times(2)),
    # 34 later, together with other departments
    Plot(_D, (*_TOGETHER, *_result(6), *_on(8, _VERIFIED)), _times(14), joint=True),
    Plot(_D, (*_TAKEN_UP_LATE, (6, Case.finish_task), *_result(8), *_on(10, _VERIFIED)), _times(3), joint=True),
    Plot(_D, (*_TOGETHER, (4, Case.comment), *_result(7), *_on(9, _VERIFIED)), _times(3), joint=True),
    Plot(_D, ((0, Case.register), (0, Case.to_street), (1, Case.to_zone), (1, Case.accept_in_zone), (2, Case.dispatch),
              (3, Case.acknowledge), (5, Case.finish_task), *_result(7), *_on(9, _VERIFIED)), _times(3), joint=True),
    Plot(_D, (*_TOGETHER, *_result(5), (7, Case.have_called), (8, Case.object), *_on(9, _AGAIN)), _times(3),
         joint=True),
    Plot(_D, (*_TOGETHER, (5, Case.resolve), (6, Case.fail_review), *_result(8), *_on(10, _VERIFIED)), _times(2),
         joint=True),
    Plot(_D, (*_TOGETHER, (6, Case.ask_extension), (7, Case.grant_extension), (12, Case.urge), *_result(14),
              *_on(16, _VERIFIED)), _times(2), joint=True),
    Plot(_D, ((0, Case.register), (0, Case.accept), (1, Case.dispatch_astray), (2, Case.give_back),
              (2, Case.redispatch), (3, Case.acknowledge), (3, Case.join), (5, Case.finish_task), *_result(7),
              *_on(9, _VERIFIED)), _times(2), partnered=True),
    Plot(_D, (*_TOGETHER, *_result(6), *_on(8, _MISSED)), _times(2), joint=True),
    # 34 suggestions
    Plot(_S, (*_HANDED, *_result(4), *_on(6, _VERIFIED)), _times(20)),
    Plot(_S, (*_HANDED, *_result(10), *_on(12, _VERIFIED)), _times(4)),
    Plot(_S, ((0, Case.register), (0, Case.decline)), _times(4)),
    Plot(_S, (*_HANDED, (3, Case.ask_shelving), (4, Case.shelve)), _times(4)),
    Plot(_S, (*_HANDED, *_result(4), *_on(6, _MISSED)), _times(2)),
    # enquiries
    Plot(_E, _ON_SITE, _times(24)),
    Plot(_E, ((0, Case.register), (0, Case.accept), (0, Case.dispatch), (1, Case.acknowledge), (1, Case.resolve),
              (2, Case.pass_review), (2, Case.answer), *_on(3, _VERIFIED)), _times(5)),
    Plot(_E, ((0, Case.register), (0, Case.accept), (0, Case.dispatch), (1, Case.acknowledge), *_result(4),
              *_on(6, _VERIFIED))),
)  # fmt: skip


def _dispatched(day: int) -> tuple[Step, ...]:
    """Return the steps of an issue dispatched so many days ago."""
    return ((day + 2, Case.register), (day + 1, Case.accept), (day, Case.dispatch))


def _handling(day: int) -> tuple[Step, ...]:
    return (*_dispatched(day), (max(day - 1, 0), Case.acknowledge))


def _resolved(day: int) -> tuple[Step, ...]:
    return (*_handling(day + 4), (day + 1, Case.finish_task), (day, Case.resolve))


def _answered(day: int) -> tuple[Step, ...]:
    return (*_resolved(day + 1), (day, Case.pass_review), (day, Case.answer))


def _called(day: int) -> tuple[Step, ...]:
    return (*_answered(day + 1), (day, Case.have_called))


def _slowly(day: int) -> tuple[Step, ...]:
    """Return the steps of an issue whose department took it up late and resolved it so many days ago."""
    return (*_dispatched(day + 12), (day + 9, Case.acknowledge), (day, Case.resolve))


def _settled(day: int) -> tuple[Step, ...]:
    return ((day, Case.settle), (day, Case.answer))


_HOME, _ZONE, _UTIL = Heard.HOME, Heard.ZONE, UTILITIES
_URGENT, _EMERGENCY = Urgency.URGENT, Urgency.EMERGENCY

RUNNING: tuple[Plot, ...] = (
    # registered: to be accepted by the lead, by other leads, by the coordinator
    Plot(_D, ((1, Case.register),), (0, 0), heard=_HOME),
    Plot(_S, ((0, Case.register),), heard=_HOME),
    Plot(_D, ((3, Case.register),), heard=_HOME),
    Plot(_D, ((1, Case.register),), (0, 0, 0, 1)),
    Plot(_S, ((1, Case.register),), (0, 0, 2)),
    Plot(_D, ((2, Case.register), (1, Case.to_street), (1, Case.to_zone)), (0, 0, 2)),
    Plot(_D, ((0, Case.register),), (0, 0), heard=_ZONE),
    Plot(_S, ((1, Case.register),), heard=_ZONE),
    Plot(_D, ((0, Case.register),), heard=_ZONE, urgency=_EMERGENCY, leads=_UTIL),
    # accepted: to be dispatched
    Plot(_D, ((2, Case.register), (1, Case.accept)), (0, 0, 0, 2)),
    Plot(_S, ((1, Case.register), (0, Case.accept)), (0, 0)),
    Plot(_E, ((1, Case.register), (0, Case.accept))),
    Plot(_D, ((24, Case.settle), (24, Case.answer), (22, Case.have_called), (21, Case.confirm), (20, Case.close),
              (0, Case.reopen))),
    # dispatched: to be acknowledged
    Plot(_D, _dispatched(1), (0, 0, 2), leads=_UTIL),
    Plot(_D, _dispatched(0), leads=_UTIL),
    Plot(_D, _dispatched(0), leads=_UTIL, urgency=_EMERGENCY),
    Plot(_D, (*_dispatched(3), (0, Case.urge)), (0, 1), joint=True),
    Plot(_S, _dispatched(1), (0, 0, 1)),
    Plot(_D, _dispatched(0), (0, 0, 0)),
    # being handled: over time, up today, with time left
    Plot(_S, (*_handling(7), (1, Case.urge), (0, Case.yellow)), leads=_UTIL),
    Plot(_D, (*_handling(9), (3, Case.comment)), leads=_UTIL, urgency=_URGENT, heard=_HOME),
    Plot(_S, _handling(5), leads=_UTIL),
    Plot(_D, _handling(7), leads=_UTIL, urgency=_URGENT),
    Plot(_S, _handling(4), leads=_UTIL),
    Plot(_D, _handling(13), leads=_UTIL),
    Plot(_D, _handling(3), (0, 2, 5), leads=_UTIL),
    Plot(_D, (*_handling(6), (4, Case.finish_task), (2, Case.comment)), leads=_UTIL, joint=True),
    Plot(_D, (*_called(7), (6, Case.object), (5, Case.acknowledge), (4, Case.comment)), leads=_UTIL, heard=_HOME),
    Plot(_D, (*_handling(21), (6, Case.urge), (5, Case.yellow), (3, Case.supervise), (1, Case.red), (0, Case.comment)),
         joint=True),
    Plot(_D, (*_handling(20), (4, Case.urge), (3, Case.yellow), (1, Case.red)), (0, 1)),
    Plot(_D, (*_handling(18), (2, Case.yellow), (1, Case.supervise)), urgency=_URGENT),
    Plot(_S, (*_handling(7), (1, Case.yellow)), (0, 1)),
    Plot(_D, (*_handling(9), (1, Case.urge)), (0, 1, 3), urgency=_URGENT),
    Plot(_E, _handling(3), (0, 1)),
    Plot(_D, (*_handling(16), (0, Case.comment)), (0, 1)),
    Plot(_D, _handling(15)),
    Plot(_S, _handling(5), (0, 0)),
    Plot(_D, _handling(13), (0, 1)),
    Plot(_D, _handling(4), (0, 1, 2, 4, 5, 7)),
    Plot(_D, (*_handling(5), (1, Case.supervise)), urgency=_URGENT),
    Plot(_D, (*_called(8), (7, Case.object), (6, Case.acknowledge)), (0, 2), joint=True),
    # together with other departments, whose tasks are open or done
    Plot(_D, _handling(2), (0, 0), joint=True, assists=_UTIL),
    Plot(_D, _handling(5), joint=True, assists=_UTIL),
    Plot(_D, _handling(3), (0, 1, 2, 3), joint=True),
    Plot(_D, (*_handling(8), (5, Case.finish_task)), (0, 1, 2), joint=True),
    # returned, once and for the third time
    Plot(_D, ((3, Case.register), (2, Case.accept), (1, Case.dispatch_astray), (0, Case.give_back)), (0, 0)),
    Plot(_S, ((4, Case.register), (3, Case.accept), (3, Case.dispatch_astray), (2, Case.give_back))),
    Plot(_D, ((7, Case.register), (6, Case.accept), (5, Case.dispatch_astray), (4, Case.give_back),
              (3, Case.redispatch_astray), (3, Case.give_back), (2, Case.redispatch_astray), (1, Case.give_back))),
    # asked for: extensions and shelving
    Plot(_D, (*_handling(12), (0, Case.ask_extension)), leads=_UTIL),
    Plot(_D, (*_handling(11), (1, Case.ask_extension)), (0, 1)),
    Plot(_S, (*_handling(3), (0, Case.ask_extension)), leads=_UTIL),
    Plot(_D, (*_handling(10), (5, Case.ask_extension), (4, Case.refuse_extension))),
    Plot(_D, (*_handling(17), (8, Case.ask_extension), (7, Case.grant_extension)), leads=_UTIL),
    Plot(_D, (*_handling(8), (1, Case.ask_shelving)), leads=_UTIL),
    Plot(_D, (*_handling(6), (0, Case.ask_shelving)), (0, 2)),
    Plot(_S, (*_handling(4), (2, Case.ask_shelving), (1, Case.refuse_shelving))),
    Plot(_D, (*_handling(14), (9, Case.ask_shelving_until_soon), (8, Case.shelve)), (0, 3)),
    Plot(_D, (*_handling(12), (8, Case.ask_shelving), (7, Case.shelve)), (0, 1), leads=_UTIL),
    # resolved: to be reviewed, or reviewed and to be answered
    Plot(_D, _resolved(1), (0, 0, 1)),
    Plot(_D, _slowly(4)),
    Plot(_D, _resolved(0), leads=_UTIL),
    Plot(_S, _resolved(0)),
    Plot(_D, (*_resolved(2), (1, Case.pass_review)), (0, 2), heard=_HOME),
    Plot(_D, (*_resolved(1), (0, Case.pass_review)), leads=_UTIL),
    Plot(_D, (*_resolved(3), (2, Case.fail_review))),
    # resolved on site: to be answered
    Plot(_D, ((1, Case.settle),), (0, 1), heard=_HOME),
    Plot(_E, ((1, Case.settle),), heard=_HOME),
    Plot(_D, ((1, Case.settle),), (0, 0, 0, 2)),
    Plot(_E, ((1, Case.settle),), (0, 0)),
    # answered: the call-back is to be arranged
    Plot(_D, _settled(1), heard=_HOME),
    Plot(_D, _answered(1), (0, 1), heard=_HOME),
    Plot(_D, _settled(2), (0, 0, 1)),
    Plot(_S, _answered(1), (0, 4)),
    # call-back: to be made, to be made again, done and to be closed
    Plot(_D, (*_answered(2), (1, Case.have_receiver_call)), (0, 1), heard=_HOME),
    Plot(_D, (*_answered(3), (2, Case.have_receiver_call), (1, Case.miss)), heard=_HOME),
    Plot(_D, (*_settled(3), (1, Case.have_called)), heard=_HOME),
    Plot(_D, _called(1), (0, 1, 2, 4)),
    Plot(_D, (*_settled(4), (2, Case.have_called), (0, Case.confirm)), heard=_HOME),
    Plot(_D, (*_called(2), (1, Case.confirm)), (0, 1, 1), joint=True),
    Plot(_S, (*_called(2), (1, Case.confirm))),
    Plot(_S, (*_slowly(6), (5, Case.pass_review), (5, Case.answer), (4, Case.have_called), (3, Case.confirm))),
    Plot(_D, (*_called(6), (5, Case.miss), (3, Case.miss), (1, Case.miss))),
    # closed and declined
    Plot(_D, (*_settled(6), (4, Case.have_called), (3, Case.confirm), (2, Case.close)), (0, 1, 2)),
    Plot(_D, (*_settled(6), (4, Case.have_called), (3, Case.confirm), (2, Case.close)), (3, 4), shared=AGAIN_AND_AGAIN),
    Plot(_D, (*_called(4), (3, Case.confirm), (2, Case.close)), (0, 1, 3)),
    Plot(_D, (*_slowly(9), (8, Case.pass_review), (8, Case.answer), (7, Case.have_called), (6, Case.confirm),
              (5, Case.close))),
    Plot(_E, (*_settled(5), (4, Case.have_called), (2, Case.confirm), (1, Case.close)), (0, 1, 2, 3)),
    Plot(_S, ((4, Case.register), (3, Case.decline)), (0, 2)),
)  # fmt: skip
