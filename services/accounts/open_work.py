"""What somebody still has to do: told to administrators before they deactivate the account."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from models.account import Account
from models.commitment import Commitment
from models.issue import Issue, IssueState
from models.team import Team, TeamMember
from models.visit import Promise, Visit
from services import access
from services.actor import Actor
from services.permissions import Action
from services.use_case import use_case
from services.visitors import TO_MAKE

_S = IssueState
_HANDLED = (_S.HANDLING, _S.EXTENSION_REQUESTED, _S.SHELVING_REQUESTED, _S.SHELVED)


@dataclass(frozen=True)
class OpenWork:
    """How much of each kind somebody has in hand, and which team they lead; empty for none."""

    visits: int
    promises: int
    issues: int
    commitments: int
    leads: str

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.visits or self.promises or self.issues or self.commitments or self.leads)


def open_work(actor: Actor, account_id: int) -> OpenWork:
    """Return what an account still has to do.

    Raises:
        NotFoundError: there is no such account.
    """
    with use_case(actor, Action.ACCOUNT_MANAGE) as session:
        who = access.load(session, actor, Action.ACCOUNT_MANAGE, Account, account_id).pk
        return OpenWork(
            visits=_count(session, Visit, Visit.assignee_id == who, TO_MAKE),
            promises=_count(session, Promise, Promise.promised_by_id == who, col(Promise.kept_at).is_(None)),
            issues=_count(session, Issue, _acts(who)),
            commitments=_count(
                session, Commitment, Commitment.follower_id == who, col(Commitment.fulfilled_at).is_(None)
            ),
            leads=_leads(session, who),
        )


def _acts(who: int) -> Any:
    """Return the condition that an issue waits for one person, rather than for a department or a role."""
    return or_(
        and_(col(Issue.handler_id) == who, col(Issue.state).in_(_HANDLED)),
        and_(col(Issue.caller_id) == who, col(Issue.state) == _S.CALL_BACK),
        and_(col(Issue.first_receiver_id) == who, col(Issue.state) == _S.RESOLVED_ON_SITE),
    )


def _count(session: Session, model: Any, *conditions: Any) -> int:
    return session.exec(select(func.count()).select_from(model).where(*conditions)).one()


def _leads(session: Session, who: int) -> str:
    team = select(Team.name).join(TeamMember, col(TeamMember.team_id) == Team.id)
    team = team.where(TeamMember.account_id == who, col(TeamMember.left_on).is_(None), col(TeamMember.is_lead))
    return session.exec(team).first() or ""
