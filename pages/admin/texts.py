from core.i18n import gettext as _
from pages.common.entity_page import entity_page
from services.texts import CUSTOM_TEXTS


def page() -> None:
    """Put texts of the product into the administrator's own words."""
    entity_page(
        CUSTOM_TEXTS,
        caption=_("Replace any text of the product with your own words; deleting yours brings the standard text back."),
    )


page()
