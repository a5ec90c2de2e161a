"""By which ways people, teams and contacts of enterprises are reached; asked for many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from core import clock
from models.account import Account
from models.channel import Channel, ChannelKind
from models.enterprise import Contact
from models.team import Team, TeamMember
from services.channels.lines import Route


@dataclass(frozen=True)
class TeamRoutes:
    """How a team's group chat is reached, and for whom of those asked about.

    Args:
        routes: the team's robots and webhooks.
        members: which of the accounts belong to the team today.
    """

    routes: list[Route]
    members: set[int] = field(default_factory=set)


def routes(session: Session, account_ids: Collection[int]) -> dict[int, list[Route]]:
    """Return account → the ways out of the product to that person; without an entry, there is none but the inbox.

    Mail goes to the account's address unless its person has switched it off; robots and webhooks are their own.
    """
    found: dict[int, list[Route]] = defaultdict(list)
    own = _own(session, account_ids)
    refused = {owner for owner, _id, kind, active in own if kind is ChannelKind.MAIL and not active}
    for account_id, email in _addresses(session, account_ids):
        if account_id not in refused:
            found[account_id].append(Route(ChannelKind.MAIL, email))
    for owner, channel_id, kind, active in own:
        if active and kind is not ChannelKind.MAIL:
            found[owner].append(_by_channel(kind, channel_id))
    return dict(found)


def team_routes(session: Session, account_ids: Collection[int]) -> dict[int, TeamRoutes]:
    """Return team → its group chat and who of these accounts is in the team; teams without a robot have no entry."""
    statement = (
        select(TeamMember.team_id, TeamMember.account_id, Channel.id, Channel.kind)
        .join(Team, col(Team.id) == TeamMember.team_id)
        .join(Channel, col(Channel.team_id) == Team.id)
        .where(col(TeamMember.account_id).in_(account_ids), col(TeamMember.joined_on) <= clock.today())
        .where(col(TeamMember.left_on).is_(None), col(Team.active), col(Channel.active))
        .order_by(col(Team.id), col(Channel.id))
    )
    found: dict[int, TeamRoutes] = {}
    for team_id, account_id, channel_id, kind in session.exec(statement):
        team = found.setdefault(team_id, TeamRoutes([]))
        team.members.add(account_id)
        route = _by_channel(ChannelKind.of(kind), channel_id)
        if route not in team.routes:
            team.routes.append(route)
    return found


def contact_routes(session: Session, contact_ids: Collection[int]) -> dict[int, list[Route]]:
    """Return contact → their mail address as a way to them; those without one have no entry."""
    statement = select(Contact.id, Contact.email).where(col(Contact.id).in_(contact_ids), Contact.email != "")
    return {row_id: [Route(ChannelKind.MAIL, email)] for row_id, email in _stripped(session.exec(statement))}


def _own(session: Session, account_ids: Collection[int]) -> list[tuple[int, int | None, ChannelKind, bool]]:
    statement = (
        select(Account.id, Channel.id, Channel.kind, Channel.active)
        .join(Channel, col(Channel.account_id) == Account.id)
        .where(col(Account.id).in_(account_ids), col(Account.active))
        .order_by(col(Channel.id))
    )
    return [
        (owner, row_id, ChannelKind.of(kind), active)
        for owner, row_id, kind, active in session.exec(statement)
        if owner is not None
    ]  # fmt: skip


def _addresses(session: Session, account_ids: Collection[int]) -> list[tuple[int, str]]:
    statement = select(Account.id, Account.email).where(
        col(Account.id).in_(account_ids), col(Account.active), Account.email != ""
    )
    return _stripped(session.exec(statement))


def _stripped(rows: Iterable[tuple[int | None, str]]) -> list[tuple[int, str]]:
    return [(row_id, email.strip()) for row_id, email in rows if row_id is not None and email.strip()]


def _by_channel(kind: ChannelKind, channel_id: int | None) -> Route:
    return Route(kind, f"channel:{channel_id}", channel_id)
