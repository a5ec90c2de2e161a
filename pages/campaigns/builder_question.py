"""One question opened in the form builder: its text, kind, options, rules and condition."""

from collections.abc import Sequence

import streamlit as st

from core.i18n import gettext as _
from models import forms as rules
from models.fields import KIND_LABELS, Condition, FieldKind
from models.forms import CHOICE_KINDS, CONDITION_KINDS, NUMBER_KINDS, Question, condition_values
from pages.campaigns.builder_state import BuilderState
from pages.common import ui
from pages.common.options import apart
from services.actor import Actor
from services.campaigns import forms
from services.campaigns.forms import Draft

_FEW = 12


def edit_question(actor: Actor, campaign_id: int, draft: Draft, question: Question, state: BuilderState) -> None:
    """Show a question's inputs; what differs from the draft is kept at once, and problems are told below."""
    key = f"b{campaign_id}_{state.run}_{question.key}"
    changed = _basics(question, key, fixed_kind=question.key in draft.answered)
    lines = _options(changed, key) if changed.kind in CHOICE_KINDS else None
    if changed.kind in NUMBER_KINDS:
        changed = _bounds(changed, key)
    place = [each.key for each in draft.questions].index(question.key)
    changed = _condition(changed, draft.questions[:place], key)
    problems = st.empty()
    with ui.told():
        _keep(actor, campaign_id, question, changed, lines)
    now = forms.draft(actor, campaign_id)
    if messages := now.problems.get(question.key):
        problems.markdown("  \n".join(f":red[:material/error: {message}]" for message in messages))


def _basics(question: Question, key: str, *, fixed_kind: bool) -> Question:
    label = st.text_input(
        _("Question"), question.label, max_chars=200, key=f"{key}_label", placeholder=_("What is asked?")
    )
    hint = st.text_input(
        _("Hint"), question.help, max_chars=500, key=f"{key}_help", placeholder=_("Shown behind a question mark")
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kinds = list(rules.QUESTION_KINDS)
        kind = st.selectbox(
            _("Kind of answer"), kinds, kinds.index(question.kind), lambda each: _(KIND_LABELS[each]),
            key=f"{key}_kind", disabled=fixed_kind, width=220,
            help=_("Records answer this question already, so its kind stays. Add a new question to ask it otherwise.")
            if fixed_kind else None,
        )  # fmt: skip
        required = st.toggle(_("Required"), question.required, key=f"{key}_required")
    return _of_kind(question, kind).model_copy(
        update={"label": label.strip(), "help": hint.strip(), "required": required}
    )


def _of_kind(question: Question, kind: FieldKind) -> Question:
    if kind is question.kind:
        return question
    fresh = rules.add([], kind)[0]
    options = question.options if kind in CHOICE_KINDS and question.options else fresh.options
    return question.model_copy(update={"kind": kind, "options": options, "minimum": None, "maximum": None})


def _options(question: Question, key: str) -> str:
    labels = [option.label for option in question.options]
    return st.text_area(
        _("Options, one a line"), "\n".join(labels), key=f"{key}_options", height=max(100, 26 * (len(labels) + 2))
    )


def _bounds(question: Question, key: str) -> Question:
    whole = question.kind is FieldKind.INTEGER
    least, most = st.columns(2)
    values = {}
    for name, place, label in (("minimum", least, _("Smallest value")), ("maximum", most, _("Largest value"))):
        given = getattr(question, name)
        start = None if given is None else (int(given) if whole else float(given))
        entered = place.number_input(
            label, value=start, step=1 if whole else None, key=f"{key}_{name}", placeholder=_("No limit"),
            format=None if whole else "%.6g",
        )  # fmt: skip
        values[name] = None if entered is None else float(entered)
    return question.model_copy(update=values)


def _condition(question: Question, earlier: Sequence[Question], key: str) -> Question:
    sources = {each.key: each for each in earlier if each.kind in CONDITION_KINDS}
    present = question.shown_if
    if not sources and present is None:
        return question
    known = [*sources, *([present.field] if present and present.field not in sources else [])]
    chosen = st.selectbox(
        _("Shown"), known, known.index(present.field) if present else None,
        lambda field: _("only if: {question}").format(question=sources[field].label) if field in sources else "?",
        key=f"{key}_source", placeholder=_("always"),
    )  # fmt: skip
    if chosen is None:
        return question.model_copy(update={"shown_if": None})
    values = _answers(sources.get(chosen), present, f"{key}_values_{chosen}")
    return question.model_copy(update={"shown_if": Condition(field=chosen, values=values)})


def _answers(source: Question | None, present: Condition | None, key: str) -> tuple[str, ...]:
    if source is None:
        return present.values if present else ()
    labels = condition_values(source)
    if present and present.field == source.key:
        given = [value for value in present.values if value in labels]
    else:
        given = list(labels)[:1]
    label = _("and the answer is one of")
    if len(labels) > _FEW:
        chosen = st.multiselect(label, list(labels), given, apart(labels), key, placeholder=_("Choose answers"))
    else:
        chosen = st.pills(
            label, list(labels), selection_mode="multi", default=given, format_func=apart(labels), key=key
        )
    return tuple(chosen)


def _keep(actor: Actor, campaign_id: int, before: Question, after: Question, lines: str | None) -> None:
    same_lines = lines is None or lines == "\n".join(option.label for option in after.options)
    if after == before and same_lines:
        return

    def change(form: rules.Form, _taken: frozenset[str]) -> rules.Form:
        changed = rules.replace(form, after)
        return changed if same_lines else rules.set_options(changed, after.key, lines or "")

    forms.edit(actor, campaign_id, change)
