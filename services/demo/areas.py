"""The real tree of Zibo with the zone in it and the grid tier of the programme below its villages."""

import csv
import math
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources

from core import clock
from models.area import Area, AreaPlacement, Tier
from services.demo.store import Store

ZONE_CODE = "3703GX"
ZONE_STREETS = ("370303008", "370303105")
"""四宝山街道 and 中埠镇, which statistics count to 张店区 and the zone administers."""

_TIERS = {"city": Tier.CITY, "district": Tier.ZONE, "street": Tier.STREET, "village": Tier.VILLAGE}
_CENTRES = {"370303008": (118.082, 36.862), "370303105": (118.168, 36.884)}
_LANDMARKS = {
    "370303008003": "中国工商银行(华侨城支行)",
    "370303008016": "平安银行(淄博分行营业部)",
    "370303008017": "青岛银行(淄博高新支行)",
    "370303008018": "恒丰银行(淄博分行)",
    "370303008019": "齐商银行(淄博支行)",
    "370303008022": "中信银行(淄博高新支行)",
    "370303008023": "中国银行(淄博西五路支行)",
    "370303008025": "中国农业银行(淄博高新技术产业开发区支行营业部)",
    "370303008026": "中国光大银行(淄博分行)",
    "370303008028": "中国农业发展银行(淄博市分行)",
    "370303008029": "齐商银行(开发支行)",
}
"""A real place within or beside a community: it gives the community's coordinates and the road of its enterprises."""
_SINCE = datetime(2023, 1, 1)  # noqa: DTZ001 - the zone is added where it is used
_OFFICE = re.compile(r"(居民委员会|居委会?|村委会)$")


@dataclass
class Tree:
    """The areas by code, and of each area of the zone what lies directly below it."""

    by_code: dict[str, Area] = field(default_factory=dict)
    below: dict[str, list[Area]] = field(default_factory=dict)

    def villages(self) -> Iterator[Area]:
        """Yield the villages and communities of the zone."""
        for street in ZONE_STREETS:
            yield from self.below[street]


@dataclass(frozen=True)
class Place:
    """A real place in or near the zone, with GCJ-02 coordinates."""

    name: str
    address: str
    longitude: float
    latitude: float


def short_name(name: str) -> str:
    """Return a village's everyday name: 华侨城社区居委会 is 华侨城社区, 付山村委会 is 付山村."""
    return _OFFICE.sub("村" if name.endswith("村委会") else "", name)


def places() -> list[Place]:
    """Return the real places of the data file."""
    return [
        Place(row["name"], row["address"], float(row["longitude"]), float(row["latitude"]))
        for row in _rows("zibo_places_gcj02.csv")
    ]


def landmarks() -> dict[str, Place]:
    """Return village code → the real place that lies there."""
    by_name = {place.name: place for place in places()}
    return {code: by_name[name] for code, name in _LANDMARKS.items()}


def plant(store: Store, rng: random.Random) -> Tree:
    """Store the tree and where each area has stood in it since the programme began."""
    tree = Tree()
    areas = list(_real(tree))
    grids = list(_grids(tree, rng))
    for tier in Tier:
        _plant_tier(store, tree, [area for area in [*areas, *grids] if area.tier is tier])
    since = _SINCE.replace(tzinfo=clock.zone())
    store.put(
        [
            AreaPlacement(area_id=area.pk, parent_id=area.parent_id, path=area.path, valid_from=since)
            for area in tree.by_code.values()
        ]
    )
    return tree


def _real(tree: Tree) -> Iterator[Area]:
    zone = {"code": ZONE_CODE, "name": "淄博高新区", "level": "district", "parent_code": "3703"}
    for row in [zone, *_rows("zibo_areas.csv")]:
        parent = ZONE_CODE if row["code"] in ZONE_STREETS else row["parent_code"]
        area = Area(code=row["code"], name=row["name"], tier=_TIERS[row["level"]])
        tree.below.setdefault(parent, []).append(area)
        yield area
    for street, (longitude, latitude) in _CENTRES.items():
        _spread(tree.below[street], longitude, latitude)
    known = landmarks()
    for village in tree.villages():
        if place := known.get(village.code):
            village.longitude, village.latitude = place.longitude, place.latitude


def _spread(villages: list[Area], longitude: float, latitude: float) -> None:
    """Lay villages around their street's centre: the register has no coordinates of theirs."""
    for place, village in enumerate(villages):
        distance = 0.0052 * math.sqrt(place + 0.5)
        angle = place * math.pi * (3 - math.sqrt(5))  # the golden angle spreads points evenly
        village.longitude = round(longitude + distance * math.cos(angle), 6)
        village.latitude = round(latitude + 0.8 * distance * math.sin(angle), 6)


def _grids(tree: Tree, rng: random.Random) -> Iterator[Area]:
    for village in tree.villages():
        for number in range(1, rng.randint(2, 6) + 1):
            grid = Area(
                code=f"{village.code}{number:03}",
                name=f"{short_name(village.name)}第{number}网格",
                tier=Tier.GRID,
                longitude=_near(rng, village.longitude, 0.0015),
                latitude=_near(rng, village.latitude, 0.0012),
            )
            tree.below.setdefault(village.code, []).append(grid)
            yield grid


def _near(rng: random.Random, value: float | None, reach: float) -> float | None:
    return None if value is None else round(value + rng.uniform(-reach, reach), 6)


def _plant_tier(store: Store, tree: Tree, areas: list[Area]) -> None:
    store.identify(areas)
    parents = {area.code: code for code, below in tree.below.items() for area in below}
    for area in areas:
        parent = tree.by_code.get(parents.get(area.code, ""))
        area.parent_id = parent.pk if parent else None
        area.path = f"{parent.path if parent else ''}{area.pk}."
        tree.by_code[area.code] = area
    store.insert(areas)


def _rows(name: str) -> list[dict[str, str]]:
    file = resources.files("services.demo").joinpath("data", name)
    with file.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
