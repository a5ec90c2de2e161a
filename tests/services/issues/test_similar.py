"""Which issues are offered as perhaps the same, to whom, and why."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import NotFoundError
from models.issue import Issue, IssueState
from models.issue_log import LinkKind
from models.likeness import Likeness, phrases, pieces
from services import issues
from services.issues import similar as similar_module
from services.issues.similar import Matter, Reason, similar, similar_to
from tests.issue_world import IssueWorld

POWER = "夏季用电高峰经常限电，影响窑炉连续生产。"
POWER_AGAIN = "用电高峰期老是限电，窑炉没法连续生产"
OTHERS = (
    "一线操作工招不满，年后用工缺口约四十人。",
    "厂区门口道路破损积水，货车进出困难。",
    "建议园区统一建设新能源车充电桩。",
    "希望协调解决用工问题",
    "商标被外地企业抢注，不知如何维权。",
)


def asked(world: IssueWorld, text: str, at: str = "A", category: str = "", by: str = "coordinator") -> list[int]:
    matter = Matter(world.enterprises[at].pk, category, text)
    return [each.id for each in similar_to(world.actor(by), matter)]


@pytest.fixture
def heard(world: IssueWorld) -> int:
    """A need about power at enterprise A among others at both; the power one's id."""
    issue_id = world.register(text=POWER, category="power")
    for place, text in enumerate(OTHERS):
        world.register(by="worker_b" if place % 2 else "worker_a", at="B" if place % 2 else "A", text=text)
    return issue_id


def test_the_same_enterprise_in_similar_words_is_found_and_explained(world: IssueWorld, heard: int) -> None:
    """Given a need about power, when the enterprise says it again in other words, then it is offered, with reasons."""
    matter = Matter(world.enterprises["A"].pk, "power", POWER_AGAIN)

    found = similar_to(world.actor("worker_a"), matter)

    assert [each.id for each in found] == [heard]
    assert found[0].reasons == (Reason.SAME_ENTERPRISE, Reason.SAME_CATEGORY, Reason.SIMILAR_WORDS)
    assert found[0].number == world.row(heard).number
    assert found[0].enterprise == "A 企业有限公司"


def test_the_same_matter_at_another_enterprise_is_found(world: IssueWorld, heard: int) -> None:
    """Given a need about power at A, when B says nearly the same, then A's is offered to whoever sees both."""
    assert asked(world, POWER, at="B", category="power") == [heard]
    assert asked(world, POWER_AGAIN, at="B") == [heard]


def test_other_matters_are_not_offered(world: IssueWorld, heard: int) -> None:
    """Given several needs, when something else is said, then nothing is offered, whatever phrases all share."""
    assert asked(world, "希望协调解决融资问题，贷款批不下来", at="B") == []
    assert asked(world, "") == []
    assert asked(world, "税") == []
    assert heard


@pytest.mark.parametrize(("by", "sees"), [("worker_a", True), ("lead_a", True), ("worker_b", False), ("lead_b", False)])
def test_only_what_the_actor_may_see_is_offered(world: IssueWorld, heard: int, by: str, sees: bool) -> None:
    """Given a need in street A, when somebody of A or B asks, then only those of A learn of it."""
    assert asked(world, POWER, category="power", by=by) == ([heard] if sees else [])


def test_a_registered_issue_is_compared_with_others_and_tells_links(world: IssueWorld, heard: int) -> None:
    """Given the same need twice, when one is opened, then the other is offered, and as linked once it is."""
    again = world.register(text=POWER_AGAIN, category="power")
    coordinator = world.actor("coordinator")
    assert [(each.id, each.linked) for each in similar(coordinator, heard)] == [(again, None)]

    issues.link(coordinator, heard, again, LinkKind.DUPLICATE)

    assert [(each.id, each.linked) for each in similar(coordinator, again)] == [(heard, LinkKind.DUPLICATE)]
    with pytest.raises(NotFoundError):
        similar(world.actor("lead_b"), heard)


def test_what_the_enterprise_had_closed_long_ago_is_no_duplicate(world: IssueWorld) -> None:
    """Given a closed need, when half a year and more has passed, then only other enterprises can learn from it."""
    closed = world.issue(IssueState.CLOSED, text=POWER)
    assert asked(world, POWER) == [closed]

    clock.advance(similar_module.LATELY + timedelta(days=1))

    assert asked(world, POWER) == []
    assert asked(world, POWER, at="B") == [closed]


def test_older_issues_are_found_by_the_index(world: IssueWorld, heard: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given more issues than are compared one by one, when an old one is said again, then the index finds it."""
    monkeypatch.setattr(similar_module, "_NEWEST", 3)

    assert asked(world, POWER_AGAIN, at="B") == [heard]


def test_what_everybody_writes_counts_little() -> None:
    """Given many texts with a common phrase, when two share only it, then they are less alike than among others."""
    many, few = Likeness([pieces(f"开发区{name}路") for name in "甲乙丙丁戊" * 100]), Likeness(())
    one, other = pieces("开发区路灯不亮"), pieces("开发区积水严重")

    assert many.share(one, other) < few.share(one, other) < 0.5
    assert many.share(one, one) == 1
    assert many.share(one, frozenset()) == 0


def test_words_of_every_need_are_no_likeness() -> None:
    """Given two needs worded alike about different matters, then what is left of them is the matter."""
    assert pieces("希望协调解决用工问题") == {"用工"}
    assert pieces("建议有关部门尽快解决停水问题") == {"停水"}


def test_phrases_do_not_reach_over_punctuation() -> None:
    """Given a text with a comma, then its phrases lie on one side of it each."""
    assert phrases("限电，影响生产线") == ["限电", "影响生产", "响生产线"]


def test_many_issues_are_told_in_the_order_of_likeness(world: IssueWorld, heard: int) -> None:
    """Given five equal needs and one alike, when asked, then the most alike come first and no more than fit."""
    equal = [world.register(text=POWER_AGAIN) for _ in range(5)]

    found = asked(world, POWER_AGAIN)

    assert found == sorted(equal, reverse=True)
    assert heard not in found
    assert isinstance(world.row(heard), Issue)
