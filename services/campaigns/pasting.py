"""A pasted list of enterprises: which it names, and which lines name none."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from core import text
from core.errors import ConflictError
from core.i18n import N_, gettext
from models.campaign import Campaign, CampaignTarget
from models.enterprise import Enterprise
from services import access
from services.actor import Actor
from services.entities.references import find_by_text
from services.permissions import Action
from services.use_case import use_case

MAX_LINES = 5000
_NONE = N_("No enterprise has this name or credit code.")
_MANY = N_("Several enterprises have this name; use the credit code.")


@dataclass(frozen=True)
class BadLine:
    """A line of a pasted list that names no enterprise: its number counted from 1, its text, the reason."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True)
class Matched:
    """What a pasted list names: `fresh` enterprises (id → name), targets `already`, lines that name none."""

    fresh: dict[int, str]
    already: int
    bad: list[BadLine]


def match_list(actor: Actor, campaign_id: int, pasted: str) -> Matched:
    """Return which enterprises a pasted list names, by credit code or exact name, one a line.

    Raises:
        ConflictError: the list is too long.
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    lines = [(number, text.clean(line)) for number, line in enumerate(pasted.splitlines(), start=1)]
    lines = [(number, line) for number, line in lines if line]
    if len(lines) > MAX_LINES:
        raise ConflictError(N_("At most {limit} lines fit. Import a longer list as a file."), limit=MAX_LINES)
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        access.load(session, actor, Action.CAMPAIGN_EDIT, Campaign, campaign_id)
        return _matched(session, actor, campaign_id, lines)


def _matched(session: Session, actor: Actor, campaign_id: int, lines: list[tuple[int, str]]) -> Matched:
    found = find_by_text(session, actor, "enterprise", [form for _n, line in lines for form in (line, line.upper())])
    bad: list[BadLine] = []
    named: set[int] = set()
    for number, line in lines:
        ids = found[line] or found[line.upper()]
        if len(ids) == 1:
            named.add(ids[0])
        else:
            bad.append(BadLine(number, line, gettext(_MANY if ids else _NONE)))
    targets = select(CampaignTarget.enterprise_id).where(
        CampaignTarget.campaign_id == campaign_id, col(CampaignTarget.enterprise_id).in_(named)
    )
    present = set(session.exec(targets))
    rows = session.exec(select(Enterprise).where(col(Enterprise.id).in_(named - present)).order_by(col(Enterprise.id)))
    fresh = {row.pk: row.name for row in rows}
    return Matched(fresh, len(present), bad)
