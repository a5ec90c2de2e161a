"""The enterprises a campaign means to visit as a workbook."""

from sqlmodel import col

from core.i18n import N_, gettext
from models.campaign import Campaign
from models.enterprise import Enterprise
from models.fields import FieldKind, FieldSpec
from services import access, audit_trail, exporting
from services.actor import Actor
from services.campaigns import target_list
from services.campaigns.standing import Standing
from services.campaigns.target_list import Wanted
from services.enterprises import ENTERPRISES
from services.permissions import Action
from services.use_case import use_case

_COLUMNS = (
    FieldSpec(key="name", label=N_("Enterprise")),
    FieldSpec(key="standing", label=N_("Standing")),
    FieldSpec(key="area", label=N_("Area")),
    FieldSpec(key="team", label=N_("Team")),
    FieldSpec(key="assignee", label=N_("Assigned to")),
    FieldSpec(key="planned_on", label=N_("Planned for"), kind=FieldKind.DATE),
    FieldSpec(key="recorded_at", label=N_("Recorded at"), kind=FieldKind.MOMENT),
)
_LABELS = {each.value: each.label for each in Standing}


def workbook(actor: Actor, campaign_id: int, wanted: Wanted | None = None) -> bytes:
    """Return all enterprises of a campaign that a list leaves as an Excel file; the audit log notes it.

    Args:
        actor: who asks.
        campaign_id: the campaign.
        wanted: what the list is narrowed to.

    Raises:
        NotAllowedError: the role may not export enterprises.
        NotFoundError: there is no such campaign or the actor may not see it.
    """
    with use_case(actor, Action.ENTERPRISE_EXPORT) as session:
        campaign = access.load(session, actor, Action.CAMPAIGN_VIEW, Campaign, campaign_id)
        found = target_list.statement(actor, campaign_id, wanted or Wanted()).order_by(col(Enterprise.id))
        found = found.where(access.condition(actor, Action.ENTERPRISE_EXPORT, Enterprise))
        rows = [{**row, "standing": gettext(_LABELS[row["standing"]])} for row in session.execute(found).mappings()]
        audit_trail.note(
            session, ENTERPRISES.key, "", "exported", rows=len(rows), form="xlsx", campaign_id=campaign_id
        )  # fmt: skip
        return exporting.workbook(f"{campaign.name} {gettext('Enterprises')}", _COLUMNS, rows)
