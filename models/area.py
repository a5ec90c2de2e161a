"""The tree of areas and where each area stood in it when."""

from datetime import datetime

from sqlmodel import Field, Index

from core.i18n import N_
from models.base import LabelledEnum, Row, column, moment_column


class Tier(LabelledEnum):
    """Level of an area; the programme works in the last four."""

    CITY = "city", N_("City")
    ZONE = "zone", N_("Zone")
    STREET = "street", N_("Street or town")
    VILLAGE = "village", N_("Village or community")
    GRID = "grid", N_("Grid")


def ids_of(path: str) -> list[int]:
    """Return the ids a path joins, from the root down to the area itself."""
    return [int(part) for part in path.split(".") if part]


class Area(Row, table=True):
    """A place in the tree: its present parent and path.

    `path` joins the ids from the root down, each followed by a dot ("1.7.203."), so that "in this area or below"
    is "path starts with".
    """

    __table_args__ = (Index("ix_area_path", "path", postgresql_ops={"path": "text_pattern_ops"}),)

    code: str = column(N_("Code"), unique=True, max_length=30, listed=True, searchable=True)
    name: str = column(N_("Name"), max_length=100, listed=True, searchable=True)
    tier: Tier = column(N_("Tier"), choices=Tier, listed=True, filterable=True)
    parent_id: int | None = column(
        N_("Belongs to"), default=None, foreign_key="area.id", index=True, reference="area", listed=True
    )
    path: str = column(N_("Path"), default="", max_length=200, editable=False)
    longitude: float | None = column(N_("Longitude (GCJ-02)"), default=None, ge=-180, le=180)
    latitude: float | None = column(N_("Latitude (GCJ-02)"), default=None, ge=-90, le=90)
    active: bool = column(N_("Active"), default=True, filterable=True)


class AreaPlacement(Row, table=True):
    """Where an area stood in the tree during a period: figures of a past month use the tree of that month."""

    __tablename__ = "area_placement"
    audited = False  # it is a history itself
    __table_args__ = (Index("ix_area_placement_path", "path", postgresql_ops={"path": "text_pattern_ops"}),)

    area_id: int = Field(foreign_key="area.id", index=True)
    parent_id: int | None = Field(default=None, foreign_key="area.id")
    path: str = Field(max_length=200)
    valid_from: datetime = moment_column()
    valid_to: datetime | None = moment_column(default=None)
