from core.i18n import gettext as _
from pages.common.entity_page import entity_page
from services.configuration.choice_lists import CHOICE_LISTS


def page() -> None:
    """Keep the choice lists themselves; their values have a page of their own."""
    entity_page(
        CHOICE_LISTS, caption=_("A list can be used by several fields; its values are kept under “Choice lists”.")
    )


page()
