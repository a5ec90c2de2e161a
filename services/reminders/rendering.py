"""What a reminder says: a template and the words of its subject make a title and a text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from core.i18n import gettext as _
from core.i18n import in_locale, ngettext
from models.reminder import ReminderTemplate
from services.reminders.template_language import TemplateError, compiled

__all__ = ["REMAINING", "Rendered", "Renderer", "TemplateError", "Texts", "remaining", "renderer", "said"]

REMAINING = "remaining"
"""The word every template may use beside those of the subject: `days_left` in words, “2 working days left”."""
_LONGEST_TITLE, _LONGEST_BODY = 300, 4000


@dataclass(frozen=True)
class Rendered:
    """What is told: one line, and plain text."""

    title: str
    body: str


@dataclass(frozen=True)
class Texts:
    """The two sources of a template in one language."""

    title: str
    body: str


class Renderer:
    """Renders reminders with the templates as they were when it was made.

    Args:
        texts: (id of the template, language) → its sources.
    """

    def __init__(self, texts: Mapping[tuple[int, str], Texts]) -> None:
        """Keep the templates."""
        self._texts = texts

    def render(self, template_id: int, locale: str, words: Mapping[str, Any]) -> Rendered:
        """Return what a template says in a language.

        Args:
            template_id: which template.
            locale: which language.
            words: what the subject gives, in that language.

        Raises:
            TemplateError: it cannot be said with these words, or there is no such template.
        """
        texts = self._texts.get((template_id, locale)) or self._texts.get((template_id, "zh_CN"))
        if texts is None:
            raise TemplateError(_("The template is not there any more."))
        return said(texts, locale, words)


def renderer(session: Session) -> Renderer:
    """Return a renderer with all templates of today; English texts that are empty fall back to Chinese."""
    columns = (
        ReminderTemplate.id, ReminderTemplate.title, ReminderTemplate.body, ReminderTemplate.title_en,
        ReminderTemplate.body_en,
    )  # fmt: skip
    texts: dict[tuple[int, str], Texts] = {}
    for row_id, title, body, title_en, body_en in session.execute(select(*columns)):  # type: ignore[call-overload]  # five columns
        texts[row_id, "zh_CN"] = Texts(title, body)
        texts[row_id, "en"] = Texts(title_en or title, body_en or body)
    return Renderer(texts)


def said(texts: Texts, locale: str, words: Mapping[str, Any]) -> Rendered:
    """Return what sources say with the words of a subject.

    Raises:
        TemplateError: a word is missing, or the template is faulty.
    """
    given = {**words, REMAINING: remaining(words, locale)}
    title, body = _filled(texts.title, given, _LONGEST_TITLE), _filled(texts.body, given, _LONGEST_BODY)
    return Rendered(_short(" ".join(title.split()), _LONGEST_TITLE), _short(body.strip(), _LONGEST_BODY))


def remaining(words: Mapping[str, Any], locale: str) -> str:
    """Return in words how much time a subject has left; empty where nothing is due."""
    days = words.get("days_left")
    if days is None or not words.get("due"):
        return ""
    with in_locale(locale):
        if days == 0:
            return _("due today")
        if days > 0:
            return ngettext("{count} working day left", "{count} working days left", days).format(count=days)
        return ngettext("{count} working day overdue", "{count} working days overdue", -days).format(count=-days)


def _filled(source: str, words: Mapping[str, Any], longest: int) -> str:
    """Return what a source says, of loops about twice as much as fits: spaces are taken away later."""
    try:
        return compiled(source).filled(words, 2 * longest)
    except TemplateError:
        raise
    except Exception as problem:  # noqa: BLE001 - whatever a word or a filter raises, it is the template's fault
        raise TemplateError(_("The template cannot be filled in: {problem}").format(problem=problem)) from None


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
