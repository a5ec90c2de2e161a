"""What people see and choose of their own account."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from core.errors import NotAllowedError
from core.i18n import LOCALES
from models.account import Account, Department, Role
from models.team import Team, TeamMember
from services.actor import Actor
from services.permissions import Action, Scope, scope
from services.use_case import use_case


@dataclass(frozen=True)
class Profile:
    """A person's own account."""

    username: str
    name: str
    role: Role
    department: str
    team: str
    phone: str
    email: str
    locale: str
    has_password: bool
    has_identity: bool
    """Whether it is linked to an account of the OpenID Connect provider."""
    last_signed_in_at: datetime | None
    weekly_digest: bool = False
    """Whether they subscribe to the weekly digest."""


def profile(actor: Actor) -> Profile:
    """Return the actor's own account."""
    with use_case(actor, Action.ACCOUNT_OWN) as session:
        account = session.get_one(Account, actor.pk)
        department = session.get(Department, account.department_id) if account.department_id else None
        team = session.exec(
            select(Team.name)
            .join(TeamMember, col(TeamMember.team_id) == Team.id)
            .where(TeamMember.account_id == actor.pk, col(TeamMember.left_on).is_(None))
        ).first()
        return Profile(
            username=account.username,
            name=account.name,
            role=account.role,
            department=department.name if department else "",
            team=team or "",
            phone=account.phone,
            email=account.email,
            locale=account.locale,
            has_password=bool(account.password_hash),
            has_identity=account.oidc_subject is not None,
            last_signed_in_at=account.last_signed_in_at,
            weekly_digest=account.weekly_digest,
        )


def subscribe(actor: Actor, *, wanted: bool) -> None:
    """Begin or end the actor's subscription to the weekly digest, which tells of the whole zone.

    Raises:
        NotAllowedError: the role does not see the figures of the whole zone.
    """
    if scope(actor, Action.PROGRESS_VIEW) is not Scope.ZONE:
        raise NotAllowedError
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        session.get_one(Account, actor.pk).weekly_digest = wanted


def choose_locale(actor: Actor, locale: str) -> None:
    """Remember the language an account wants.

    Raises:
        NotAllowedError: there is no such language.
    """
    if locale not in LOCALES:
        raise NotAllowedError
    with use_case(actor, Action.ACCOUNT_BASICS) as session:
        session.get_one(Account, actor.pk).locale = locale
