"""What somebody can do with an issue now, and why not the rest: for the page's next actions."""

from sqlmodel import Session

from models.issue import Issue
from models.lifecycle import STEPS, Verb
from services import access
from services.actor import Actor
from services.issues.guards import why_not
from services.issues.steps import ACTIONS
from services.permissions import Action
from services.use_case import use_case


def allowed(actor: Actor, issue_id: int) -> dict[Verb, str | None]:
    """Return the steps whose state is right and which the actor may take with this issue.

    Returns:
        Step → `None`, or the reason in the person's language why it is not possible yet.

    Raises:
        NotFoundError: there is no such issue or the actor may not see it.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        issue = access.load(session, actor, Action.ISSUE_VIEW, Issue, issue_id)
        return of(session, actor, issue)


def of(session: Session, actor: Actor, issue: Issue) -> dict[Verb, str | None]:
    """Return the same within a use case that has loaded the issue."""
    reach: dict[Action, bool] = {}
    found: dict[Verb, str | None] = {}
    for verb, step in STEPS.items():
        if issue.state not in step.sources or not _reaches(session, actor, issue, ACTIONS[verb], reach):
            continue
        refusal = why_not(session, actor, issue, verb)
        found[verb] = None if refusal is None else str(refusal)
    return found


def _reaches(session: Session, actor: Actor, issue: Issue, action: Action, known: dict[Action, bool]) -> bool:
    if action not in known:
        known[action] = access.reaches(session, actor, action, Issue, issue.pk)
    return known[action]
