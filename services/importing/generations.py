"""Puts rows that belong to other rows of the same file after those, whatever the file's order."""

from collections.abc import Iterator

from core.i18n import gettext
from services.importing.drafts import Draft, Problem
from services.importing.plan import Plan


def generations(drafts: list[Draft], plan: Plan) -> Iterator[list[Draft]]:
    """Return the rows whose parents are not in the file, then those whose parents came before, and so on.

    Rows that belong to themselves, through others, come last, with that as their problem.
    """
    key = next(spec.key for spec in plan.specs.values() if spec.reference == plan.importer.entity.key)
    by_name = _by_name(drafts, plan)
    parents = {draft.number: _parents(draft, key, by_name) for draft in drafts}
    waiting, done = drafts, set[int]()
    while waiting:
        ready = [draft for draft in waiting if not parents[draft.number] - done]
        if not ready:
            break
        yield ready
        done |= {draft.number for draft in ready}
        waiting = [draft for draft in waiting if draft.number not in done]
    for draft in waiting:
        title, text = draft.texts[key][0]
        draft.problems.append(Problem(title, text, gettext("belongs to itself through the entries it belongs to")))
    if waiting:
        yield waiting


def _by_name(drafts: list[Draft], plan: Plan) -> dict[str, set[int]]:
    """Return the texts by which other rows may name a row → row numbers."""
    entity, found = plan.importer.entity, dict[str, set[int]]()
    for draft in drafts:
        for field in {*entity.natural_key, entity.title}:
            if name := draft.values.get(field):
                found.setdefault(str(name), set()).add(draft.number)
    return found


def _parents(draft: Draft, key: str, by_name: dict[str, set[int]]) -> set[int]:
    """Return the rows of the file a row may belong to; a name several rows share waits for all of them."""
    named = [by_name.get(text, set()) for _title, text in draft.texts.get(key, [])]
    return set().union(*named)
