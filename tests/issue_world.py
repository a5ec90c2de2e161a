"""A small world for tests of the ledger: two streets, three departments, everybody with a part, issues in any state."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlmodel import select

from core import clock
from core.db import joined, transaction
from models.account import Account, Department, Role
from models.area import Tier
from models.enterprise import Enterprise
from models.issue import Issue, IssueKind, IssueState
from models.issue_log import IssueEvent, IssueTask
from services import issues
from services.actor import SYSTEM, Actor
from services.issues import Heard, events
from tests import factories

S = IssueState
STATES = {
    S.REGISTERED: (),
    S.RESOLVED_ON_SITE: ("resolve_on_site",),
    S.ACCEPTED: ("accept",),
    S.DECLINED: ("decline",),
    S.DISPATCHED: ("accept", "dispatch"),
    S.HANDLING: ("accept", "dispatch", "acknowledge"),
    S.RETURNED: ("accept", "dispatch", "return"),
    S.EXTENSION_REQUESTED: ("accept", "dispatch", "acknowledge", "request_extension"),
    S.SHELVING_REQUESTED: ("accept", "dispatch", "acknowledge", "request_shelving"),
    S.SHELVED: ("accept", "dispatch", "acknowledge", "request_shelving", "approve_shelving"),
    S.RESOLVED: ("accept", "dispatch", "acknowledge", "resolve"),
    S.ANSWERED: ("accept", "dispatch", "acknowledge", "resolve", "pass_review", "answer"),
    S.CALL_BACK: ("accept", "dispatch", "acknowledge", "resolve", "pass_review", "answer", "start_call_back"),
    S.CLOSED: (
        "accept", "dispatch", "acknowledge", "resolve", "pass_review", "answer", "start_call_back", "confirm", "close",
    ),
}  # fmt: skip
"""By which steps an issue comes to each state."""


@dataclass
class IssueWorld:
    """Who and what there is.

    `lead_a` and `worker_a` serve street A, `lead_b` and `worker_b` street B; `officer_x` and `colleague_x` belong to
    department X, `officer_y` to department Y, `officer_z` to one that has nothing to do.
    """

    departments: dict[str, Department] = field(default_factory=dict)
    people: dict[str, Account] = field(default_factory=dict)
    enterprises: dict[str, Enterprise] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Return somebody as the actor they are when signed in."""
        return factories.acting(self.people[name])

    def register(self, *, by: str = "worker_a", at: str = "A", kind: IssueKind = IssueKind.DIFFICULT_ISSUE,
                 text: str = "车间电压不稳，设备常停机", **more: object) -> int:  # fmt: skip
        """Register an issue of the enterprise in a street and return its id."""
        heard = Heard(kind=kind, text=text, **more)  # type: ignore[arg-type]  # a test's own words
        return issues.register(self.actor(by), self.enterprises[at].pk, heard).pk

    def issue(self, state: IssueState, **more: object) -> int:
        """Register an issue, drive it to a state by real steps and return its id."""
        issue_id = self.register(**more)  # type: ignore[arg-type]  # passed on
        for name in STATES[state]:
            self.step(issue_id, name)
        return issue_id

    def step(self, issue_id: int, name: str) -> None:
        """Take one of the usual steps as whoever takes it."""
        _STEPS[name](self, issue_id)

    def row(self, issue_id: int) -> Issue:
        """Return the issue as the database has it now."""
        with transaction(actor=SYSTEM) as session:
            return session.exec(select(Issue).where(Issue.id == issue_id)).one()

    def events(self, issue_id: int) -> list[IssueEvent]:
        """Return the issue's log."""
        with transaction(actor=SYSTEM) as session:
            return list(events.of(session, issue_id))

    def tasks(self, issue_id: int) -> list[IssueTask]:
        """Return the tasks of its assisting departments."""
        with transaction(actor=SYSTEM) as session:
            return list(session.exec(select(IssueTask).where(IssueTask.issue_id == issue_id).order_by(IssueTask.id)))


def build() -> IssueWorld:
    """Store the small world in an empty database: in one transaction, for hundreds of tests begin with it."""
    with transaction(actor=SYSTEM) as session, joined(session):
        return _built()


