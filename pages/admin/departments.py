from core.i18n import gettext as _
from pages.common.entity_page import entity_page
from services.accounts import DEPARTMENTS


def page() -> None:
    """Keep the departments that issues are dispatched to."""
    entity_page(DEPARTMENTS, caption=_("Issues are dispatched to these departments."))


page()
