"""The enterprises of a map as files: a workbook with both systems of coordinates, and GeoJSON.

GeoJSON is WGS-84 and nothing else (RFC 7946, section 4): whoever opens the file in a map of the world finds the
enterprises where they are, not 500 m beside.
"""

import json
from collections.abc import Iterable
from typing import Any

from core.i18n import N_, gettext
from models.fields import FieldKind, FieldSpec
from models.geo import to_wgs84
from services import audit_trail, exporting
from services.actor import Actor
from services.enterprises import ENTERPRISES
from services.entities.references import precise_names
from services.permissions import Action
from services.territory import points
from services.territory.points import Dot
from services.use_case import use_case

GEOJSON_TYPE = "application/geo+json"
_DIGITS = 6  # a tenth of a metre
_COLUMNS = (
    FieldSpec(key="name", label=N_("Enterprise name")),
    FieldSpec(key="area", label=N_("Area")),
    FieldSpec(key="address", label=N_("Address")),
    FieldSpec(key="reached", label=N_("How far")),
    FieldSpec(key="open", label=N_("Open issues"), kind=FieldKind.INTEGER),
    FieldSpec(key="overdue", label=N_("Overdue issues"), kind=FieldKind.INTEGER),
    FieldSpec(key="gcj02_longitude", label=N_("Longitude (GCJ-02)"), kind=FieldKind.NUMBER),
    FieldSpec(key="gcj02_latitude", label=N_("Latitude (GCJ-02)"), kind=FieldKind.NUMBER),
    FieldSpec(key="wgs84_longitude", label=N_("Longitude (WGS-84)"), kind=FieldKind.NUMBER),
    FieldSpec(key="wgs84_latitude", label=N_("Latitude (WGS-84)"), kind=FieldKind.NUMBER),
)


def workbook(actor: Actor, area_id: int | None, campaign_id: int | None) -> bytes:
    """Return the enterprises of an area as a workbook, those without coordinates too; the audit log notes it.

    Raises:
        NotAllowedError: the role may not export enterprises.
        NotFoundError: the area is not the actor's.
    """
    rows = _noted(actor, area_id, campaign_id, "xlsx")
    return exporting.workbook(gettext(ENTERPRISES.labels), _COLUMNS, rows)


def geojson(actor: Actor, area_id: int | None, campaign_id: int | None) -> bytes:
    """Return the enterprises of an area that have coordinates as GeoJSON; the audit log notes it.

    Raises:
        NotAllowedError: the role may not export enterprises.
        NotFoundError: the area is not the actor's.
    """
    rows = _noted(actor, area_id, campaign_id, "geojson")
    features = [_feature(row) for row in rows if row["wgs84_longitude"] is not None]
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _noted(actor: Actor, area_id: int | None, campaign_id: int | None, form: str) -> list[dict[str, Any]]:
    found = points.dots(actor, area_id, campaign_id)
    with use_case(actor, Action.ENTERPRISE_EXPORT) as session:
        names = precise_names(session, "area", {dot.area_id for dot in found})
        audit_trail.note(session, ENTERPRISES.key, "", "exported", rows=len(found), form=form, area=area_id)
    return list(_rows(found, names))


def _rows(found: Iterable[Dot], areas: dict[int, str]) -> Iterable[dict[str, Any]]:
    for dot in found:
        world = to_wgs84(dot.place) if dot.place else None
        yield {
            "name": dot.name,
            "area": areas.get(dot.area_id, ""),
            "address": dot.address,
            "reached": gettext(dot.reached.label) if dot.reached else "",
            "open": dot.open,
            "overdue": dot.overdue,
            "gcj02_longitude": dot.place.longitude if dot.place else None,
            "gcj02_latitude": dot.place.latitude if dot.place else None,
            "wgs84_longitude": round(world.longitude, _DIGITS) if world else None,
            "wgs84_latitude": round(world.latitude, _DIGITS) if world else None,
        }


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    place = {"type": "Point", "coordinates": [row["wgs84_longitude"], row["wgs84_latitude"]]}
    return {"type": "Feature", "geometry": place, "properties": row}
