"""The words of claimed reminders: rendered by the template of their rule, in the language of whoever is told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from core.i18n import N_, in_locale
from core.settings import settings
from models.channel import ChannelKind
from models.reminder import ReminderRule, Subject
from services.delivery.told import Due, Told
from services.reminders.rendering import Rendered, TemplateError, renderer
from services.reminders.sources import SOURCES
from services.reminders.standing import Words

GONE = N_("What it was about does not exist any more")
NO_WORDS = N_("It has neither a rule nor words of its own")


@dataclass(frozen=True)
class Rule:
    """What telling needs of a rule."""

    template_id: int
    channels: frozenset[ChannelKind]


@dataclass
class Wording:
    """The words that were found, and why there are none for the others."""

    told: list[Told] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)


class Writer:
    """Finds words within one transaction; what several people are told is rendered once for each language."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._renderer = renderer(session)
        self._rules = _rules(session)
        self._words: dict[tuple[str, Subject], dict[int, Words]] = defaultdict(dict)
        self._rendered: dict[tuple[str, int, Subject, int], Rendered | str] = {}

    def word(self, rows: Iterable[tuple[Due, str]]) -> Wording:
        """Return the words of reminders, each in the language beside it."""
        rows = list(rows)
        self._read([(due, locale) for due, locale in rows if not due.title])
        found = Wording()
        for due, locale in rows:
            self._put(found, due, locale)
        return found

    def _read(self, rows: Iterable[tuple[Due, str]]) -> None:
        wanted: dict[tuple[str, Subject], set[int]] = defaultdict(set)
        for due, locale in rows:
            wanted[locale, due.subject].add(due.subject_id)
        for (locale, subject), ids in wanted.items():
            known = self._words[locale, subject]
            source, missing = SOURCES.get(subject), sorted(ids - known.keys())
            if source is not None and missing:
                with in_locale(locale):
                    known |= source.words(self._session, missing)

    def _put(self, found: Wording, due: Due, locale: str) -> None:
        rule = self._rules.get(due.rule_id or 0)
        if due.title:  # a notice, or what has been told before
            said: Rendered | str = Rendered(due.title, due.body)
        elif rule is None:
            said = NO_WORDS
        elif due.subject_id not in self._words[locale, due.subject]:
            found.gone.append(due.id)
            return
        else:
            said = self._render(rule.template_id, due, locale)
        if isinstance(said, str):
            found.failed[due.id] = said
        else:
            channels = rule.channels if rule else frozenset[ChannelKind]()
            found.told.append(Told(due, said.title, said.body, link_of(due), channels))

    def _render(self, template_id: int, due: Due, locale: str) -> Rendered | str:
        key = (locale, template_id, due.subject, due.subject_id)
        if key not in self._rendered:
            words: Mapping[str, object] = self._words[locale, due.subject][due.subject_id]
            try:
                self._rendered[key] = self._renderer.render(template_id, locale, words)
            except TemplateError as problem:
                self._rendered[key] = str(problem)
        return self._rendered[key]


def link_of(due: Due) -> str:
    """Return the full address of the subject's page; contacts of enterprises cannot open it."""
    source = SOURCES.get(due.subject)
    return f"{settings().base_url}{source.link(due.subject_id)}" if source and due.recipient_id else ""


def _rules(session: Session) -> dict[int, Rule]:
    columns = select(col(ReminderRule.id), col(ReminderRule.template_id), col(ReminderRule.channels))
    return {
        row_id: Rule(template_id, frozenset(channels))
        for row_id, template_id, channels in session.exec(columns)
        if row_id is not None
    }
