"""660 invented enterprises in the real villages of the zone: names, codes, addresses, coordinates, contacts."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock
from models import uscc
from models.area import Area
from models.enterprise import Contact, Enterprise, EnterpriseStatus, Scale
from models.naming import name_key
from services.demo.areas import Place, Tree, landmarks, short_name
from services.demo.days import office_moment
from services.demo.people import HOME, People
from services.demo.store import Store
from services.demo.words import Industry, words

COUNT = 660
"""As many as the article's campaign visited."""

TWINS = 4
"""How many of them are entered twice under a similar name, so that the page of duplicates has something to decide."""

_FORMS = (
    ("淄博{brand}{trade}有限公司", 46), ("山东{brand}{trade}有限公司", 24), ("山东{brand}{trade}股份有限公司", 9),
    ("{brand}{trade}(淄博)有限公司", 6), ("淄博高新区{brand}{trade}有限公司", 8), ("山东{brand}{trade}集团有限公司", 3),
    ("淄博{brand}{trade}厂", 4),
)  # fmt: skip
_EMPLOYEES = {Scale.LARGE: (1000, 3200), Scale.MEDIUM: (300, 990), Scale.SMALL: (20, 290), Scale.MICRO: (2, 19)}
_TITLES = {
    "办公室主任": "office", "总经理": "manager", "行政经理": "admin", "财务总监": "finance", "人事经理": "hr",
    "副总经理": "deputy", "厂长助理": "plant",
}  # fmt: skip
"""Positions, and the mailbox of whoever holds one."""
_PARKS = {"new_materials": "polymer", "electronics": "microsystem", "pharma": "biomedical", "machinery": "equipment"}
_LEVELS = ("innovative", "provincial", "provincial", "little_giant", "champion")
_TECHNICAL = ("ceramics", "new_materials", "pharma", "machinery", "electronics", "software", "new_energy")
_ROAD = re.compile(r"(?:.*区)?([一-鿿]{2,3}?(?:路|大道))")
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Enterprises:
    """The enterprises, of each the contact one asks for first, and the one a notice reaches if there is one."""

    every: list[Enterprise]
    contacts: dict[int, Contact]
    mailed: dict[int, Contact]


def found(store: Store, rng: random.Random, tree: Tree, people: People) -> Enterprises:
    """Store the enterprises and their contacts."""
    brands = _brands(rng)
    roads = landmarks()
    enterprises = [
        _enterprise(rng, next(brands), village, rng.choice(tree.below[village.code]), roads.get(village.code))
        for village in _villages(rng, tree, people)
    ]
    enterprises += [_twin(rng, enterprises[place]) for place in _twin_places(enterprises)]
    for enterprise in rng.sample(enterprises, 16):
        enterprise.status = rng.choice([EnterpriseStatus.MOVED_AWAY, EnterpriseStatus.CLOSED])
    store.put(enterprises)
    contacts = [contact for number, each in enumerate(enterprises) for contact in _contacts(rng, each, number)]
    store.put(contacts)
    mailed = sorted((each for each in contacts if each.email), key=lambda each: (each.is_primary, -each.pk))
    return Enterprises(
        enterprises,
        contacts={each.enterprise_id: each for each in contacts if each.is_primary},
        mailed={each.enterprise_id: each for each in mailed},
    )


def organisation_check(body: str) -> str:
    """Return the 9th character of an organisation code (GB 11714), which a credit code holds at places 9 to 17."""
    total = sum(int(character, 36) * weight for character, weight in zip(body, _ORG_WEIGHTS, strict=True))
    return "0X987654321"[total % 11]


def _villages(rng: random.Random, tree: Tree, people: People) -> list[Area]:
    """Return each enterprise's village: most lie in communities with a real business street and their own team."""
    lively, served = set(landmarks()), set(people.teams)
    villages = [village for village in tree.villages() if village.code != HOME]
    weights = [20 if v.code in lively else 9 if v.code in served else 0.6 for v in villages]
    home = [tree.by_code[HOME]] * 58
    return home + rng.choices(villages, weights, k=COUNT - TWINS - len(home))


def _enterprise(rng: random.Random, brand: str, village: Area, grid: Area, place: Place | None) -> Enterprise:
    industry = rng.choices(words().industries, [each.share for each in words().industries])[0]
    scale = rng.choices(list(Scale), industry.scales)[0]
    name = _name(rng, brand, industry, scale)
    founded_year = rng.randint(1994, clock.today().year - 1)
    return Enterprise(
        name=name,
        name_key=name_key(name),
        credit_code=_credit_code(rng, founded_year),
        area_id=grid.pk,
        address=_address(rng, village, place),
        industry=industry.value,
        scale=scale,
        legal_representative=_person(rng),
        created_at=_entered_at(rng, 150),
        founded_year=founded_year,
        employees=rng.randint(*_EMPLOYEES[scale]),
        longitude=_near(rng, grid.longitude if place is None else place.longitude, 0.0035),
        latitude=_near(rng, grid.latitude if place is None else place.latitude, 0.0028),
        extra=_extra(rng, industry.value, scale),
    )


