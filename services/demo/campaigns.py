"""Three campaigns, one finished, one running and one in draft, with their visit forms."""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core import clock
from models.campaign import Campaign, CampaignState, CampaignTarget, FormVersion, VisitMode
from models.enterprise import Enterprise, EnterpriseStatus, Scale
from models.fields import Condition, FieldKind, FieldSpec, Option
from services.demo.people import HOME, People
from services.demo.store import Store

FINISHED, RUNNING, DRAFT = "政务服务进千企大走访", "政务服务进千企“回头看”", "省市重点项目企业专题走访"
RUNNING_TARGETS, DRAFT_TARGETS = 320, 86


@dataclass(frozen=True)
class Campaigns:
    """The campaigns and the versions of their forms, oldest first."""

    finished: Campaign
    running: Campaign
    draft: Campaign
    forms: dict[int, list[FormVersion]]


def announce(store: Store, people: People) -> Campaigns:
    """Store the campaigns and their forms."""
    today = clock.today()
    owner = people.named["coordinator"].pk
    finished = Campaign(
        name=FINISHED, starts_on=today - timedelta(days=118), ends_on=today - timedelta(days=28), goal=660,
        purpose="走遍区内企业，宣传政务服务改革举措，征集意见建议，现场解决难点问题。", state=CampaignState.FINISHED,
        owner_id=owner,
    )  # fmt: skip
    running = Campaign(
        name=RUNNING, starts_on=today - timedelta(days=20), ends_on=today + timedelta(days=40), goal=RUNNING_TARGETS,
        purpose="对反映过问题的企业和重点企业再走访一遍，核实问题是否真正解决、企业是否满意。",
        state=CampaignState.RUNNING, owner_id=owner,
    )  # fmt: skip
    draft = Campaign(
        name=DRAFT, starts_on=today + timedelta(days=14), ends_on=today + timedelta(days=60), goal=DRAFT_TARGETS,
        purpose="对省市重点项目企业挂图作战，逐户了解审批服务需求。", modes=[VisitMode.ON_SITE], owner_id=owner,
    )  # fmt: skip
    store.put([finished, running, draft])
    forms = [
        FormVersion(campaign_id=finished.pk, version=1, questions=_dump(_first_form())),
        FormVersion(campaign_id=running.pk, version=1, questions=_dump(_review_form()[:-1])),
        FormVersion(campaign_id=running.pk, version=2, questions=_dump(_review_form())),
        FormVersion(campaign_id=draft.pk, version=1, questions=_dump(_project_form())),
    ]
    store.put(forms)
    versions = {each.pk: [form for form in forms if form.campaign_id == each.pk] for each in (finished, running, draft)}
    return Campaigns(finished, running, draft, versions)


def aim(store: Store, campaign: Campaign, targets: list[Enterprise]) -> None:
    """Store which enterprises a campaign means to visit."""
    store.insert([CampaignTarget(campaign_id=campaign.pk, enterprise_id=each.pk) for each in targets])


def review_targets(
    rng: random.Random, enterprises: list[Enterprise], spoken: set[int], home_grids: set[int]
) -> list[Enterprise]:
    """Return whom the running campaign visits again: the home village, who raised a need, and a sample of others."""
    open_ones = [each for each in enterprises if each.status is EnterpriseStatus.ACTIVE]
    chosen = [each for each in open_ones if each.area_id in home_grids or each.pk in spoken]
    ids = {each.pk for each in chosen}
    others = [each for each in open_ones if each.pk not in ids]
    return chosen + rng.sample(others, RUNNING_TARGETS - len(chosen))


def project_targets(enterprises: list[Enterprise]) -> list[Enterprise]:
    """Return whom the draft means to visit: the largest enterprises in operation."""
    sizes = {Scale.LARGE: 0, Scale.MEDIUM: 1}
    large = [each for each in enterprises if each.scale in sizes and each.status is EnterpriseStatus.ACTIVE]
    return sorted(large, key=lambda each: (sizes[each.scale or Scale.MEDIUM], -(each.employees or 0)))[:DRAFT_TARGETS]


