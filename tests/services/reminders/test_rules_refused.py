"""Rules, templates and hours as rows: what is refused and why, who may change them, and how they read."""

from datetime import time
from typing import Any

import pytest

from core.errors import InvalidError, NotAllowedError
from core.i18n import in_locale
from models.account import Role
from models.reminder import Effect, Occasion, ReminderHours, ReminderRule, ReminderTemplate
from services import entities
from services.reminders import ahead, hours, rules, templates, wording
from services.reminders.foreseeing import SUBJECTS
from services.reminders.hours import Hours
from services.reminders.occasions import RELATIONS
from services.reminders.rules import RULES
from services.reminders.sources import SOURCES
from services.reminders.templates import TEMPLATES
from tests import factories as given
from tests.rule_values import template_of, values

OUTSIDERS = [role for role in Role if role is not Role.ADMINISTRATOR]
pytestmark = pytest.mark.usefixtures("same_database")


def test_every_occasion_has_rules_a_template_and_people() -> None:
    """Given a new installation, every occasion of a subject is reminded of, and only of people who are there."""
    assert set(RELATIONS) == set(SUBJECTS)
    assert {rule.occasion for rule in given.rows(ReminderRule)} == set(RELATIONS)
    assert {row.occasion for row in given.rows(ReminderTemplate)} == set(RELATIONS)


@pytest.mark.parametrize("occasion", RELATIONS)
def test_templates_can_be_previewed_in_both_languages_for_every_occasion(occasion: Occasion) -> None:
    """Given an invented subject, every template for it says something in both languages."""
    if not all(subject in SOURCES for subject in SUBJECTS[occasion]):
        pytest.fail(f"nothing gives words for {occasion}")
    for row in given.rows(ReminderTemplate, lambda row: row.occasion is occasion):
        chinese = templates.sample(occasion, templates.Texts(row.title, row.body), "zh_CN", -2)
        english = templates.sample(occasion, templates.Texts(row.title_en, row.body_en), "en", 1)
        assert chinese.title != english.title


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"recipients": []}, "recipients", "Choose who is reminded"),
        ({"recipients": ["addressee"]}, "recipients", "Nobody is that here: Addressee of a notice"),
        ({"effect": "yellow_card"}, "effect", "come after the deadline"),
        ({"effect": "red_card", "offset": 0}, "effect", "come after the deadline"),
        ({"repeats": 2}, "repeat_every", "Say how long to wait"),
        ({"offset": 251}, "offset", "too far off"),
        ({"offset": 5, "repeats": 20, "repeat_every": 20}, "offset", "too far off"),
        ({"offset": 100_001, "unit": "minutes"}, "offset", "at most 100000"),
        ({"occasion": "notice"}, "occasion", "not one of"),
        ({"occasion": "visit_planned"}, "template_id", "is for “Deadline of an issue’s stage”"),
        ({"occasion": "visit_planned", "recipients": ["department_head"]}, "recipients", "Head of the department"),
        ({"occasion": "issue_urged", "offset": -1}, "offset", "before it happens"),
        ({"occasion": "visit_overdue", "offset": 1, "effect": "red_card"}, "effect", "for deadlines of issues only"),
        ({"occasion": "issue_carded", "offset": 1, "effect": "red_card"}, "effect", "for deadlines of issues only"),
        (
            {"occasion": "commitment_due", "recipients": ["enterprise_contact"], "channels": ["wecom"]},
            "channels",
            "by e-mail only",
        ),
        ({"template_id": 999_999}, "template_id", "Choose a template"),
        ({"template_id": None}, "template_id", "must be filled in"),
    ],
)
def test_a_rule_that_could_never_work_is_refused_beside_its_field(
    change: dict[str, Any], field: str, told: str
) -> None:
    """Given a value that makes no sense, nothing is stored and the reason stands beside the field."""
    admin, before = given.actor(Role.ADMINISTRATOR), len(given.rows(ReminderRule))
    with in_locale("en"), pytest.raises(InvalidError) as problem:
        entities.save(admin, RULES, values() | change)
    assert told in problem.value.problems[field]
    assert len(given.rows(ReminderRule)) == before


