"""Every public function of the services is a use case: an actor first, one permission check, one transaction."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.servers import ROOT

PAST_USE_CASE = {
    "services/accounts/actors.py:is_live": "asked by the gate before anybody is known",
    "services/accounts/actors.py:actor_for": "finds out who the actor is",
    "services/accounts/identity.py:sign_in_by_identity": "there is no actor before the sign-in",
    "services/accounts/sessions.py:sign_out": "whoever holds the token may end its session",
    "services/accounts/signing_in.py:sign_in": "there is no actor before the sign-in",
    "services/backups/planning.py:plan": "run by the scheduler",
    "services/backups/planning.py:standing": "asked by the machinery that watches the product",
    "services/bulletin/building.py:plan": "run by the scheduler",
    "services/bulletin/building.py:run": "run by workers",
    "services/channels/opening.py:opened": "reads the address a worker sends to",
    "services/channels/opening.py:remember": "a worker records how a channel did",
    "services/health.py:readiness": "asked by the machinery that watches the product",
    "services/reminders/effects.py:carry_out": "run by workers; the step itself is a use case",
    "services/notices/writing.py:finish": "run by workers",
    "services/notices/writing.py:write": "run by workers",
    "services/reminders/replanning.py:run": "run by workers",
    "services/tallies/checking.py:check": "run by the daily upkeep",
    "services/tallies/keeping.py:catch_up": "counts what has changed for whoever may read figures, and tells nothing",
    "services/tallies/keeping.py:alone": "the frame of those who count figures anew: workers, upkeep, command line",
    "services/tallies/keeping.py:plan": "run by the scheduler",
    "services/upkeep.py:plan": "run by the scheduler",
    "services/upkeep.py:run": "run by the scheduler",
    "services/use_case.py:use_case": "is the frame itself",
    "services/working_time/asking.py:calendar_at_hand": "asked by the command line, which reads nothing but days",
}
"""Public functions that open a transaction themselves, and why they may."""
WHOLE_MODULES = {
    "services/outbox.py": "the queue of the product itself, worked off by workers",
    "services/delivery/": "tells people what rows say; worked off by workers",
}


def _functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for file in sorted((ROOT / "services").rglob("*.py")):
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                yield f"{file.relative_to(ROOT)}:{node.name}", node


def _calls(function: ast.FunctionDef, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def test_a_use_case_takes_its_actor_first_and_acts_for_nobody_else() -> None:
    wrong = []
    for where, function in _functions():
        first = function.args.args[0].arg if function.args.args else ""
        for call in _calls(function, "use_case"):
            given = call.args[0]
            public = not function.name.startswith("_")
            named = isinstance(given, ast.Name) and given.id in ("actor", "SYSTEM")
            if not named or (public and first != "actor"):
                wrong.append(where)

    assert not wrong, "the actor comes first and is the one who is checked:\n" + "\n".join(wrong)


def test_nobody_opens_a_transaction_past_the_permission_check() -> None:
    past = {
        where
        for where, function in _functions()
        if _calls(function, "transaction") and not function.name.startswith("_")
        if not where.startswith(tuple(WHOLE_MODULES))
    }

    assert past == set(PAST_USE_CASE), "each exception needs a reason here, and none may be left over"


def test_one_call_is_one_transaction() -> None:
    several = [where for where, function in _functions() if len(_calls(function, "use_case")) > 1]

    assert not several, "one public function, one transaction:\n" + "\n".join(several)


def test_no_page_opens_a_transaction() -> None:
    wrong = [
        str(file.relative_to(ROOT))
        for file in sorted((ROOT / "pages").rglob("*.py"))
        if {"core.db", "sqlmodel", "sqlalchemy"} & _imported(file)
    ]

    assert not wrong, "data goes through services:\n" + "\n".join(wrong)


def _imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {
                node.module,
                node.module.partition(".")[0],
                *(f"{node.module}.{each.name}" for each in node.names),
            }
        if isinstance(node, ast.Import):
            found |= {each.name.partition(".")[0] for each in node.names}
    return found
