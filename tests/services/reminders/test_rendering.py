"""What templates may say, what they may not, and what becomes of it."""

from datetime import datetime

import pytest
from sqlmodel import select

from core.db import transaction
from core.i18n import in_locale
from models.issue import IssueState
from models.reminder import ReminderTemplate, Subject
from services import issues
from services.reminders.rendering import Texts, renderer, said
from services.reminders.sources import SOURCES
from services.reminders.template_language import TemplateError, check, compiled
from tests import issue_world

WORDS = {
    "number": "WT-2023-0012", "title": "夏季限电", "enterprise": "淄博华光陶瓷", "department": "供电中心",
    "stage": "办理", "due": "2023年12月8日 17:30", "days_left": 2, "kind": "难点问题", "person": "王芳",
    "said": "请于本周办结", "by": "李强", "visits": "86", "raised": "21", "resolved": "18", "verified": "15",
    "waiting": "32", "overdue": "4", "broken": "2", "card": "黄牌",
}  # fmt: skip


@pytest.mark.usefixtures("database")
def test_every_default_template_can_be_filled_in_both_languages() -> None:
    """Given a new installation, every template renders, whether something is due or overdue."""
    with transaction() as session:
        render = renderer(session)
        rows = session.exec(select(ReminderTemplate)).all()
    assert len(rows) == 20
    for row in rows:
        for days in (2, 0, -3):
            for locale in ("zh_CN", "en"):
                told = render.render(row.pk, locale, {**WORDS, "days_left": days})
                assert told.title
                assert told.body
                assert "{" not in told.title + told.body
                assert not told.title.startswith("：")


@pytest.mark.usefixtures("database")
def test_who_follows_a_commitment_is_not_asked_to_tell_themselves() -> None:
    """Given the words both the enterprise and the officer following it get, then they hold for either."""
    with transaction() as session:
        [row] = session.exec(select(ReminderTemplate).where(ReminderTemplate.occasion == "commitment_due")).all()

    assert "告知跟进人" not in row.body
    assert row.body.endswith("履行情况由跟进人登记。")
    assert row.body_en.endswith("records that it was.")


@pytest.mark.usefixtures("database")
def test_the_message_of_a_card_says_which(frozen_clock: datetime) -> None:  # noqa: ARG001 - time
    """Given a red card after a yellow one, the reminder of it names the red one."""
    world = issue_world.build()
    issue_id = world.issue(IssueState.HANDLING)
    coordinator = world.actor("coordinator")
    for show, named in ((issues.yellow_card, "黄牌通知："), (issues.red_card, "红牌通知：")):
        show(coordinator, issue_id, "久拖不决")
        with transaction() as session:
            template = session.exec(select(ReminderTemplate).where(ReminderTemplate.occasion == "issue_carded")).one()
            words = SOURCES[Subject.ISSUE].words(session, [issue_id])[issue_id]
            assert renderer(session).render(template.pk, "zh_CN", words).title.startswith(named)


def test_remaining_days_are_told_in_words_of_the_language() -> None:
    """The word `remaining` says in both languages how much time is left."""
    texts = Texts("{{ remaining }}", "-")
    assert said(texts, "zh_CN", WORDS).title == "还剩2个工作日"
    assert said(texts, "zh_CN", {**WORDS, "days_left": -1}).title == "已逾期1个工作日"
    assert said(texts, "en", {**WORDS, "days_left": 0}).title == "due today"
    assert said(texts, "en", {**WORDS, "due": ""}).title == ""


@pytest.mark.usefixtures("database")
def test_english_falls_back_to_chinese() -> None:
    """Given a template without English, English readers get the Chinese."""
    with transaction() as session:
        row = ReminderTemplate(name="无英文", occasion="visit_planned", title="走访 {{ enterprise }}", body="请走访")
        session.add(row)
        session.flush()
        told = renderer(session).render(row.pk, "en", WORDS)
    assert (told.title, told.body) == ("走访 淄博华光陶瓷", "请走访")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{{ enterprize }}", "unknown word: enterprize. Known are: enterprise, title"),
        ("{{ title", "line 1 is not understood"),
        ("一\n{% if title %}", "line 2 is not understood"),
        ("{{ title.upper() }}", "“Call” in line 1"),
        ("{{ 'x' * 99999999 }}", "“Mul” in line 1"),
        ("{{ 9 ** 999999999 }}", "“Pow” in line 1"),
        ("{% set a = title ~ title %}{{ a }}", "“Assign” in line 1"),
        ("{% include 'x' %}", "“Include” in line 1"),
        ("{% macro a() %}{{ a() }}{% endmacro %}", "“Macro” in line 1"),
        ("{{ title | center(99999999) }}", "“center” in line 1"),
        ("{% for a in title %}{% for b in title %}{% for c in title %}x{% endfor %}{% endfor %}{% endfor %}", "a loop"),
        ("{% for a in title recursive %}x{% endfor %}", "a loop"),
        ("{{ " + "(" * 900 + "title" + ")" * 900 + " }}", "conditions or brackets"),
        ("{% if title %}" * 120 + "{% endif %}" * 120, "conditions or brackets"),
    ],
)
def test_a_faulty_template_is_refused_with_its_reason(source: str, told: str) -> None:
    """Given what is no template of this language, `check` says what is wrong and where."""
    with in_locale("en"), pytest.raises(TemplateError) as problem:
        check(source, {"title", "enterprise"})
    assert problem.value.reason.startswith(told)


@pytest.mark.parametrize(
    "source",
    ["{{ missing }}", "{{ 'a long text' | truncate(-5) }}", "{{ days_left is divisibleby 0 }}",
     "{{ title.__class__ }}", "{{ title + 1 }}", "{{ title.nothing }}", "{{ days_left | first }}",
     "{% for each in long %}{{ each }}{% endfor %}"],
)  # fmt: skip
def test_what_fails_only_when_filled_in_is_one_kind_of_error(source: str) -> None:
    """Given a template that its words do not fit, rendering raises `TemplateError` and nothing else."""
    with pytest.raises(TemplateError):
        said(Texts(source, ""), "zh_CN", {**WORDS, "long": range(101)})


def test_texts_are_cut_and_titles_are_one_line() -> None:
    """Given words that are too long, title and text keep their limits and nothing is escaped."""
    told = said(Texts("a\n b {{ title }}", "{{ title }}"), "zh_CN", {**WORDS, "title": "<&>" * 2000})
    assert told.title.startswith("a b <&>")
    assert (len(told.title), len(told.body)) == (300, 4000)


def test_a_loop_that_says_much_stops_where_the_text_is_full() -> None:
    """Given two loops that would say a hundred megabytes, little of it is ever made."""
    source = "{% for a in title %}{% for b in title %}" + "{{ title }}" * 100 + "{% endfor %}{% endfor %}"
    told = said(Texts("-", source), "zh_CN", {**WORDS, "title": "长" * 100})
    assert len(told.body) == 4000


def test_each_wording_is_compiled_once() -> None:
    """Given the same wording twice, the second is the same compiled template."""
    assert compiled("同一 {{ title }}") is compiled("".join(["同一 ", "{{ title }}"]))
