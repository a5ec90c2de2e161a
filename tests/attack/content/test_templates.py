"""Wordings of messages that would reckon for hours or fill the memory are refused or said at once."""

import pytest

from services.reminders.rendering import TemplateError, Texts, said
from services.reminders.template_language import check

WORDS = {"title": "题", "days_left": 5, "due": "2023-12-06"}


@pytest.mark.parametrize("source", [
    "{{ days_left | round(999999999, 'ceil') }}",
    "{{ days_left | round(999999999, 'floor') }}",
    "{{ days_left | round(-999999999) }}",
    "{{ 5 | round(-999999999) }}",
    "{{ days_left | round(precision=999999999, method='ceil') }}",
    "{{ 1.5 | round(999999999) }}",
    "{{ title | truncate(999999999) }}",
    "{{ ('9' ~ title) | int(0, 36) }}",
])  # fmt: skip
def test_no_filter_reckons_for_long(source: str) -> None:
    check(source, WORDS)

    assert len(said(Texts("-", source), "zh_CN", WORDS).body) < 300


@pytest.mark.parametrize("source", [
    "{{ 'a' * 10 ** 9 }}", "{% for i in range(10 ** 9) %}x{% endfor %}", "{{ '%099999999d' % 1 }}",
    "{{ '{:>99999999}'.format(1) }}", "{{ title.__class__.__mro__ }}", "{{ title | attr('__class__') }}",
    "{{ ''.__class__.__base__.__subclasses__() }}", "{{ self.__init__ }}", "{{ cycler.__init__.__globals__ }}",
    "{{ title | format }}", "{{ title | map('upper') | list }}", "{{ [[1] * 99] * 99999 }}", "{{ title[0:9:1] }}",
    "{{ days_left | round('x') }}", "{{ days_left | round(2, 'pow') }}", "{% extends 'x' %}", "{{ caller() }}",
])  # fmt: skip
def test_nothing_is_reached_or_made_but_the_words(source: str) -> None:
    with pytest.raises(TemplateError):
        _used(source)


def _used(source: str) -> None:
    check(source, WORDS)
    said(Texts("-", source), "zh_CN", WORDS)
