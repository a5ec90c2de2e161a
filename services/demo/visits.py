"""The visits of the finished and the running campaign: recorded, planned, overdue and returned ones."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core import clock
from models.area import Area
from models.campaign import Campaign, FormVersion, VisitMode
from models.enterprise import Contact, Enterprise
from models.fields import FieldKind, FieldSpec
from models.team import TeamMember
from models.visit import Outcome, Visit, VisitState
from services.demo.areas import Tree
from services.demo.campaigns import Campaigns
from services.demo.days import office_moment, working_days
from services.demo.people import HOME, People
from services.demo.words import words

MODES = (VisitMode.ON_SITE, VisitMode.PHONE, VisitMode.WECHAT)
_TEXTS = {
    "falling_reason": ("外贸订单减少，海运费上涨。", "下游房地产需求不足。", "原材料涨价，利润压缩。"),
    "rating_reason": ("窗口排队时间长。", "材料补正次数多。", "政策知道得晚。"),
    "unsolved_part": ("部门已受理，等待现场改造。", "资料已交，尚未收到结果。"),
}


@dataclass(frozen=True)
class Field:
    """Everything a visit is made from."""

    rng: random.Random
    tree: Tree
    people: People
    contacts: dict[int, Contact]
    areas: dict[int, Area]


def field(rng: random.Random, tree: Tree, people: People, contacts: dict[int, Contact]) -> Field:
    """Return the field with areas to be found by id."""
    return Field(rng, tree, people, contacts, {area.pk: area for area in tree.by_code.values()})


def first_round(place: Field, campaigns: Campaigns, enterprises: Sequence[Enterprise]) -> list[Visit]:
    """Return the finished campaign's visits: every enterprise was met, some only at the second attempt."""
    campaign, form = campaigns.finished, campaigns.forms[campaigns.finished.pk][0]
    days = working_days(campaign.starts_on, campaign.ends_on)
    visits = []
    for number, enterprise in enumerate(enterprises):
        met_on = place.rng.choice(days[8:])
        visit = _planned(place, campaign, enterprise, met_on)
        if number % 27 == 0:
            failed = _planned(place, campaign, enterprise, days[days.index(met_on) - 6], visit.assignee_id)
            visits.append(_recorded(place, failed, form, place.rng.choice([Outcome.NOT_FOUND, Outcome.REFUSED])))
        visits.append(_recorded(place, visit, form, Outcome.MET))
    return visits


def second_round(place: Field, campaigns: Campaigns, targets: Sequence[Enterprise]) -> list[Visit]:
    """Return the running campaign's visits; targets for which it yields none are still unassigned."""
    home_id = place.people.teams[HOME].pk
    home = [each for each in targets if _team_id(place, each) == home_id]
    others = [each for each in targets if _team_id(place, each) != home_id]
    worker = place.people.named["worker"].pk
    own = next(member.grid_id for member in place.people.members[home_id] if member.account_id == worker)
    home.sort(key=lambda each: (each.area_id != own, each.pk))
    place.rng.shuffle(others)
    delayed, others = _delayed(place, others)
    plan = [
        (delayed, _who_delays(place, delayed[0]), {"overdue": 6}),
        (home[:17], worker, {"today": 4, "overdue": 2, "returned": 1, "coming": 3, "met": 6, "failed": 1}),
        (home[17:], None, {"met": 17, "overdue": 3, "today": 3, "coming": 5, "returned": 1}),
        (others, None, {"met": 108, "failed": 8, "overdue": 8, "today": 12, "coming": 46, "returned": 3}),
    ]
    return [
        _visit(place, campaigns, enterprise, assignee, kind)
        for part, assignee, counts in plan
        for enterprise, kind in zip(part, _kinds(counts), strict=False)
    ]


def _delayed(place: Field, others: list[Enterprise]) -> tuple[list[Enterprise], list[Enterprise]]:
    """Return six enterprises of the team with most, whose visits are overdue with one person, and all others.

    Most of what the next three teams have comes last among these, where nobody has been given it: a few teams are
    clearly behind.
    """
    of_team: dict[int, list[Enterprise]] = {}
    for each in others:
        of_team.setdefault(_team_id(place, each), []).append(each)
    largest, *rest = sorted(of_team.values(), key=lambda each: (-len(each), each[0].pk))
    slow = {each.pk for team in rest[:3] for place_in, each in enumerate(team) if place_in % 4}
    delayed = largest[:6]
    gone = {each.pk for each in delayed}
    left = [each for each in others if each.pk not in gone]
    return delayed, sorted(left, key=lambda each: each.pk in slow)


def _who_delays(place: Field, enterprise: Enterprise) -> int:
    """Return a member of an enterprise's team who has not been away."""
    away = {leave.account_id for leave in place.people.away}
    team = place.people.members[_team_id(place, enterprise)][1:]
    return next(each.account_id for each in team if each.account_id not in away)


