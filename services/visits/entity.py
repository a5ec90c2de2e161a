"""The declaration of visits: their list, filters and export follow from it."""

from core.i18n import N_
from models.configuration import Extensible
from models.visit import Visit
from services.entities import Entity
from services.permissions import Action

VISITS = Entity(
    key="visit",
    model=Visit,
    label=N_("Visit"),
    labels=N_("Visits"),
    view=Action.VISIT_VIEW,
    edit=Action.VISIT_RECORD,
    natural_key=(),
    title="enterprise_id",
    order="-planned_on",
    exporting=Action.VISIT_EXPORT,
    extensible=Extensible.VISIT,
)
