"""What a bulletin printed: typed, stored as JSON, never computed anew."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from core.i18n import N_
from models.base import LabelledEnum
from models.bulletin import Ranked
from models.stats import Interval, wilson

CLASS = "class_"
"""How the marks of issues of a class begin."""


class UnitKind(LabelledEnum):
    """What is ranked."""

    DEPARTMENT = "department", N_("Department")
    TEAM = "team", N_("Team")


class FlagKind(LabelledEnum):
    """Why rows should be looked at."""

    BUNCHED = "bunched", N_("Closures bunched at the end of the month")
    UNCALLED = "uncalled", N_("Closed without a call-back that reached anybody")
    COPIED = "copied", N_("The same text again and again")
    QUICK = "quick", N_("Call-back within minutes of the answer")
    BURST = "burst", N_("Many visits in an hour, far apart")


class Fixed(BaseModel):
    """Base of what is printed: it cannot be changed."""

    model_config = ConfigDict(frozen=True)


class Share(Fixed):
    """A share with its counts."""

    count: int = 0
    of: int = 0

    @property
    def interval(self) -> Interval:
        """The share and the interval it may lie in, 0 to 1; see `models.stats.wilson`."""
        return wilson(self.count, self.of)


class Unit(Fixed):
    """A team or department.

    Args:
        id: the row.
        name: as it was called.
        members: people of the team, or officers of the department, on the last day.
        counts: key of a figure → number, of its own rows.
        shares: by what it can be ranked → share.
        ranks: by what it is ranked → place, 1 the best; only where its sample is large enough.
    """

    id: int
    name: str
    members: int
    counts: Mapping[str, int] = {}
    shares: Mapping[Ranked, Share] = {}
    ranks: Mapping[Ranked, int] = {}

    def load(self, figure: str) -> float | None:
        """Return how many rows of a figure come to each member; `None` where there is no member."""
        return self.counts.get(figure, 0) / self.members if self.members else None


class Flag(Fixed):
    """Rows that should be looked at, and why.

    Args:
        kind: why.
        mark: the mark of its rows.
        unit: whose they are: a department or team; empty for the whole zone.
        count: how many rows.
        of: among how many, where that says something.
    """

    kind: FlagKind
    mark: str
    unit: str = ""
    count: int
    of: int = 0


class Part(Fixed):
    """A part of a figure: a kind, state, category or department, and how many rows are of it."""

    key: str
    name: str
    count: int


class ClassLine(Fixed):
    """A class of issues (一类事) and what its measure has changed, as it was known when the bulletin was built.

    Args:
        id: the class.
        title: what its issues have in common.
        department: who is in charge.
        measure: the reform measure.
        in_force: whether it has taken effect.
        month: how many issues of its kind were registered in the month.
        effect: language → what it has changed, in words.
    """

    id: int
    title: str
    department: str = ""
    measure: str = ""
    in_force: bool = False
    month: int = 0
    effect: Mapping[str, str] = {}

    @property
    def mark(self) -> str:
        """The mark of its rows."""
        return f"{CLASS}{self.id}"


class Rules(Fixed):
    """The settings a bulletin was made by; see `models.bulletin.BulletinSettings`."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    organ: str = ""
    window_months: int
    minimum_sample: int
    department_rate: Ranked
    team_rate: Ranked
    honour_percent: int
    shame_percent: int
    bunched_percent: int
    copied_times: int
    quick_minutes: int
    burst_visits: int
    burst_km: int

    def rate(self, kind: UnitKind) -> Ranked:
        """Return by what units of a kind are ranked."""
        return self.department_rate if kind is UnitKind.DEPARTMENT else self.team_rate


class Printed(Fixed):
    """Everything a bulletin printed.

    Args:
        rules: the settings.
        counts: key of a figure → number.
        previous: what the bulletin of the month before printed, key of a figure → number; empty where there is none.
        kinds: the issues of the month by kind.
        states: the issues of the month by state.
        categories: the issues of the month by category, the most first.
        overdue: what is overdue, the most first: by department where one is to act, else by state. Bulletins of earlier
            releases have it by lead department, an empty key where there is none.
        units: what is ranked → its units, the best first, those not ranked last.
        flags: what should be looked at.
        classes: classes of issues somebody has confirmed, those with the most issues in the month first.
    """

    rules: Rules
    counts: Mapping[str, int]
    previous: Mapping[str, int] = {}
    kinds: tuple[Part, ...] = ()
    states: tuple[Part, ...] = ()
    categories: tuple[Part, ...] = ()
    overdue: tuple[Part, ...] = ()
    units: Mapping[UnitKind, tuple[Unit, ...]] = {}
    flags: tuple[Flag, ...] = ()
    classes: tuple[ClassLine, ...] = ()

    def count(self, key: str) -> int:
        """Return a figure."""
        return self.counts.get(key, 0)

    def change(self, key: str) -> int | None:
        """Return by how much a figure differs from the month before; `None` where nothing is known of that."""
        return None if key not in self.previous else self.count(key) - self.previous[key]

    def share(self, part: str, whole: str) -> Share:
        """Return a share of two figures."""
        return Share(count=self.count(part), of=self.count(whole))

    def share_before(self, part: str, whole: str) -> Share | None:
        """Return the same share as the bulletin of the month before printed it."""
        if whole not in self.previous:
            return None
        return Share(count=self.previous.get(part, 0), of=self.previous[whole])

    def honoured(self, kind: UnitKind) -> list[Unit]:
        """Return the honour list: ranked units whose whole interval reaches the threshold, the best first."""
        rate, least = self.rules.rate(kind), self.rules.honour_percent / 100
        return [unit for unit in self.ranked(kind) if unit.shares[rate].interval.low >= least]

    def shamed(self, kind: UnitKind) -> list[Unit]:
        """Return the shame list: ranked units whose whole interval stays below the threshold, the worst first."""
        rate, most = self.rules.rate(kind), self.rules.shame_percent / 100
        return [unit for unit in reversed(self.ranked(kind)) if unit.shares[rate].interval.high < most]

    def ranked(self, kind: UnitKind) -> list[Unit]:
        """Return the ranked units of a kind, the best first."""
        rate = self.rules.rate(kind)
        return sorted((u for u in self.units.get(kind, ()) if rate in u.ranks), key=lambda u: u.ranks[rate])

    def unranked(self, kind: UnitKind) -> list[Unit]:
        """Return the units that have cases, but too few to rank them by what bulletins rank by; see `too_few`."""
        return self.too_few(kind, self.rules.rate(kind))

    def too_few(self, kind: UnitKind, rate: Ranked) -> list[Unit]:
        """Return the units that have cases, but too few to rank them by a rate, those with most first.

        Who has no case at all is not told of: the rate says nothing about them.
        """
        some = [unit for unit in self.units.get(kind, ()) if rate not in unit.ranks and unit.shares[rate].of]
        return sorted(some, key=lambda unit: -unit.shares[rate].of)
