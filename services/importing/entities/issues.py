"""Issues: an older 问题台账 becomes part of the ledger, each line with a number and a log of its own.

A line is known by the number it had; without one, by its enterprise and its words. What is in the ledger already goes
on there and is not changed by a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from sqlmodel import Session

from core import clock
from core.errors import InvalidError
from core.i18n import N_, gettext
from models.account import Account
from models.base import LabelledEnum, Row
from models.enterprise import Enterprise
from models.fields import FieldKind, FieldSpec, Option
from models.issue import Issue, IssueKind, IssueSource, IssueState, Urgency
from models.lifecycle import Verb
from services.actor import Actor
from services.importing.drafts import Draft, Problem
from services.importing.importer import Importer
from services.issues import Heard, events, register_in
from services.issues.ledger_fields import LEDGER
from services.issues.moving import Move, complete
from services.issues.people import DEALING
from services.issues.registering import TEXT_LENGTH, Old
from services.permissions import Action

_S = IssueState
_STATES = (_S.REGISTERED, _S.ACCEPTED, _S.RESOLVED_ON_SITE, _S.CLOSED)
_OVER = frozenset({_S.RESOLVED_ON_SITE, _S.CLOSED})
_OPENS = time(9)
_REGISTERED_ON = FieldSpec(key="registered_on", label=N_("Registered on"), kind=FieldKind.DATE)
_STATE = FieldSpec(
    key="old_state",
    label=N_("State in the old ledger"),
    kind=FieldKind.CHOICE,
    options=tuple(Option(value=state.value, label=state.label) for state in _STATES),
    help=N_("Words such as 办理中, 已办结 or 已销号 are understood"),
)
_NOT_YET = (
    "未", "没", "正在", "中", "无法", "不能", "不可", "难以", "暂", "部分", "申请", "不满意",
)  # fmt: skip
_NOT_TAKEN_UP = ("不予", "不受理")
_STATE_WORDS: tuple[tuple[str, IssueState], ...] = (
    *((word, _S.REGISTERED) for word in ("未受理", "未登记", "未办理", "未处理", "未派", "未交办", "未转办")),
    *((word, _S.ACCEPTED) for word in _NOT_YET),
    *((word, _S.REGISTERED) for word in ("待", "登记", "新增", "否")),
    *((word, _S.CLOSED) for word in ("销号", "已回访", "归档", "关闭", "结案")),
    *((word, _S.RESOLVED_ON_SITE) for word in ("办结", "解决", "完成", "答复", "反馈", "已办")),
    *((word, _S.ACCEPTED) for word in ("办理", "处理", "受理", "推进", "转办", "交办", "派单", "协调")),
    ("是", _S.RESOLVED_ON_SITE),
)
"""Words within a cell, the first that fits. What says that something goes on or is not so stands before what is over:
正在解决, 无法解决 and 部分解决 are accepted and stay open, and so does 申请销号."""
_KIND_WORDS = (
    ("建议", IssueKind.SUGGESTION), ("意见", IssueKind.SUGGESTION), ("咨询", IssueKind.ENQUIRY),
    ("难", IssueKind.DIFFICULT_ISSUE), ("诉求", IssueKind.DIFFICULT_ISSUE), ("问题", IssueKind.DIFFICULT_ISSUE),
    ("求助", IssueKind.DIFFICULT_ISSUE),
)  # fmt: skip
_URGENCY_WORDS = (
    ("特", Urgency.EMERGENCY), ("加急", Urgency.EMERGENCY), ("非常", Urgency.EMERGENCY), ("不急", Urgency.NORMAL),
    ("急", Urgency.URGENT), ("普通", Urgency.NORMAL), ("正常", Urgency.NORMAL), ("一般", Urgency.NORMAL),
)  # fmt: skip


def _by_words(given: str, words: Sequence[tuple[str, LabelledEnum]]) -> str:
    """Return the value of the first word a cell holds; what is unknown stays, to be refused."""
    if given in {member.value for _word, member in words}:
        return given
    return next((member.value for word, member in words if word in given), given)


def _state(given: str) -> str:
    """Return the state a cell means; what was not taken up stays, to be refused: a person decides about it."""
    return given if any(word in given for word in _NOT_TAKEN_UP) else _by_words(given, _STATE_WORDS)


def _judge(session: Session, draft: Draft) -> Mapping[str, str]:
    """Return what would be refused when the line is registered."""
    problems = {}
    registered_on = draft.values.get(_REGISTERED_ON.key)
    if isinstance(registered_on, date) and registered_on > clock.today():
        problems[_REGISTERED_ON.key] = gettext("lies in the future")
    receiver_id = draft.values.get("first_receiver_id")
    if receiver_id is not None:
        receiver = session.get_one(Account, receiver_id)
        if not receiver.active or receiver.role not in DEALING:
            problems["first_receiver_id"] = gettext("cannot be the first receiver")
    return problems


def _register(session: Session, actor: Actor, pairs: Sequence[tuple[Draft, Row]]) -> None:
    for draft, row in pairs:
        assert isinstance(row, Issue)  # noqa: S101 - the entity's own
        try:
            _line(session, actor, draft, row)
        except InvalidError as refused:
            draft.problems += [Problem("", "", reason) for reason in refused.problems.values()]


def _line(session: Session, actor: Actor, draft: Draft, row: Issue) -> None:
    """Register one line and take the steps its state in the old ledger says were taken there."""
    state = IssueState.of(draft.values.get(_STATE.key) or _S.REGISTERED.value)
    told = gettext("From the old ledger: {number}").format(number=row.old_number or gettext("without a number"))
    if row.solution and state not in _OVER:
        told = f"{told}\n{row.solution}"[:TEXT_LENGTH]  # what was done so far resolves nothing yet
    enterprise = session.get_one(Enterprise, row.enterprise_id)
    old = Old(row.old_number, _moment(draft.values.get(_REGISTERED_ON.key)), row.department_id, told)
    issue = register_in(session, actor, enterprise, _heard(row, state), source=IssueSource.FILE, old=old)
    if state is _S.ACCEPTED:
        _step(session, actor, issue, Verb.ACCEPT, told)
    if state is _S.CLOSED:
        _close(session, actor, issue, told)


def _heard(row: Issue, state: IssueState) -> Heard:
    return Heard(
        kind=row.kind or IssueKind.DIFFICULT_ISSUE,
        text=row.text,
        category=row.category,
        urgency=row.urgency,
        solution=(row.solution or gettext("See the old ledger.")) if state in _OVER else "",
        first_receiver_id=row.first_receiver_id,
        extra=row.extra,
    )


def _close(session: Session, actor: Actor, issue: Issue, told: str) -> None:
    """Strike off what was struck off there: nobody here confirmed it, so it stays open who did and how satisfied."""
    before = events.snapshot(issue)
    issue.answer, issue.answered_at = issue.solution, issue.created_at
    _take(session, actor, issue, Verb.ANSWER, before, told)
    _step(session, actor, issue, Verb.START_CALL_BACK, told)
    before = events.snapshot(issue)
    issue.closed_at = issue.created_at
    _take(session, actor, issue, Verb.CLOSE, before, told)


def _step(session: Session, actor: Actor, issue: Issue, verb: Verb, told: str) -> None:
    _take(session, actor, issue, verb, events.snapshot(issue), told)


def _take(session: Session, actor: Actor, issue: Issue, verb: Verb, before: events.Snapshot, told: str) -> None:  # noqa: PLR0917
    move = Move(session, actor, issue, verb, told)
    move.to(_TARGETS[verb])
    complete(move, before)


_TARGETS = {
    Verb.ACCEPT: _S.ACCEPTED, Verb.ANSWER: _S.ANSWERED, Verb.START_CALL_BACK: _S.CALL_BACK, Verb.CLOSE: _S.CLOSED
}  # fmt: skip


def _moment(day: date | None) -> datetime | None:
    if day is None:
        return None
    return min(datetime.combine(day, _OPENS, clock.zone()), clock.now())


IMPORTER = Importer(
    entity=replace(LEDGER, natural_key=("old_number",), title="text", importing=Action.ISSUE_IMPORT),
    also_by=("enterprise_id", "text"),
    only=frozenset({
        "old_number", "enterprise_id", "kind", "urgency", "category", "text", "solution", "first_receiver_id",
        "department_id",
    }),
    optional=frozenset({"kind", "first_receiver_id"}),
    virtual=(_REGISTERED_ON, _STATE),
    normals={
        "kind": lambda given: _by_words(given, _KIND_WORDS),
        "urgency": lambda given: _by_words(given, _URGENCY_WORDS),
        _STATE.key: _state,
    },
    judge=_judge,
    register=_register,
    only_new=True,
    synonyms={
        "old_number": ("编号", "问题编号", "台账编号", "原编号", "登记编号", "工单号", "工单编号"),
        "enterprise_id": (
            "企业", "企业名称", "单位名称", "公司名称", "反映企业", "反映单位", "诉求企业", "走访企业", "市场主体名称",
            "统一社会信用代码", "社会信用代码", "信用代码", "企业信用代码",
        ),
        "kind": ("类型", "问题类型", "诉求类型", "种类", "问题种类", "性质"),
        "category": ("类别", "问题类别", "诉求类别", "分类", "问题分类", "领域", "涉及领域"),
        "urgency": ("紧急程度", "缓急", "轻重缓急", "紧急情况"),
        "text": (
            "问题", "问题内容", "问题描述", "诉求", "诉求内容", "反映问题", "反映内容", "存在问题", "困难问题",
            "具体问题", "主要问题", "问题及建议", "意见建议", "内容",
        ),
        "solution": (
            "解决情况", "办理结果", "办理情况", "解决措施", "处理结果", "处理情况", "答复内容", "办结情况", "解决方案",
            "落实情况",
        ),
        "first_receiver_id": ("首接人", "首接责任人", "登记人", "走访人", "走访人员", "受理人", "经办人", "网格员"),
        "department_id": (
            "主办部门", "主办单位", "责任部门", "责任单位", "承办单位", "承办部门", "牵头部门", "牵头单位", "交办部门",
        ),
        "registered_on": (
            "登记日期", "登记时间", "受理日期", "受理时间", "反映日期", "反映时间", "走访日期", "走访时间", "提出时间",
            "上报时间", "收集时间", "日期", "时间",
        ),
        "old_state": ("状态", "办理状态", "问题状态", "办理进度", "进展", "办理进展", "是否办结", "是否解决", "进度"),
    },
    examples={
        "old_number": "2022-018",
        "text": "夏季用电高峰经常限电，影响窑炉连续生产。",
        "solution": "",
        "registered_on": "2022-08-15",
        "old_state": "办理中",
    },
)  # fmt: skip
