"""Setting up robots and webhooks: a person's own, and those of a team's group chat."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from core.errors import ConflictError, InvalidError, NotFoundError
from core.i18n import N_, gettext
from models.account import Account
from models.channel import Channel, ChannelKind
from models.team import Team
from services import access, meanwhile
from services.actor import Actor
from services.channels import addresses, mail_server, secrets
from services.permissions import Action, Scope, scope
from services.use_case import use_case

ROBOT_KINDS = (ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU, ChannelKind.WEBHOOK)
_MOST = 5
_LABELS = {"name": N_("Name"), "hint": N_("Webhook address"), "active": N_("Send messages there")}
_NAMELESS = N_("Please give it a name.")
_TOO_MANY = N_("{count} channels are enough. Remove one first.")
_NO_ROBOT = N_("Please choose a kind.")
_MAX_NAME = 100


@dataclass(frozen=True)
class RobotView:
    """A robot or webhook as it may be shown: without its address.

    Args:
        id: its row.
        name: what people call it.
        kind: what it is.
        hint: what may be shown of its address.
        active: whether messages go there.
        problem: what was wrong with it last, empty if nothing.
        failed_at: since when.
        tested_at: when somebody last tried it.
        readable: false if its address must be entered again, because the product's secret has changed.
        team_id: the team it belongs to, if it is a team's.
        team: that team's name.
    """

    id: int
    name: str
    kind: ChannelKind
    hint: str
    active: bool
    problem: str
    failed_at: datetime | None
    tested_at: datetime | None
    readable: bool
    team_id: int | None = None
    team: str = ""


@dataclass(frozen=True)
class RobotForm:
    """A robot or webhook as entered.

    Args:
        name: what people call it.
        kind: what it is; a robot that is there keeps its kind.
        address: its whole address or its key; empty keeps the present one.
        signing: the signing secret of a DingTalk robot; belongs to the address.
        active: whether messages go there.
    """

    name: str
    kind: ChannelKind
    address: str = ""
    signing: str = ""
    active: bool = True


@dataclass(frozen=True)
class Own:
    """How a person is reached outside the product.

    Args:
        email: their address, empty if none was entered.
        mail: whether they want mail.
        mail_leaves: whether mail goes out at all: false as long as no mail server is set.
        robots: their own robots and webhooks.
    """

    email: str
    mail: bool
    mail_leaves: bool
    robots: list[RobotView]


def own(actor: Actor) -> Own:
    """Return by which ways the actor is reached."""
    with use_case(actor, Action.CHANNEL_OWN) as session:
        rows = session.exec(select(Channel).where(Channel.account_id == actor.pk).order_by(col(Channel.id))).all()
        server = mail_server.row(session)
        return Own(
            email=session.get_one(Account, actor.pk).email.strip(),
            mail=all(row.active for row in rows if row.kind is ChannelKind.MAIL),
            mail_leaves=server is not None and server.active,
            robots=[_view(row) for row in rows if row.kind is not ChannelKind.MAIL],
        )


def want_mail(actor: Actor, *, wanted: bool) -> None:
    """Switch the actor's own mail on or off."""
    with use_case(actor, Action.CHANNEL_OWN) as session:
        session.exec(select(Account.id).where(Account.id == actor.pk).with_for_update())
        own_mail = select(Channel).where(Channel.account_id == actor.pk, Channel.kind == ChannelKind.MAIL)
        row = session.exec(own_mail).first() or Channel(
            name=ChannelKind.MAIL.label, kind=ChannelKind.MAIL, account_id=actor.pk
        )
        row.active = wanted
        session.add(row)


def of_team(actor: Actor, team_id: int) -> list[RobotView]:
    """Return the robots and webhooks of a team.

    Raises:
        NotFoundError: there is no such team, or the actor may not set up its robots.
    """
    with use_case(actor, Action.CHANNEL_TEAM) as session:
        team = _team(session, actor, team_id)
        rows = session.exec(select(Channel).where(Channel.team_id == team.pk).order_by(col(Channel.id))).all()
        return [_view(row) for row in rows]


def of_teams(actor: Actor) -> list[RobotView]:
    """Return the robots and webhooks of all teams, by team: for the administrator's page."""
    with use_case(actor, Action.CONFIGURE) as session:
        rows = session.exec(
            select(Channel, Team.name)
            .join(Team, col(Team.id) == Channel.team_id)
            .order_by(col(Team.name), col(Channel.id))
        ).all()
        return [_view(row, team) for row, team in rows]


def may_set_up(actor: Actor, team_id: int) -> bool:
    """Return whether the actor may set up a team's robots: for what pages offer."""
    found = scope(actor, Action.CHANNEL_TEAM)
    return found is Scope.ZONE or (found is Scope.AREA and team_id in actor.team_ids)


