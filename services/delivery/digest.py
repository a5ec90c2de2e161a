"""Digests: one message for all that one recipient, or one team, is told at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from core.i18n import in_locale, ngettext
from services.channels import TeamRoutes
from services.channels.lines import Route
from services.delivery.told import Letter, Told

_LISTED = 50


def letters(told: Iterable[Told], locales: Mapping[str, str], routes: Mapping[str, Sequence[Route]]) -> list[Letter]:
    """Return the messages to accounts and contacts: one for each urgent reminder, one for all others of a recipient.

    Args:
        told: what is to be told.
        locales: recipient's key → language.
        routes: recipient's key → the ways out of the product.
    """
    groups: dict[tuple[str, int], list[Told]] = defaultdict(list)
    for each in told:
        groups[each.due.recipient_key, each.due.id if each.due.urgent else 0].append(each)
    found: list[Letter] = []
    for (key, _id), group in groups.items():
        to = {"account_id": group[0].due.recipient_id, "contact_id": group[0].due.contact_id, "locale": locales[key]}
        found += _to_one(group, to, routes.get(key, ()))
    return found


def team_letters(
    team_id: int, team: TeamRoutes, told: Iterable[Told], names: Mapping[int, str], locale: str
) -> list[Letter]:
    """Return the messages to a team's group chat: what its members are told, and who of them."""
    found = []
    to = {"team_id": team_id, "locale": locale}
    theirs = [each for each in told if each.due.recipient_id in team.members]
    for urgent in (True, False):
        group = [each for each in theirs if each.due.urgent is urgent]
        for items, ways in _by_content(group, team.routes):
            if ways:
                found.append(_letter(_named(items, names), to, ways, ()))
    return found


def _to_one(group: Sequence[Told], to: Mapping[str, Any], routes: Sequence[Route]) -> Iterable[Letter]:
    """Return one message, or several where a rule keeps some of it from some channels; each reminder has one."""
    homeless = {each.due.id for each in group}
    for items, ways in sorted(_by_content(group, routes), key=lambda each: -len(each[0])):
        mine = [each.due.id for each in items if each.due.id in homeless]
        homeless -= set(mine)
        yield _letter([(each, "") for each in items], to, ways, mine)


def _by_content(group: Sequence[Told], routes: Sequence[Route]) -> list[tuple[Sequence[Told], list[Route]]]:
    """Return what may go by which routes; all of it is always one of the contents."""
    if not group:
        return []
    contents: dict[tuple[int, ...], tuple[Sequence[Told], list[Route]]] = {}
    contents[tuple(each.due.id for each in group)] = (group, [])
    for route in routes:
        items = [each for each in group if each.goes_by(route.kind)]
        if items:
            contents.setdefault(tuple(each.due.id for each in items), (items, []))[1].append(route)
    return list(contents.values())


def _named(items: Sequence[Told], names: Mapping[int, str]) -> list[tuple[Told, str]]:
    """Return each thing once, with the names of all who are told it."""
    who: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    first: dict[tuple[Any, ...], Told] = {}
    for each in items:
        key = (each.due.subject, each.due.subject_id, each.title)
        first.setdefault(key, each)
        who[key].append(names.get(each.due.recipient_id or 0, ""))
    return [(told, "、".join(dict.fromkeys(who[key]))) for key, told in first.items()]


def _letter(
    items: Sequence[tuple[Told, str]], to: Mapping[str, Any], routes: Sequence[Route], reminders: Sequence[int]
) -> Letter:
    with in_locale(to["locale"]):
        title, body = _one(*items[0]) if len(items) == 1 else _many(items)
    receiver = {name: to.get(name) for name in ("account_id", "team_id", "contact_id")}
    urgent = items[0][0].due.urgent
    return Letter(
        **receiver, locale=to["locale"], urgent=urgent, title=title, body=body, routes=routes, reminders=reminders
    )


def _one(told: Told, who: str) -> tuple[str, str]:
    return told.title, "\n".join(part for part in (who, told.body, told.link) if part)


def _many(items: Sequence[tuple[Told, str]]) -> tuple[str, str]:
    title = ngettext("{count} reminder", "{count} reminders", len(items)).format(count=len(items))
    lines = [_entry(number, *each) for number, each in enumerate(items[:_LISTED], 1)]
    rest = len(items) - len(lines)
    more = [ngettext("and {count} more", "and {count} more", rest).format(count=rest)] if rest else []
    return title, "\n\n".join(chain(lines, more))


def _entry(number: int, told: Told, who: str) -> str:
    head = f"{number}. {told.title}" + (f"({who})" if who else "")
    return "\n".join(part for part in (head, told.body, told.link) if part)
