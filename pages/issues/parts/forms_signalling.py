"""Forms of words and signals that move no issue: urge, supervise, escalate, cards, comments."""

from core.i18n import N_
from core.i18n import gettext as _
from models.lifecycle import Verb
from pages.issues.parts.form import Form, note, one, reasoned, says
from pages.issues.parts.pressed import Values
from services import issues
from services.actor import Actor


def _supervise(actor: Actor, issue_id: int, values: Values, seen: int) -> str:
    number = issues.supervise(actor, issue_id, values.get("reason") or "", seen=seen)
    return _("It is under supervision: {number}.").format(number=number)


_V = Verb
SIGNALLING: dict[Verb, Form] = {
    _V.URGE: Form(reasoned(issues.urge, N_("Urged."), "note"), "notifications_active", note()),
    _V.SUPERVISE: Form(_supervise, "visibility", one(N_("What the supervision demands"))),
    _V.ESCALATE: Form(
        reasoned(issues.escalate, N_("It is with the tier above now.")), "arrow_upward",
        one(N_("Why the tier above must act")),
    ),
    _V.YELLOW_CARD: Form(
        reasoned(issues.yellow_card, N_("A yellow card is shown.")), "style", one(N_("What the card is for")),
        N_("A card stays on the issue and cannot be taken back."),
    ),
    _V.RED_CARD: Form(
        reasoned(issues.red_card, N_("A red card is shown.")), "style", one(N_("What the card is for")),
        N_("A card stays on the issue and cannot be taken back."),
    ),
    _V.COMMENT: Form(
        says(N_("Your comment is there."), lambda a, i, values, _s: issues.comment(a, i, values.get("comment") or "")),
        "chat", one(N_("Write to everybody who works on it"), "comment", required=False, most=2000),
    ),
}  # fmt: skip