def save(
    actor: Actor,
    form: RobotForm,
    *,
    team_id: int | None = None,
    channel_id: int | None = None,
    seen: RobotView | None = None,
) -> int:
    """Make a robot or webhook, or change one.

    Args:
        actor: who asks.
        form: what was entered.
        team_id: the team it belongs to; `None` means the actor's own.
        channel_id: the row to change; `None` makes a new one.
        seen: the row as the person found it, see `meanwhile`; `None` stores the form whatever happened.

    Raises:
        InvalidError: the name or the address is not acceptable.
        ConflictError: there are enough of them, or somebody else has changed the same since `seen`.
        NotFoundError: there is no such team or row, or the actor may not change it.
    """
    with use_case(actor, action_for(team_id)) as session:
        if channel_id is None:
            row = _new(session, actor, form, team_id)
        else:
            row = load(session, actor, channel_id, team_id=team_id)
        if seen is not None:
            form = _merged(form, seen, row)
        _fill(row, form)
        session.add(row)
        session.flush()
        return row.pk


def remove(actor: Actor, channel_id: int, *, team_id: int | None = None) -> None:
    """Remove a robot or webhook; what still waits to go there is told as failed.

    Raises:
        NotFoundError: there is no such row, or the actor may not change it.
    """
    with use_case(actor, action_for(team_id)) as session:
        session.delete(load(session, actor, channel_id, team_id=team_id))


def action_for(team_id: int | None) -> Action:
    """Return what changing a channel asks for: one's own, or a team's."""
    return Action.CHANNEL_OWN if team_id is None else Action.CHANNEL_TEAM


def load(session: Session, actor: Actor, channel_id: int, *, team_id: int | None) -> Channel:
    """Return a robot or webhook the actor may change, held until the transaction ends; part of a use case.

    Raises:
        NotFoundError: there is none of theirs, or of that team.
    """
    row = access.load(session, actor, action_for(team_id), Channel, channel_id, lock=True)
    owner = actor.account_id if team_id is None else None
    if row.kind is ChannelKind.MAIL or (row.team_id, row.account_id) != (team_id, owner):
        raise NotFoundError
    return row


def _new(session: Session, actor: Actor, form: RobotForm, team_id: int | None) -> Channel:
    if form.kind not in ROBOT_KINDS:
        raise InvalidError({"kind": gettext(_NO_ROBOT)})
    if team_id is not None:
        _team(session, actor, team_id)
    row = Channel(
        name="", kind=form.kind, team_id=team_id, account_id=actor.account_id if team_id is None else None
    )  # fmt: skip
    beside = select(func.count()).select_from(Channel).where(col(Channel.kind).in_(ROBOT_KINDS))
    if session.exec(beside.where(_owner_is(row))).one() >= _MOST:
        raise ConflictError(_TOO_MANY, count=_MOST)
    return row


def _owner_is(row: Channel) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = col(Channel.account_id) == row.account_id
    return mine if row.team_id is None else col(Channel.team_id) == row.team_id


def _merged(form: RobotForm, seen: RobotView, row: Channel) -> RobotForm:
    """Return what to store; an address is never shown, so that one given at all counts as a change."""
    began = {"name": seen.name, "hint": seen.hint, "active": seen.active}
    given = {"name": form.name.strip(), "hint": form.address or seen.hint, "active": form.active}
    kept = meanwhile.merged(began, given, {"name": row.name, "hint": row.hint, "active": row.active}, _LABELS)
    return replace(form, name=kept["name"], active=kept["active"])


def _fill(row: Channel, form: RobotForm) -> None:
    name = " ".join(form.name.split())[:_MAX_NAME]
    if not name:
        raise InvalidError({"name": gettext(_NAMELESS)})
    row.name, row.active = name, form.active
    if form.address.strip() or not row.secret:
        fields = addresses.checked(row.kind, form.address, form.signing)
        row.secret, row.hint = secrets.seal(fields), addresses.hint_of(row.kind, fields)
        row.problem, row.failed_at, row.tested_at = "", None, None


def _team(session: Session, actor: Actor, team_id: int) -> Team:
    team = access.load(session, actor, Action.CHANNEL_TEAM, Team, team_id)
    if not may_set_up(actor, team_id):  # a lead sees the teams below theirs, and leaves their chats to them
        raise NotFoundError
    return team


def _view(row: Channel, team: str = "") -> RobotView:
    return RobotView(
        id=row.pk, name=row.name, kind=row.kind, hint=row.hint, active=row.active, problem=row.problem,
        failed_at=row.failed_at, tested_at=row.tested_at, readable=secrets.is_readable(row.secret),
        team_id=row.team_id, team=team,
    )  # fmt: skip