def _kinds(counts: dict[str, int]) -> Iterator[str]:
    for kind, count in counts.items():
        yield from [kind] * count


def _visit(place: Field, campaigns: Campaigns, enterprise: Enterprise, assignee: int | None, kind: str) -> Visit:
    campaign, forms = campaigns.running, campaigns.forms[campaigns.running.pk]
    today = clock.today()
    past = working_days(campaign.starts_on, today - timedelta(days=1))
    ahead = working_days(today + timedelta(days=1), today + timedelta(days=14))
    day = {"today": today, "overdue": place.rng.choice(past[-4:]), "coming": place.rng.choice(ahead[:6])}
    visit = _planned(place, campaign, enterprise, day.get(kind) or place.rng.choice(past), assignee)
    if kind in day:
        return visit
    form = forms[0] if visit.planned_on < past[len(past) // 2] else forms[-1]
    failures = [Outcome.REFUSED, Outcome.NOT_FOUND, Outcome.MOVED_AWAY]
    _recorded(place, visit, form, place.rng.choice(failures) if kind == "failed" else Outcome.MET)
    if kind == "returned":
        visit.state, visit.summary = VisitState.RETURNED, ""
        visit.return_reason = place.rng.choice(["请补充与企业谈了什么。", "请补充企业经营情况和下一步需求。"])
    return visit


def _planned(place: Field, campaign: Campaign, enterprise: Enterprise, day: date, assignee: int | None = None) -> Visit:
    team_id = _team_id(place, enterprise)
    members = place.people.members[team_id]
    assigned_at = min(office_moment(place.rng, day - timedelta(days=place.rng.randint(2, 5))), clock.now())
    return Visit(
        campaign_id=campaign.pk,
        enterprise_id=enterprise.pk,
        area_id=enterprise.area_id,
        team_id=team_id,
        assignee_id=assignee or _assignee(place, members, enterprise, day),
        assigned_by_id=members[0].account_id,
        planned_on=day,
        assigned_at=assigned_at,
        created_at=assigned_at,
        updated_at=assigned_at,
    )


def _team_id(place: Field, enterprise: Enterprise) -> int:
    """Return the id of the village's own team, or of its street's."""
    grid = place.areas[enterprise.area_id]
    village = place.areas[grid.parent_id or 0]
    street = place.areas[village.parent_id or 0]
    teams = place.people.teams
    return (teams.get(village.code) or teams[street.code]).pk


def _assignee(place: Field, members: list[TeamMember], enterprise: Enterprise, day: date) -> int:
    """Return a member who works on that day, of the enterprise's own grid if there is one."""
    away = {leave.account_id for leave in place.people.away if day in leave}
    free = [member for member in members[1:] if member.account_id not in away] or members[:1]
    own = [member for member in free if member.grid_id == enterprise.area_id]
    return place.rng.choice(own or free).account_id


def _recorded(place: Field, visit: Visit, form: FormVersion, outcome: Outcome) -> Visit:
    rng = place.rng
    visit.state, visit.outcome, visit.version = VisitState.RECORDED, outcome, 2
    visit.recorded_at = visit.updated_at = office_moment(rng, visit.planned_on)
    visit.recorded_by_id, visit.form_version_id = visit.assignee_id, form.pk
    visit.mode = rng.choices(MODES, (66, 24, 10))[0]
    if outcome is not Outcome.MET:
        visit.mode = VisitMode.ON_SITE
        return visit
    contact = place.contacts.get(visit.enterprise_id)
    visit.met_person, visit.met_phone = (contact.name, contact.phone) if contact else ("前台值班人员", "")
    visit.summary = rng.choice(words().summaries)
    visit.answers = _answers(rng, form.specs(), visit.recorded_at)
    if rng.random() < 0.2:
        visit.extra = {"companions": rng.choice(["审批局帮办专员", "税务专管员", "银行客户经理", "村（居）委会主任"])}
    return visit


def _answers(rng: random.Random, specs: list[FieldSpec], at: datetime) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for spec in specs:
        if not spec.is_asked(answers):
            continue
        answers[spec.key] = _answer(rng, spec, at)
    return answers


def _answer(rng: random.Random, spec: FieldSpec, at: datetime) -> Any:
    match spec.kind:
        case FieldKind.CHOICE:
            weights = range(len(spec.options) * 2, 0, -2)
            return rng.choices([option.value for option in spec.options], weights)[0]
        case FieldKind.CHOICES:
            return [option.value for option in spec.options if rng.random() < 0.4]
        case FieldKind.RATING | FieldKind.INTEGER:
            return rng.choices((5, 4, 3, 2), (62, 28, 8, 2))[0]
        case FieldKind.DATE:
            return (at.date() + timedelta(days=rng.randint(20, 60))).isoformat()
        case FieldKind.LONG_TEXT:
            return rng.choice(_TEXTS[spec.key])
        case _:
            return None
