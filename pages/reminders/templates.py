from core.i18n import gettext as _
from pages.common.entity_page import entity_page
from pages.reminders.parts import template_preview
from services.reminders.templates import TEMPLATES


def page() -> None:
    """Keep the words of reminders."""
    entity_page(
        TEMPLATES,
        caption=_("The words of reminders in both languages. What stands in double braces is filled in for each."),
        preview=template_preview.show,
    )


page()
