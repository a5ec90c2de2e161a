"""Templates of reminders: rows an administrator edits; a faulty one is refused when it is saved."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from core.errors import InvalidError
from core.i18n import LOCALES, N_, gettext, in_locale, locale
from models.reminder import Occasion, ReminderRule, ReminderTemplate
from services.actor import Actor
from services.entities import Entity
from services.permissions import Action
from services.reminders.foreseeing import SUBJECTS
from services.reminders.occasions import OPTIONS, RELATIONS
from services.reminders.rendering import REMAINING, Rendered, TemplateError, Texts, remaining, said
from services.reminders.sources import SOURCES
from services.reminders.template_language import check
from services.use_case import use_case

_TEXTS = ("title", "body", "title_en", "body_en")


def known_words(occasion: Occasion) -> dict[str, Any]:
    """Return the words every subject of an occasion gives, with those of an invented subject, in the present language.

    Args:
        occasion: what is reminded of.
    """
    samples = [SOURCES[subject].sample() for subject in SUBJECTS[occasion] if subject in SOURCES]
    shared = set.intersection(*(set(each) for each in samples)) if samples else set()
    return {name: value for name, value in (samples[0] if samples else {}).items() if name in shared}


def words_with_samples(occasion: Occasion) -> dict[str, Any]:
    """Return all a template for an occasion may use, with examples in the present language."""
    words = known_words(occasion)
    return words | {REMAINING: remaining(words, locale())} if words else words


def sample(occasion: Occasion, texts: Texts, language: str, days_left: int | None = None) -> Rendered:
    """Return what a template says of an invented subject.

    Args:
        occasion: what it is for.
        texts: its title and text.
        language: a key of `LOCALES`.
        days_left: how many working days the subject has left; its own if `None`.

    Raises:
        TemplateError: it is faulty.
    """
    words = _words_in(language, occasion)
    if days_left is not None:
        words |= {"days_left": days_left}
    for source in (texts.title, texts.body):
        check(source, {*words, REMAINING})
    return said(texts, language, words)


def of_occasions(actor: Actor) -> dict[Occasion, dict[int, str]]:
    """Return the templates for each occasion, id → name, in the order they were made."""
    with use_case(actor, Action.CONFIGURE) as session:
        rows = session.exec(select(ReminderTemplate).order_by(col(ReminderTemplate.id))).all()
    return {occasion: {row.pk: row.name for row in rows if row.occasion is occasion} for occasion in RELATIONS}


def _prepare(session: Session, _actor: Actor, row: ReminderTemplate) -> None:
    """Refuse a template that its occasion cannot fill in."""
    if row.occasion not in RELATIONS:
        raise InvalidError({"occasion": gettext("A notice is written where it is sent and needs no template.")})
    _refuse_lost_rules(session, row)
    words = {language: _words_in(language, row.occasion) for language in LOCALES}
    problems = {key: told for key in _TEXTS if (told := _problem(row, key, words))}
    if problems:
        raise InvalidError(problems)


def _refuse_lost_rules(session: Session, row: ReminderTemplate) -> None:
    """Refuse another occasion while rules for the present one use the template."""
    using = select(ReminderRule.name).where(
        ReminderRule.template_id == row.id, col(ReminderRule.occasion) != row.occasion
    )
    names = session.exec(using).all() if row.id is not None else []
    if names:
        reason = gettext("Rules of another occasion use it: {names}. Give them another template first.")
        raise InvalidError({"occasion": reason.format(names=gettext(", ").join(names[:5]))})


def _problem(row: ReminderTemplate, key: str, words: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what is wrong with one of the four texts, or nothing."""
    language, source = ("en" if key.endswith("_en") else "zh_CN"), getattr(row, key)
    try:
        check(source, {*words[language], REMAINING})
        said(Texts(source, source), language, words[language])
    except TemplateError as problem:
        return gettext("{field}: {problem}").format(field=gettext(_LABELS[key]), problem=problem.reason)
    return ""


def _words_in(language: str, occasion: Occasion) -> dict[str, Any]:
    with in_locale(language):
        return known_words(occasion)


_LABELS = {
    key: info.json_schema_extra["qianqi"].label  # type: ignore[index, union-attr]  # declared with `column`
    for key, info in ReminderTemplate.model_fields.items()
    if key in _TEXTS
}
TEMPLATES = Entity(
    key="reminder_template",
    model=ReminderTemplate,
    label=N_("Reminder template"),
    labels=N_("Reminder templates"),
    view=Action.CONFIGURE,
    edit=Action.CONFIGURE,
    natural_key=("name",),
    order="id",
    choices={"occasion": lambda _session: OPTIONS},
    prepare=_prepare,
    deletable=True,
)
