"""What an administrator can choose for an occasion: who stands around it, and what the product may do itself."""

from models.fields import Option
from models.reminder import Occasion, Relation

_R = Relation
_ZONE = (_R.ASSIGNEE, _R.COORDINATOR, _R.MANAGER)
_VISIT = (_R.ASSIGNEE, _R.LEAD, _R.NEXT_TIER, _R.COORDINATOR, _R.MANAGER, _R.ENTERPRISE_CONTACT)
_ISSUE = (
    _R.ASSIGNEE, _R.LEAD, _R.NEXT_TIER, _R.DEPARTMENT_HEAD, _R.COORDINATOR, _R.MANAGER, _R.FIRST_RECEIVER,
    _R.ENTERPRISE_CONTACT,
)  # fmt: skip
RELATIONS: dict[Occasion, tuple[Relation, ...]] = {
    Occasion.ISSUE_ARRIVED: _ISSUE,
    Occasion.ISSUE_DEADLINE: _ISSUE,
    Occasion.ISSUE_URGED: _ISSUE,
    Occasion.ISSUE_CARDED: _ISSUE,
    Occasion.ISSUE_DECLINED: _ISSUE,
    Occasion.EXTENSION_AWAITING: _ISSUE,
    Occasion.CALL_BACK_DUE: _ISSUE,
    Occasion.SHELVED_REVIEW: _ISSUE,
    Occasion.VISIT_ASSIGNED: _VISIT,
    Occasion.VISIT_PLANNED: _VISIT,
    Occasion.VISIT_OVERDUE: _VISIT,
    Occasion.VISIT_RETURNED: _VISIT,
    Occasion.PROMISE_DUE: (_R.ASSIGNEE, _R.LEAD, _R.COORDINATOR, _R.MANAGER, _R.ENTERPRISE_CONTACT),
    Occasion.COMMITMENT_DUE: (_R.ASSIGNEE, _R.DEPARTMENT_HEAD, _R.COORDINATOR, _R.MANAGER, _R.ENTERPRISE_CONTACT),
    Occasion.BULLETIN_DUE: _ZONE,
    Occasion.WEEKLY_DIGEST: (_R.SUBSCRIBER,),
    Occasion.BACKUP_MISSING: (_R.ADMINISTRATOR,),
}
"""Every occasion rules are for, in the order pages show them, and who can be reminded of it; notices need no rule."""
SUDDEN = frozenset({
    Occasion.VISIT_ASSIGNED, Occasion.VISIT_RETURNED, Occasion.ISSUE_ARRIVED, Occasion.ISSUE_URGED,
    Occasion.ISSUE_CARDED, Occasion.ISSUE_DECLINED, Occasion.EXTENSION_AWAITING, Occasion.BACKUP_MISSING,
})  # fmt: skip
"""What happens when it happens: nobody can be reminded of it before."""
STAGED = frozenset({Occasion.ISSUE_DEADLINE, Occasion.ISSUE_ARRIVED})
"""Occasions whose rules may ask for one stage."""
EFFECTIVE = frozenset({Occasion.ISSUE_DEADLINE, Occasion.CALL_BACK_DUE, Occasion.SHELVED_REVIEW})
"""Deadlines of issues: what is late may be shown a card or handed up."""
OPTIONS = tuple(Option(value=each.value, label=each.label) for each in RELATIONS)
"""The occasions as a form offers them."""
