"""The permission matrix as a page of the documentation: `python -m services.permissions_page > docs/permissions.md`."""

from models.account import Role
from services.permissions import MATRIX, MEANINGS, Action, Scope

_HEAD = """# Who may do what

This page shows `services.permissions.MATRIX` and is written by `python -m services.permissions_page`; a test keeps the
two equal. Every use case asks for one action, and every row is loaded through `services.access`, which says which
rows a scope means for each table. A row outside is answered like one that does not exist.

- **own**: rows that are the person's own: their visits, their leave, the issues of their department. Of enterprises:
  those of its issues, and of commitments whose enterprise a coordinator or an import chose. A commitment a department
  enters itself opens it nothing: it is seen with the enterprise's name, without profile, contacts and files.
- **area**: rows of the person's area and everything below it: a lead's team area, a worker's grid. Of enterprises also
  those they have still to visit, wherever they are, until that is done or the campaign is finished.
- **zone**: every row.
- **–**: not at all.

Somebody who must still change a first password may do nothing but `account.basics`, whatever the role.
"""
_WORDS = {Scope.NONE: "–", Scope.OWN: "own", Scope.AREA: "area", Scope.ZONE: "zone"}


def page() -> str:
    """Return the page."""
    roles = [role.label for role in Role]
    lines = [_row("Action", "What it is", *roles), _row(*["---"] * (len(roles) + 2))]
    lines += [_row(f"`{action.value}`", MEANINGS[action], *_scopes(action)) for action in Action]
    return _HEAD + "\n" + "\n".join(lines) + "\n"


def _scopes(action: Action) -> list[str]:
    return [_WORDS[MATRIX[action].get(role, Scope.NONE)] for role in Role]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(page(), end="")
