from core.i18n import gettext as _
from pages.common.entity_page import entity_page
from services.configuration.holidays import HOLIDAYS


def page() -> None:
    """Keep the days on which the zone departs from the State Council's calendar."""
    entity_page(
        HOLIDAYS,
        caption=_("Days that differ from the State Council's calendar: extra days off and make-up working days."),
    )


page()