def home_grids(people: People) -> set[int]:
    """Return the grids of the demonstration lead's own team."""
    members = people.members[people.teams[HOME].pk]
    return {member.grid_id for member in members if member.grid_id}


def _dump(specs: list[FieldSpec]) -> list[dict[str, Any]]:
    return [spec.model_dump(mode="json") for spec in specs]


def _options(**labels: str) -> tuple[Option, ...]:
    return tuple(Option(value=value, label=label) for value, label in labels.items())


def _first_form() -> list[FieldSpec]:
    return [
        FieldSpec(key="business_state", label="生产经营状况", kind=FieldKind.CHOICE, required=True,
                  options=_options(growing="增长", steady="平稳", falling="下滑", stopped="停产")),
        FieldSpec(key="falling_reason", label="下滑或停产的原因", kind=FieldKind.LONG_TEXT, required=True,
                  max_length=1000, shown_if=Condition(field="business_state", values=("falling", "stopped"))),
        FieldSpec(key="known_services", label="了解哪些政务服务", kind=FieldKind.CHOICES,
                  options=_options(mobile="掌上办", agent="帮办代办", checklist="批前清单", staged="分段许可",
                                   bank="政银+服务网点", bundle="打包办")),
        FieldSpec(key="hiring", label="近期是否有用工需求", kind=FieldKind.CHOICE,
                  options=_options(yes="有", no="没有")),
        FieldSpec(key="hiring_count", label="需要多少人", kind=FieldKind.INTEGER, minimum=1, maximum=10000,
                  shown_if=Condition(field="hiring", values=("yes",))),
        FieldSpec(key="service_rating", label="对政务服务的评价", kind=FieldKind.RATING, required=True),
        FieldSpec(key="rating_reason", label="哪里不满意", kind=FieldKind.LONG_TEXT, max_length=1000,
                  shown_if=Condition(field="service_rating", values=("1", "2", "3"))),
        FieldSpec(key="photo", label="走访照片", kind=FieldKind.ATTACHMENT, help="门头、车间或座谈现场,1–3 张"),
    ]  # fmt: skip


def _review_form() -> list[FieldSpec]:
    return [
        FieldSpec(key="solved", label="上次反映的问题解决了吗", kind=FieldKind.CHOICE, required=True,
                  options=_options(yes="已解决", partly="部分解决", no="没有解决", none="上次没有反映问题")),
        FieldSpec(key="unsolved_part", label="还差什么", kind=FieldKind.LONG_TEXT, max_length=1000, required=True,
                  shown_if=Condition(field="solved", values=("partly", "no"))),
        FieldSpec(key="satisfaction", label="对办理结果的满意度", kind=FieldKind.RATING, required=True,
                  shown_if=Condition(field="solved", values=("yes", "partly", "no"))),
        FieldSpec(key="business_state", label="生产经营状况", kind=FieldKind.CHOICE, required=True,
                  options=_options(growing="增长", steady="平稳", falling="下滑", stopped="停产")),
        FieldSpec(key="next_contact", label="企业希望的下次联系日期", kind=FieldKind.DATE),
        FieldSpec(key="photo", label="走访照片", kind=FieldKind.ATTACHMENT),
        FieldSpec(key="needs_next_year", label="明年最需要政府帮什么", kind=FieldKind.CHOICES,
                  options=_options(finance="融资", labour="用工", land="用地", market="开拓市场", policy="政策兑现")),
    ]  # fmt: skip


def _project_form() -> list[FieldSpec]:
    return [
        FieldSpec(key="project_name", label="项目名称", kind=FieldKind.TEXT, required=True, max_length=100),
        FieldSpec(key="stage", label="项目阶段", kind=FieldKind.CHOICE, required=True,
                  options=_options(planning="前期", permits="办理许可", building="在建", done="竣工")),
        FieldSpec(key="missing_permits", label="尚未办理的许可", kind=FieldKind.CHOICES,
                  options=_options(land="用地规划许可", plan="工程规划许可", build="施工许可", fire="消防验收"),
                  shown_if=Condition(field="stage", values=("planning", "permits", "building"))),
        FieldSpec(key="start_on", label="计划开工日期", kind=FieldKind.DATE),
    ]  # fmt: skip
