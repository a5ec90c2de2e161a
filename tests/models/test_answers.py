"""What answers add up to."""

from datetime import date
from typing import Any

from models.answers import Answers, Summary, merged, summarise
from models.fields import FieldKind, FieldSpec, Option

DAY = date(2023, 12, 1)


def _spec(key: str, kind: FieldKind, *options: str) -> FieldSpec:
    return FieldSpec(key=key, label=key, kind=kind, options=tuple(Option(value=o, label=o.upper()) for o in options))


def _one(spec: FieldSpec, *values: Any) -> Summary:
    records = [Answers({spec.key: value}, f"enterprise {n}", DAY) for n, value in enumerate(values)]
    return summarise([spec], records)[0]


def test_numbers_are_summed_and_averaged_over_those_who_answered() -> None:
    summary = _one(_spec("heads", FieldKind.INTEGER), 2000, None, 1000)

    assert (summary.total, summary.mean, summary.answered) == (3000, 1500, 2)


def test_without_an_answer_there_is_no_average() -> None:
    assert _one(_spec("heads", FieldKind.INTEGER), None).mean is None


def test_choices_are_counted_in_the_order_of_the_options_and_zero_is_told() -> None:
    summary = _one(_spec("how", FieldKind.CHOICES, "car", "cart", "foot"), ["foot", "car"], ["car"])

    assert summary.counts == {"CAR": 2, "CART": 0, "FOOT": 1}


def test_a_rating_is_averaged_and_counted_by_stars() -> None:
    summary = _one(_spec("stars", FieldKind.RATING), 5, 4, 5)

    assert round(summary.mean or 0, 2) == 4.67
    assert summary.counts["★★★★★"] == 2


def test_yes_and_no_are_both_answers() -> None:
    assert list(_one(_spec("done", FieldKind.BOOLEAN), True, False, True).counts.values()) == [2, 1]


def test_of_texts_the_latest_are_kept_with_where_they_come_from() -> None:
    summary = _one(_spec("thanks", FieldKind.TEXT), *[f"text {n}" for n in range(20)])

    assert summary.answered == 20
    assert summary.latest[0] == ("text 0", "enterprise 0", DAY)
    assert len(summary.latest) == 8


def test_dates_have_a_first_and_a_last_and_attachments_a_number() -> None:
    days = _one(_spec("day", FieldKind.DATE), "2023-12-03", "2023-11-27")
    photos = _one(_spec("photo", FieldKind.ATTACHMENT), [1, 2], [3], [])

    assert (days.first_day, days.last_day) == (date(2023, 11, 27), date(2023, 12, 3))
    assert (photos.files, photos.answered) == (3, 2)


def test_questions_of_all_versions_are_there_once_with_the_options_of_all() -> None:
    first = [_spec("how", FieldKind.CHOICE, "car", "ship"), _spec("gone", FieldKind.TEXT)]
    second = [_spec("new", FieldKind.TEXT), _spec("how", FieldKind.CHOICE, "car", "foot")]

    specs = merged([first, second])

    assert [spec.key for spec in specs] == ["new", "how", "gone"]
    assert [option.value for option in specs[1].options] == ["car", "foot", "ship"]
