"""How the random people of the state machine take each step, with words and choices of their own."""

from collections.abc import Callable
from datetime import timedelta

from core import clock
from models.issue import Urgency
from models.issue_log import IssueTask
from models.lifecycle import Verb
from services import issues
from services.actor import Actor
from services.issues import Assistance
from tests.issue_world import IssueWorld

Taken = Callable[[IssueWorld, Actor, int, int], object]
_DEPARTMENTS = "XXXYXX"


def _dispatch(world: IssueWorld, actor: Actor, issue_id: int, choice: int) -> object:
    assisting = [Assistance(world.departments["Y"].pk, "协助核实", mandatory=choice != 1)] if choice < 2 else []
    return issues.dispatch(
        actor, issue_id, _department(world, choice), instruction="请办理", assisting=assisting
    )  # fmt: skip


def _call_back(_world: IssueWorld, actor: Actor, issue_id: int, choice: int) -> object:
    return issues.record_call_back(
        actor, issue_id, reached=choice > 0, solved=choice != 1, satisfied=choice > 2, note="企业答复"
    )


def _department(world: IssueWorld, choice: int) -> int:
    return world.departments[_DEPARTMENTS[choice]].pk


def _task(world: IssueWorld, issue_id: int, choice: int) -> IssueTask:
    tasks = world.tasks(issue_id)
    return tasks[choice % len(tasks)] if tasks else IssueTask(id=0, issue_id=issue_id, department_id=0, text="")


STEPS_TO_TRY: dict[Verb, Taken] = {
    Verb.RESOLVE_ON_SITE: lambda _w, a, i, _c: issues.resolve_on_site(a, i, "当场解决"),
    Verb.ACCEPT: lambda _w, a, i, _c: issues.accept(a, i),
    Verb.DECLINE: lambda _w, a, i, c: issues.decline(a, i, "不属受理范围" if c else ""),
    Verb.DISPATCH: _dispatch,
    Verb.REDISPATCH: lambda w, a, i, c: issues.redispatch(a, i, _department(w, c), instruction="改派"),
    Verb.ACKNOWLEDGE: lambda _w, a, i, _c: issues.acknowledge(a, i),
    Verb.RETURN: lambda _w, a, i, _c: issues.return_issue(a, i, "非本部门职责"),
    Verb.REQUEST_EXTENSION: lambda _w, a, i, c: issues.request_extension(a, i, c, "需要时间"),
    Verb.APPROVE_EXTENSION: lambda _w, a, i, _c: issues.approve_extension(a, i),
    Verb.REFUSE_EXTENSION: lambda _w, a, i, _c: issues.refuse_extension(a, i, "请抓紧"),
    Verb.REQUEST_SHELVING: lambda _w, a, i, c: issues.request_shelving(
        a, i, clock.today() + timedelta(days=c * 20), "政策未明"
    ),
    Verb.APPROVE_SHELVING: lambda _w, a, i, _c: issues.approve_shelving(a, i),
    Verb.REFUSE_SHELVING: lambda _w, a, i, _c: issues.refuse_shelving(a, i, "可以解决"),
    Verb.RESUME: lambda _w, a, i, _c: issues.resume(a, i),
    Verb.RESOLVE: lambda _w, a, i, _c: issues.resolve(a, i, "已办结"),
    Verb.PASS_REVIEW: lambda _w, a, i, _c: issues.pass_review(a, i),
    Verb.FAIL_REVIEW: lambda _w, a, i, _c: issues.fail_review(a, i, "材料不全"),
    Verb.ANSWER: lambda _w, a, i, _c: issues.answer(a, i, "已告知企业"),
    Verb.START_CALL_BACK: lambda w, a, i, c: issues.start_call_back(
        a, i, w.people["worker_a" if c < 4 else "lead_a"].pk
    ),
    Verb.CALL_BACK: _call_back,
    Verb.CLOSE: lambda _w, a, i, _c: issues.close(a, i),
    Verb.REOPEN: lambda _w, a, i, _c: issues.reopen(a, i, "再次反映"),
    Verb.URGE: lambda _w, a, i, _c: issues.urge(a, i),
    Verb.SUPERVISE: lambda _w, a, i, _c: issues.supervise(a, i, "限期办结"),
    Verb.ESCALATE: lambda _w, a, i, _c: issues.escalate(a, i, "本级无法解决"),
    Verb.YELLOW_CARD: lambda _w, a, i, _c: issues.yellow_card(a, i, "超期一日"),
    Verb.RED_CARD: lambda _w, a, i, _c: issues.red_card(a, i, "超期三日"),
    Verb.COMMENT: lambda _w, a, i, _c: issues.comment(a, i, "补充情况"),
    Verb.EDIT: lambda _w, a, i, c: issues.correct(a, i, urgency=list(Urgency)[c % 3]),
    Verb.ADD_TASK: lambda w, a, i, c: issues.add_task(
        a, i, w.departments["XYZZYZ"[c]].pk, "协助", mandatory=c % 2 == 0
    ),
    Verb.FINISH_TASK: lambda w, a, i, c: issues.finish_task(a, i, _task(w, i, c).pk, "已协助"),
    Verb.RETURN_TASK: lambda w, a, i, c: issues.return_task(a, i, _task(w, i, c).pk, "非本部门"),
    Verb.CANCEL_TASK: lambda w, a, i, c: issues.cancel_task(a, i, _task(w, i, c).pk, "不再需要"),
}
