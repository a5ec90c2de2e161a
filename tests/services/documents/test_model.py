"""The form of official papers: numbers of headings, where signature and date stand."""

from dataclasses import replace
from datetime import date

import pytest

from core.i18n import in_locale
from services.documents import Heading, Official, form
from services.documents.model import chinese_number, numbered
from tests.services.documents.papers import bulletin


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "〇"), (1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (42, "四十二"), (99, "九十九")],
)
def test_numbers_are_written_in_chinese(number: int, written: str) -> None:
    assert chinese_number(number) == written


def test_numbers_of_three_digits_are_not() -> None:
    with pytest.raises(ValueError, match="100"):
        chinese_number(100)


def test_headings_are_numbered_by_the_standard_and_begin_anew_below_each() -> None:
    headings = [each.text for each in numbered(bulletin().blocks) if isinstance(each, Heading)]

    assert headings == [
        "一、总体情况",
        "（一）走访情况",
        "1.按镇办",
        "（1）要点",
        "（二）问题办理",
        "二、下一步",
        "无编号",
    ]


def test_in_english_they_are_numbered_as_english_papers_are() -> None:
    with in_locale("en"):
        headings = [each.text for each in numbered(bulletin().blocks) if isinstance(each, Heading)]

    assert headings[:5] == ["1. 总体情况", "1.1 走访情况", "(1) 按镇办", "(a) 要点", "1.2 问题办理"]


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        ("区政府", form.Signing(5.75, 4)),  # the date takes 6.5 characters: seven digits of half a width and 年月日
        ("淄博高新区政务服务中心", form.Signing(1.75, 4)),
        ("淄博高新技术产业开发区管理委员会政务服务中心", form.Signing(0, 7.75)),
    ],
)
def test_the_signature_is_centred_above_the_date(signature: str, expected: form.Signing) -> None:
    assert form.signing(Official("通报", [], signature=signature, day=date(2026, 11, 5))) == expected


def test_the_red_head_fits_on_one_line() -> None:
    for organ in ("区政府文件", "淄博高新技术产业开发区管理委员会政务服务中心文件"):
        assert form.organ_size(organ) * form.characters(organ) * 25.4 / 72 <= 150.01
    assert form.organ_size("区政府文件") == 46


def test_one_attachment_has_no_number() -> None:
    paper = bulletin()

    assert form.attachment_lines(paper) == ["1.排名表", "2.红黑榜"]
    assert form.attachment_lines(replace(paper, attachments=["排名表"])) == ["排名表"]
    assert form.appendix_label(paper, 1) == "附件2"
    assert form.appendix_label(replace(paper, appendices=paper.appendices[:1]), 0) == "附件"