def _built() -> IssueWorld:
    world = IssueWorld()
    zone = factories.area(Tier.ZONE, name="高新区")
    for letter in "AB":
        street = factories.area(Tier.STREET, zone, f"{letter} 街道")
        village = factories.area(Tier.VILLAGE, street, f"{letter} 社区")
        grid = factories.area(Tier.GRID, village, f"{letter} 网格")
        team = factories.team(street, f"{letter} 服务队")
        low = letter.lower()
        _hire(world, f"lead_{low}", Role.TEAM_LEAD)
        _hire(world, f"worker_{low}", Role.GRID_WORKER)
        factories.member(team, world.people[f"lead_{low}"], lead=True)
        factories.member(team, world.people[f"worker_{low}"], grid=grid)
        world.enterprises[letter] = factories.enterprise(grid, f"{letter} 企业有限公司")
    for letter in "XYZ":
        world.departments[letter] = factories.stored(Department(name=f"{letter} 局"))
        department_id = world.departments[letter].pk
        _hire(world, f"officer_{letter.lower()}", Role.DEPARTMENT_OFFICER, department_id=department_id)
    _hire(world, "colleague_x", Role.DEPARTMENT_OFFICER, department_id=world.departments["X"].pk)
    _hire(world, "coordinator", Role.COORDINATOR)
    _hire(world, "manager", Role.MANAGER)
    _hire(world, "admin", Role.ADMINISTRATOR)
    return world


def _hire(world: IssueWorld, name: str, role: Role, **more: object) -> None:
    world.people[name] = factories.account(role, name, **more)


def _confirm(world: IssueWorld, issue_id: int) -> None:
    issues.record_call_back(world.actor("worker_a"), issue_id, reached=True, solved=True, satisfied=True)


_STEPS: dict[str, Callable[[IssueWorld, int], object]] = {
    "resolve_on_site": lambda w, i: issues.resolve_on_site(w.actor("worker_a"), i, "当场联系供电所处理"),
    "accept": lambda w, i: issues.accept(w.actor("lead_a"), i),
    "decline": lambda w, i: issues.decline(w.actor("lead_a"), i, "属于企业内部纠纷，建议走法律途径"),
    "dispatch": lambda w, i: issues.dispatch(
        w.actor("coordinator"), i, w.departments["X"].pk, instruction="请牵头办理"
    ),
    "redispatch": lambda w, i: issues.redispatch(
        w.actor("coordinator"), i, w.departments["X"].pk, instruction="经研究由你单位办理"
    ),
    "acknowledge": lambda w, i: issues.acknowledge(w.actor("officer_x"), i),
    "return": lambda w, i: issues.return_issue(w.actor("officer_x"), i, "不属于我局职责，应由 Y 局办理"),
    "request_extension": lambda w, i: issues.request_extension(w.actor("officer_x"), i, 3, "设备采购需要时间"),
    "approve_extension": lambda w, i: issues.approve_extension(w.actor("coordinator"), i),
    "refuse_extension": lambda w, i: issues.refuse_extension(w.actor("coordinator"), i, "请加快办理"),
    "request_shelving": lambda w, i: issues.request_shelving(
        w.actor("officer_x"), i, clock.today() + timedelta(days=60), "待上级政策明确"
    ),
    "approve_shelving": lambda w, i: issues.approve_shelving(w.actor("coordinator"), i),
    "refuse_shelving": lambda w, i: issues.refuse_shelving(w.actor("coordinator"), i, "可以先行解决一部分"),
    "resume": lambda w, i: issues.resume(w.actor("coordinator"), i),
    "resolve": lambda w, i: issues.resolve(w.actor("officer_x"), i, "已完成线路改造"),
    "pass_review": lambda w, i: issues.pass_review(w.actor("coordinator"), i),
    "fail_review": lambda w, i: issues.fail_review(w.actor("coordinator"), i, "请附现场照片"),
    "answer": lambda w, i: issues.answer(w.actor("officer_x"), i, "已电话告知企业线路改造完成"),
    "start_call_back": lambda w, i: issues.start_call_back(w.actor("coordinator"), i, w.people["worker_a"].pk),
    "confirm": _confirm,
    "not_satisfied": lambda w, i: issues.record_call_back(
        w.actor("worker_a"), i, reached=True, solved=True, satisfied=False, note="仍偶尔跳闸"
    ),
    "not_reached": lambda w, i: issues.record_call_back(w.actor("worker_a"), i, reached=False),
    "close": lambda w, i: issues.close(w.actor("coordinator"), i),
    "reopen": lambda w, i: issues.reopen(w.actor("coordinator"), i, "企业再次反映"),
}
