"""The files of an issue, on its page."""

from functools import partial

from pages.common.attaching import Shelf
from pages.common.attachments import shelf
from services.actor import Actor
from services.issues import attachments as services


def attachments(actor: Actor, issue_id: int, *, may_add: bool) -> None:
    """Show the files of an issue: small, to take away, to play; to attach and withdraw for who may.

    Args:
        actor: who looks.
        issue_id: the issue.
        may_add: whether the step “attach a file” is open to the actor; services ask again.
    """
    where = Shelf(
        key=f"issue_{issue_id}",
        attached=partial(services.attached, actor, issue_id),
        attach=partial(services.attach, actor, issue_id),
        withdraw=partial(services.withdraw, actor),
    )
    shelf(actor, where, may_add=may_add)
