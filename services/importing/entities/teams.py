"""Teams with their lead and members: people named in a file join, nobody is sent away by being left out."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from core.i18n import N_
from models.base import Row
from models.fields import FieldKind, FieldSpec
from models.team import TeamMember
from services.actor import Actor
from services.importing.drafts import Draft, Problem
from services.importing.importer import Importer, Present
from services.teams import TEAMS, join, lead, members_changed_at, present_members

_LEAD = FieldSpec(key="lead", label=N_("Team lead"), kind=FieldKind.REFERENCE, reference="account")
_MEMBERS = FieldSpec(
    key="members",
    label=N_("Members"),
    kind=FieldKind.CHOICES,
    reference="account",
    help=N_("Names or user names, separated by 、 or a comma"),
)


def _present(session: Session, pairs: Sequence[tuple[Draft, Row]], _hold: bool) -> dict[int, Present]:
    """Return who leads and belongs to each team; whoever changes that holds the team, which the import holds too."""
    ids = [row.pk for _draft, row in pairs]
    members, changed_at = present_members(session, ids), members_changed_at(session, ids)
    return {draft.number: Present(_people(members.get(row.pk, [])), changed_at.get(row.pk)) for draft, row in pairs}


def _people(members: Sequence[TeamMember]) -> dict[str, Any]:
    return {
        _LEAD.key: next((member.account_id for member in members if member.is_lead), None),
        _MEMBERS.key: [member.account_id for member in members],
    }


def _keep(session: Session, _actor: Actor, pairs: Sequence[tuple[Draft, Row]]) -> None:
    for draft, row in pairs:
        if told := join(session, row.pk, draft.values.get(_MEMBERS.key) or []):
            draft.problems.append(_problem(draft, _MEMBERS, told))
        elif (head := draft.values.get(_LEAD.key)) and (told := lead(session, row.pk, head)):
            draft.problems.append(_problem(draft, _LEAD, told))


def _problem(draft: Draft, spec: FieldSpec, told: str) -> Problem:
    title, text = draft.texts[spec.key][0]
    return Problem(title, text, told)


IMPORTER = Importer(
    entity=TEAMS,
    rehearsed=True,
    virtual=(_LEAD, _MEMBERS),
    lasting=frozenset({_LEAD.key, _MEMBERS.key}),
    present=_present,
    keep=_keep,
    synonyms={
        "name": ("队伍名称", "服务队", "服务队名称", "政务服务队", "团队名称", "名称", "队伍"),
        "area_id": ("所属区域", "区域", "服务区域", "所属镇街", "所属村居", "区域编码", "所属社区"),
        "lead": ("队长", "负责人", "领队", "组长", "网格长"),
        "members": ("成员", "队员", "组员", "成员名单", "队员名单", "网格员"),
        "active": ("启用", "是否启用"),
    },
    examples={"name": "示例街道政务服务队"},
)  # fmt: skip
