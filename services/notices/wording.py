"""The words of a notice: what placeholders there are, and the text as each recipient gets it."""

from collections.abc import Mapping

from core.errors import InvalidError
from models.reminder import Audience
from services.notices.audience import Addressee
from services.reminders.rendering import Rendered, TemplateError, Texts, said
from services.reminders.template_language import check

PLACEHOLDERS: Mapping[Audience, tuple[str, ...]] = {
    Audience.ENTERPRISES: ("enterprise", "person"),
    Audience.STAFF: ("person",),
}
"""What a text may name in double braces, by audience."""
_LOCALE = "zh_CN"  # a notice is written in one language; this one has no word to bend


class Wording:
    """The text of a notice, ready to be said to many.

    Args:
        audience: to whom it goes.
        title: its title, with placeholders.
        body: its text, with placeholders.

    Raises:
        InvalidError: a placeholder is faulty, or means nothing for this audience.
    """

    def __init__(self, audience: Audience, title: str, body: str) -> None:
        known = PLACEHOLDERS[audience]
        problems = {key: why for key, source in (("title", title), ("body", body)) if (why := _problem(source, known))}
        if problems:
            raise InvalidError(problems)
        self._texts = Texts(title, body)

    def for_(self, to: Addressee) -> Rendered:
        """Return the text as one recipient gets it.

        Raises:
            TemplateError: it cannot be said to them.
        """
        return said(self._texts, _LOCALE, to.words)


def _problem(source: str, known: tuple[str, ...]) -> str:
    """Return what is wrong with a text, asked of an invented recipient too; empty if nothing is."""
    try:
        check(source, known)
        said(Texts(source, source), _LOCALE, dict.fromkeys(known, "…"))
    except TemplateError as problem:
        return problem.reason
    return ""