@pytest.mark.parametrize("role", OUTSIDERS)
def test_only_an_administrator_sees_and_changes_rules_templates_and_hours(role: Role) -> None:
    """Given any other role, every use case refuses."""
    actor = given.actor(role)
    for attempt in (
        lambda: rules.ladders(actor),
        lambda: entities.save(actor, RULES, values()),
        lambda: entities.delete(actor, RULES, given.rows(ReminderRule)[0].pk),
        lambda: entities.save(actor, TEMPLATES, {"title": "x"}, given.rows(ReminderTemplate)[0].pk),
        lambda: templates.of_occasions(actor),
        lambda: ahead.ahead(actor, values()),
        lambda: hours.in_force(actor),
        lambda: hours.change(actor, Hours((time(9),), time(20), time(8), False)),
        lambda: hours.next_slots(actor, Hours((time(9),), time(20), time(8), False)),
    ):
        with pytest.raises(NotAllowedError):
            attempt()


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"title": "{{ titel }}"}, "title", "unknown word: titel. Known are: "),
        ({"body": "{{ title"}, "body", "Text: line 1 is not understood"),
        ({"body_en": "{% for a in due %}{% for b in due %}{% for c in due %}{% endfor %}{% endfor %}{% endfor %}"},
         "body_en", "a loop runs too long"),
        ({"title_en": "{{ review_on }}", "occasion": "issue_urged"}, "occasion", "Rules of another occasion use it"),
        ({"title": "{{ title - 1 }}"}, "title", "cannot be filled in"),
        ({"title": "{{ campaign }}"}, "title", "unknown word: campaign"),
        ({"occasion": "notice"}, "occasion", "not one of"),
    ],
)  # fmt: skip
def test_a_faulty_template_is_refused_beside_its_field(change: dict[str, Any], field: str, told: str) -> None:
    """Given a fault in any of the four texts, nothing is stored and the sentence names it."""
    admin, row_id = given.actor(Role.ADMINISTRATOR), template_of(Occasion.ISSUE_DEADLINE)
    with in_locale("en"), pytest.raises(InvalidError) as problem:
        entities.save(admin, TEMPLATES, change, row_id)
    assert told in problem.value.problems[field]


def test_ladders_are_in_order_and_read_as_sentences() -> None:
    """Given the default rules, the ladder of a deadline reads from before to long after."""
    found = rules.ladders(given.actor(Role.ADMINISTRATOR))[Occasion.ISSUE_DEADLINE]
    with in_locale("zh_CN"):
        told = [wording.sentence(rule) for rule in found]
    assert told == [
        "到期前 2 个工作日 → 当前经办人",
        "到期当天 → 当前经办人",
        "逾期 1 个工作日 → 上一层级队长；提级到上一层级",
        "逾期 1 个工作日 → 当前经办人、服务队长、部门负责人；亮黄牌",
        "逾期 3 个工作日 → 当前经办人、部门负责人、活动统筹员、领导；亮红牌",
    ]


@pytest.mark.parametrize(
    ("language", "told"), [("zh_CN", "周敏、张志远；亮红牌"), ("en", "周敏, 张志远; Show a red card")]
)
def test_what_a_step_does_is_told_apart_from_whom_it_goes_to(language: str, told: str) -> None:
    with in_locale(language):
        assert wording.to_whom(["周敏", "张志远"], Effect.RED_CARD) == told
        assert wording.to_whom([], Effect.RED_CARD) in told
        assert told.startswith(wording.to_whom(["周敏", "张志远"], Effect.NONE))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"offset": 0}, "On the day it is due"),
        ({"offset": 0, "unit": "minutes"}, "When the time has come"),
        ({"offset": -30, "unit": "minutes"}, "30 minutes before it is due"),
        ({"offset": 3, "repeats": 4, "repeat_every": 2}, "3 working days overdue, 4 times more every 2 working days"),
        ({"occasion": "issue_arrived", "offset": 0, "unit": "minutes"}, "At once"),
        ({"occasion": "issue_arrived", "offset": 0}, "On the same day"),
        ({"occasion": "issue_arrived", "offset": 1}, "1 working day later"),
        ({"occasion": "visit_planned"}, "1 working day before the visit"),
    ],
)
def test_a_moment_is_told_as_people_say_it(change: dict[str, Any], told: str) -> None:
    """Given offset, unit and repetitions, the wording fits the occasion."""
    with in_locale("en"):
        assert wording.when(rules.draft(values() | change)) == told


@pytest.mark.parametrize(
    ("slots", "told"),
    [
        ((), "Choose 1 to 6"),
        ((time(9), time(9)), "given twice"),
        ((time(9), time(21), time(7)), "07:00, 21:00 lies in the quiet hours"),
    ],
)
def test_hours_at_which_nothing_would_go_out_are_refused(slots: tuple[time, ...], told: str) -> None:
    """Given impossible times of day, nothing changes and the reason names them."""
    with in_locale("en"), pytest.raises(InvalidError) as problem:
        hours.change(given.actor(Role.ADMINISTRATOR), Hours(slots, time(20), time(8), False))
    assert told in problem.value.problems["slots"]
    assert given.rows(ReminderHours)[0].slots == ["09:00", "14:00"]
