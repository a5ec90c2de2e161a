"""Both directions as one picture: the figures, and the gaps between them."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.actor import Actor
from services.two_way import given, needs, place, unshared, visits
from services.two_way.figures import Figure, Gap, Key
from services.two_way.place import Place, Whose


@dataclass(frozen=True)
class Picture:
    """What was done, what is needed, and what is missing.

    Args:
        place: whose it is.
        figures: of what was done and raised in the months asked for, and what came of it.
        gaps: what is missing today, whenever it began.
    """

    place: Place
    figures: Mapping[Key, Figure]
    gaps: Mapping[Gap, Figure]


def picture(actor: Actor, whose: Whose) -> Picture:
    """Return both directions.

    Raises:
        NotAllowedError: the role sees no figures.
        NotFoundError: the team or the enterprise is not the actor's to see.
    """
    found = place.find(actor, whose)
    return Picture(
        found,
        visits.figures(actor, found)
        | needs.figures(actor, found)
        | given.promised(actor, found)
        | given.undertakings(actor, found)
        | given.notices(actor, found),
        needs.gaps(actor, found) | visits.gaps(actor, found) | given.broken(actor, found) | unshared.gap(actor, found),
    )
