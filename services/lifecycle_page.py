"""The life cycle of an issue as a page of the documentation: `python -m services.lifecycle_page`."""

from models.issue import IssueState
from models.lifecycle import STEPS, Verb
from services.issues.steps import ACTIONS

_HEAD = """# The life cycle of an issue

This page shows `models.lifecycle.STEPS` and is written by `python -m services.lifecycle_page`; a test keeps the two
equal. Every step is one function of `services.issues`: one permission check ([who may do what](permissions.md)), one
transaction, one event of the issue's log. A step is refused with its reason; nothing is half done.

What else a step needs (`services.issues.guards`):

- Only the lead department acknowledges, returns, resolves and asks for more time; an assisting department has its task.
- A wrongly dispatched issue is returned within its limit. The third return is answered by the coordinator's ruling,
  after which the department cannot return it.
- An extension is asked for before the last days of the limit.
- The issue is resolved when no mandatory task is open or returned: a returned one is cancelled or given to another.
- The enterprise is told after the review; whoever handled the issue neither reviews it, nor calls back, nor closes it.
- *Solved* and *satisfied* are two answers. If either is no, the next round begins: with the same department, or, for
  what was resolved on the spot, with the coordinator. A no counts until the enterprise is asked again; what it had
  confirmed of an issue that is reopened counts no longer. The log keeps both. One that was declined and is taken up
  again has had no round yet.
- A call-back can be given to somebody else by whoever may make it, until it is done; attempts made still count. One
  whose caller has left, or works in a role that calls nobody, is among the call-backs to arrange of coordinators and
  leads; what such a person would have answered is the coordinator's. So is what no lead is left to accept, and what
  lies with a department that has no officer.
- An issue is closed when the enterprise has confirmed, or could not be reached three times.
- Handing an issue up hands up the decision whether it is accepted or declined. Resolving it on site decides nothing:
  whoever is with the enterprise and helps says so, also then, and the enterprise is asked by somebody else.

Remind, supervise, escalate and cards are events on an issue, never states. The deadline of each stage:
[how deadlines are counted](deadlines.md).
"""


def page() -> str:
    """Return the page."""
    lines = ["| Step | Shown as | From | To | Action |", "| --- | --- | --- | --- | --- |"]
    lines += [_line(verb) for verb in Verb]
    return _HEAD + "\n" + "\n".join(lines) + "\n"


def _line(verb: Verb) -> str:
    step = STEPS[verb]
    to = _states(step.targets) if step.targets else "stays"
    sources = [state for state in IssueState if state in step.sources]
    cells = (f"`{verb.value}`", verb.label, _from(sources), to, f"`{ACTIONS[verb].value}`")
    return f"| {' | '.join(cells)} |"


def _from(sources: list[IssueState]) -> str:
    if len(sources) == len(IssueState):
        return "any state"
    return _states(sources) if sources else "–"


def _states(states: tuple[IssueState, ...] | list[IssueState]) -> str:
    return ", ".join(f"`{state.value}`" for state in states)


if __name__ == "__main__":
    print(page(), end="")