def _name(rng: random.Random, brand: str, industry: Industry, scale: Scale) -> str:
    form = rng.choices([form for form, _weight in _FORMS], [weight for _form, weight in _FORMS])[0]
    if scale is not Scale.LARGE:
        form = form.replace("集团", "")
    if scale is Scale.MICRO:
        form = form.replace("股份", "")
    if industry.value not in ("ceramics", "machinery"):
        form = form.replace("厂", "有限公司")
    return form.format(brand=brand, trade=rng.choice(industry.trades.split()))


def _twin_places(enterprises: list[Enterprise]) -> list[int]:
    """Return which enterprises are entered twice: two of the demonstration lead's, two of others."""
    plain = [n for n, each in enumerate(enterprises) if each.name.startswith("淄博") and each.name.endswith("有限公司")]
    plain = [n for n in plain if "高新区" not in enterprises[n].name]
    return [plain[1], plain[4], plain[-1], plain[-7]]


def _twin(rng: random.Random, first: Enterprise) -> Enterprise:
    """Return the same enterprise as another hand wrote it down: no code, another order of words."""
    name = first.name.removeprefix("淄博").replace("有限公司", "(山东)有限公司")
    return Enterprise(
        name=name,
        name_key=name_key(name),
        area_id=first.area_id,
        address=first.address.removeprefix("淄博市"),
        industry=first.industry,
        created_at=_entered_at(rng, 121),
        longitude=first.longitude,
        latitude=first.latitude,
    )


def _credit_code(rng: random.Random, founded_year: int) -> str:
    """Return a valid code; enterprises founded before the code of 2015 keep their organisation code of digits."""
    older = founded_year < 2015
    organisation = f"7{rng.randint(0, 9_999_999):07}" if older else "MA" + "".join(rng.choices(uscc.ALPHABET, k=6))
    body = f"91{rng.choice(['370303', '370391'])}{organisation}{organisation_check(organisation)}"
    return body + uscc.check_character(body)


def _address(rng: random.Random, village: Area, place: Place | None) -> str:
    road = _ROAD.search(place.address) if place else None
    if road:
        building = rng.choice(["", "", f"{rng.choice('ABCD')}座{rng.randint(1, 22)}层", f"{rng.randint(1, 9)}号楼"])
        return f"淄博市高新区{road[1]}{rng.randint(1, 180)}号{building}"
    tail = rng.choice(["工业园", "创业园", "村北", "村委东邻", "工业路"])
    return f"淄博市高新区{short_name(village.name)}{tail}{rng.randint(1, 60)}号"


def _extra(rng: random.Random, industry: str, scale: Scale) -> dict[str, str]:
    extra = {}
    if industry in _TECHNICAL and scale is not Scale.LARGE and rng.random() < 0.22:
        extra["specialised_level"] = rng.choice(_LEVELS)
    if industry in _PARKS and rng.random() < 0.4:
        extra["park"] = _PARKS[industry]
    return extra


def _entered_at(rng: random.Random, days_ago: int) -> datetime:
    """Return when an enterprise was entered: before the first campaign began."""
    return office_moment(rng, clock.today() - timedelta(days=days_ago + rng.randint(0, 3)))


def _contacts(rng: random.Random, enterprise: Enterprise, number: int) -> Iterator[Contact]:
    for place in range(rng.choice((1, 1, 2))):
        name, title = _person(rng), rng.choice(list(_TITLES))
        yield Contact(
            enterprise_id=enterprise.pk,
            name=name,
            title=title,
            email=_email(number, title, primary=place == 0),
            # 199-0000 is not given out: nobody is rung by a demonstration.
            phone=f"+861990000{number * 2 + place:04}",
            is_primary=place == 0,
        )


def _email(number: int, title: str, *, primary: bool) -> str:
    """Return an address of a domain nobody can have; of main contacts one in seven has none, of others most."""
    given = number % 7 != 3 if primary else number % 5 == 0
    return f"{_TITLES[title]}@qiye{number + 1:03}.example.com" if given else ""


def _person(rng: random.Random) -> str:
    return rng.choice(words().surnames) + rng.choice(words().given_names.split())


def _brands(rng: random.Random) -> Iterator[str]:
    brands = [one + other for one in words().brands_first for other in words().brands_second if one != other]
    rng.shuffle(brands)
    yield from brands


def _near(rng: random.Random, value: float | None, reach: float) -> float | None:
    return None if value is None else round(value + rng.uniform(-reach, reach), 6)
