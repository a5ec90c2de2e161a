"""Rules of a visit form."""

from models import forms
from models.fields import Condition, FieldKind, Option
from models.forms import Question


def _choice(key: str, *labels: str, label: str = "", **more: object) -> Question:
    options = tuple(Option(value=each, label=each) for each in labels)
    return Question(key=key, label=label or key, kind=FieldKind.CHOICE, options=options, **more)  # type: ignore[arg-type]


def _text(key: str, label: str = "", **more: object) -> Question:
    return Question(key=key, label=label or key, **more)  # type: ignore[arg-type]


def _when(field: str, *values: str) -> Condition:
    return Condition(field=field, values=values)


def test_keys_are_numbered_and_never_come_back_to_mean_something_else() -> None:
    form = forms.add([], FieldKind.TEXT)
    form = forms.add(form, FieldKind.DATE)

    assert [q.key for q in form] == ["q1", "q2"]
    assert [q.key for q in forms.add(forms.remove(form, "q2"), FieldKind.TEXT, taken=("q2",))] == ["q1", "q3"]


def test_keys_of_other_origin_are_left_alone() -> None:
    assert forms.next_key(["state", "quality"], []) == "q1"


def test_a_key_stays_when_the_text_changes() -> None:
    form = [_text("q1", "Pledge")]

    assert forms.replace(form, form[0].model_copy(update={"label": "Pledged heads"}))[0].key == "q1"


def test_a_copy_stands_below_the_question_with_a_key_and_text_of_its_own() -> None:
    form = forms.duplicate([_text("q1", "Pledge"), _text("q2")], "q1")

    assert [q.key for q in form] == ["q1", "q3", "q2"]
    assert form[1].label != "Pledge"
    assert not forms.find_problems(form)


def test_a_question_moves_and_stops_at_either_end() -> None:
    form = [_text("q1"), _text("q2"), _text("q3")]

    assert [q.key for q in forms.move(form, "q3", -1)] == ["q1", "q3", "q2"]
    assert [q.key for q in forms.move(form, "q1", -1)] == ["q1", "q2", "q3"]
    assert [q.key for q in forms.move(form, "q3", 1)] == ["q1", "q2", "q3"]


def test_a_new_question_needs_a_text_before_the_form_is_whole() -> None:
    form = forms.add([], FieldKind.CHOICE)

    assert list(forms.find_problems(form)) == ["q1"]
    assert not forms.find_problems([form[0].model_copy(update={"label": "Colour"})])


def test_options_come_from_lines_and_empty_lines_fall_out() -> None:
    form = forms.set_options([_choice("q1", "x", "y")], "q1", " red \n\n blue ")

    assert [(o.value, o.label) for o in form[0].options] == [("red", "red"), ("blue", "blue")]


def test_an_option_that_stays_keeps_its_value_wherever_it_stands() -> None:
    question = Question(
        key="q1", label="State", kind=FieldKind.CHOICE,
        options=(Option(value="growing", label="增长"), Option(value="falling", label="下滑")),
    )  # fmt: skip

    form = forms.set_options([question], "q1", "下滑\n平稳\n增长")

    assert [o.value for o in form[0].options] == ["falling", "平稳", "growing"]


def test_long_options_that_begin_alike_have_values_of_their_own() -> None:
    form = forms.set_options([_choice("q1", "x", "y")], "q1", f"{'a' * 70}1\n{'a' * 70}2")

    assert len({o.value for o in form[0].options}) == 2


def test_a_condition_follows_a_reworded_option() -> None:
    form = [_choice("q1", "yes", "no"), _text("q2", shown_if=_when("q1", "yes"))]

    changed = forms.set_options(form, "q1", "yes, gladly\nno")

    assert changed[1].shown_if == _when("q1", "yes, gladly")
    assert not forms.find_problems(changed)


def test_a_condition_on_a_deleted_question_is_told_at_the_question_that_has_it() -> None:
    form = [_choice("q1", "yes", "no"), _text("q2", shown_if=_when("q1", "yes"))]

    assert list(forms.find_problems(forms.remove(form, "q1"))) == ["q2"]


def test_a_condition_on_a_later_question_is_refused() -> None:
    form = [_choice("q1", "yes", "no"), _text("q2", shown_if=_when("q1", "yes"))]

    assert list(forms.find_problems(forms.move(form, "q2", -1))) == ["q2"]


def test_a_condition_on_a_deleted_option_is_refused() -> None:
    form = [_choice("q1", "yes", "no", "later"), _text("q2", shown_if=_when("q1", "later"))]

    assert list(forms.find_problems(forms.set_options(form, "q1", "yes\nno"))) == ["q2"]


def test_a_condition_needs_a_question_with_fixed_answers_and_at_least_one_of_them() -> None:
    free = [_text("q1"), _text("q2", shown_if=_when("q1", "yes"))]
    none = [_choice("q1", "yes", "no"), _text("q2", shown_if=_when("q1"))]

    assert list(forms.find_problems(free)) == ["q2"]
    assert list(forms.find_problems(none)) == ["q2"]


def test_yes_no_and_ratings_can_decide_too() -> None:
    form = [
        Question(key="q1", label="Delivered", kind=FieldKind.BOOLEAN),
        Question(key="q2", label="How was it", kind=FieldKind.RATING, shown_if=_when("q1", "True")),
        _text("q3", "What was wrong", shown_if=_when("q2", "1", "2")),
    ]

    assert not forms.find_problems(form)


def test_options_must_differ_and_bounds_must_leave_room() -> None:
    twice = _choice("q1", "yes", "yes")
    crossed = Question(key="q2", label="Heads", kind=FieldKind.INTEGER, minimum=10, maximum=1)

    assert set(forms.find_problems([twice, crossed])) == {"q1", "q2"}


def test_two_questions_with_one_text_are_refused_at_the_second() -> None:
    assert list(forms.find_problems([_text("q1", "Heads"), _text("q2", "Heads")])) == ["q2"]


def test_a_form_has_a_largest_size() -> None:
    form = [_text(f"q{n}") for n in range(1, forms.MAX_QUESTIONS + 2)]

    assert list(forms.find_problems(form)) == [""]


def test_what_is_stored_is_read_back_the_same() -> None:
    form = [_choice("q1", "yes", "no"), _text("q2", shown_if=_when("q1", "yes"), required=True, help="Why?")]

    assert forms.from_stored(forms.to_stored(form)) == form
    assert forms.fingerprint(forms.from_stored(forms.to_stored(form))) == forms.fingerprint(form)
