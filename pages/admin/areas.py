from core.i18n import gettext as _
from models.area import Tier
from pages.admin import area_parts as parts
from pages.common import address, entity_form, ui
from pages.shell.session import current_actor
from services import entities
from services.areas import AREAS
from services.areas.entity import tier_below
from services.areas.tree import areas_in, place


def page() -> None:
    """Walk the tree of areas, add, rename and move areas."""
    actor = current_actor()
    asked = address.read(parts.IN)
    found = place(actor, int(asked) if asked.isdecimal() else None)
    node = found.node
    tier = Tier.CITY if node is None else tier_below(node.tier)
    with ui.header(
        node.name if node else _("Areas"), _(node.tier.label) if node else _("From the city down to the grid")
    ):
        if node is not None:
            parts.buttons(actor, node)
        if tier is not None:
            parts.new_button(tier)
    parts.trail(found.trail)
    entity_form.show_undo(actor, AREAS)
    parts.search_box(actor)
    if tier is not None:
        parts.below(found, tier)
    if node is not None:
        parts.standing(actor, node)
    adding = address.read(address.ROW) == entity_form.NEW
    shown = areas_in(actor, node.id if node else None) if adding else parts.self_of(node)
    if shown is not None:
        entity_form.drawer(actor, shown, entities.describe(actor, shown))


page()
