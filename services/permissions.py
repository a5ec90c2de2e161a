"""The permission matrix: which role may do what, and how far.

One table. `docs/permissions.md` shows it and a test keeps the two equal.
"""

from enum import IntEnum, StrEnum

from core import logs
from core.errors import NotAllowedError
from core.i18n import N_
from models.account import Role
from services.actor import Actor

_log = logs.get(__name__)


class Action(StrEnum):
    """Everything an account can do; one use case asks for one of these."""

    ACCOUNT_BASICS = "account.basics"
    """What is left to somebody who must change their first password: that, the language, the way out."""
    ACCOUNT_OWN = "account.own"
    ACCOUNT_MANAGE = "account.manage"
    AUDIT_VIEW = "audit.view"
    CONFIGURE = "configure"
    AREA_VIEW = "area.view"
    AREA_EDIT = "area.edit"
    TEAM_VIEW = "team.view"
    TEAM_EDIT = "team.edit"
    LEAVE_EDIT = "leave.edit"
    ENTERPRISE_VIEW = "enterprise.view"
    ENTERPRISE_EDIT = "enterprise.edit"
    ENTERPRISE_IMPORT = "enterprise.import"
    ENTERPRISE_EXPORT = "enterprise.export"
    IMPORT = "import"
    PHONE_VIEW = "phone.view"
    PHONE_REVEAL = "phone.reveal"
    CAMPAIGN_VIEW = "campaign.view"
    CAMPAIGN_EDIT = "campaign.edit"
    VISIT_VIEW = "visit.view"
    VISIT_ASSIGN = "visit.assign"
    VISIT_RECORD = "visit.record"
    VISIT_RETURN = "visit.return"
    VISIT_EXPORT = "visit.export"
    ISSUE_VIEW = "issue.view"
    ISSUE_REGISTER = "issue.register"
    ISSUE_EDIT = "issue.edit"
    ISSUE_LINK = "issue.link"
    ISSUE_COMMENT = "issue.comment"
    ISSUE_RESOLVE_ON_SITE = "issue.resolve_on_site"
    ISSUE_ACCEPT = "issue.accept"
    ISSUE_ESCALATE = "issue.escalate"
    ISSUE_DISPATCH = "issue.dispatch"
    ISSUE_HANDLE = "issue.handle"
    ISSUE_JOIN = "issue.join"
    ISSUE_DECIDE = "issue.decide"
    ISSUE_ANSWER = "issue.answer"
    ISSUE_CALL_BACK = "issue.call_back"
    ISSUE_CLOSE = "issue.close"
    ISSUE_URGE = "issue.urge"
    ISSUE_SUPERVISE = "issue.supervise"
    ISSUE_RECOMPUTE = "issue.recompute"
    ISSUE_IMPORT = "issue.import"
    ISSUE_EXPORT = "issue.export"
    INBOX = "inbox"
    CHANNEL_OWN = "channel.own"
    CHANNEL_TEAM = "channel.team"
    DELIVERY_VIEW = "delivery.view"
    DELIVERY_MANAGE = "delivery.manage"
    NOTICE_VIEW = "notice.view"
    NOTICE_SEND = "notice.send"
    COMMITMENT_VIEW = "commitment.view"
    COMMITMENT_EDIT = "commitment.edit"
    COMMITMENT_FULFIL = "commitment.fulfil"
    COMMITMENT_IMPORT = "commitment.import"
    COMMITMENT_EXPORT = "commitment.export"
    PROGRESS_VIEW = "progress.view"
    CLASS_VIEW = "class.view"
    CLASS_EDIT = "class.edit"
    BULLETIN_VIEW = "bulletin.view"
    BULLETIN_EDIT = "bulletin.edit"


class Scope(IntEnum):
    """How far a permission reaches."""

    NONE = 0
    OWN = 1
    """Rows that are the person's own: their visits, their leave, their department's issues."""
    AREA = 2
    """Rows of the person's area and everything below it: a lead's team area, a worker's grid."""
    ZONE = 3
    """Every row."""


_C, _L, _W, _D, _M, _A = Role
_EVERYONE = dict.fromkeys(Role, Scope.ZONE)

MATRIX: dict[Action, dict[Role, Scope]] = {
    Action.ACCOUNT_BASICS: dict.fromkeys(Role, Scope.OWN),
    Action.ACCOUNT_OWN: dict.fromkeys(Role, Scope.OWN),
    Action.ACCOUNT_MANAGE: {_A: Scope.ZONE},
    Action.AUDIT_VIEW: {_A: Scope.ZONE},
    Action.CONFIGURE: {_A: Scope.ZONE},
    Action.AREA_VIEW: _EVERYONE,
    Action.AREA_EDIT: {_A: Scope.ZONE},
    Action.TEAM_VIEW: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.AREA, _M: Scope.ZONE, _A: Scope.ZONE},
    Action.TEAM_EDIT: {_C: Scope.ZONE, _A: Scope.ZONE},
    Action.LEAVE_EDIT: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.OWN, _A: Scope.ZONE},
    Action.ENTERPRISE_VIEW: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.AREA, _D: Scope.OWN, _M: Scope.ZONE},
    Action.ENTERPRISE_EDIT: {_C: Scope.ZONE, _L: Scope.AREA},
    Action.ENTERPRISE_IMPORT: {_C: Scope.ZONE},
    Action.ENTERPRISE_EXPORT: {_C: Scope.ZONE, _L: Scope.AREA, _M: Scope.ZONE},
    Action.IMPORT: {_C: Scope.OWN, _A: Scope.ZONE},
    Action.PHONE_VIEW: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.AREA},
    Action.PHONE_REVEAL: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.AREA, _D: Scope.OWN},
    Action.CAMPAIGN_VIEW: {_C: Scope.ZONE, _L: Scope.ZONE, _W: Scope.ZONE, _M: Scope.ZONE},
    Action.CAMPAIGN_EDIT: {_C: Scope.ZONE},
    Action.VISIT_VIEW: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.OWN, _M: Scope.ZONE},
    Action.VISIT_ASSIGN: {_C: Scope.ZONE, _L: Scope.AREA},
    Action.VISIT_RECORD: {_L: Scope.OWN, _W: Scope.OWN},
    Action.VISIT_RETURN: {_C: Scope.ZONE, _L: Scope.AREA},
    Action.VISIT_EXPORT: {_C: Scope.ZONE, _L: Scope.AREA, _M: Scope.ZONE},
    Action.ISSUE_VIEW: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.OWN, _D: Scope.OWN, _M: Scope.ZONE},
    Action.ISSUE_REGISTER: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.AREA},
    Action.ISSUE_EDIT: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.OWN},
    Action.ISSUE_LINK: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.OWN},
    Action.ISSUE_COMMENT: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.OWN, _D: Scope.OWN},
    Action.ISSUE_RESOLVE_ON_SITE: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.OWN},
    Action.ISSUE_ACCEPT: {_C: Scope.ZONE, _L: Scope.AREA},
    Action.ISSUE_ESCALATE: {_C: Scope.ZONE, _L: Scope.AREA},
    Action.ISSUE_DISPATCH: {_C: Scope.ZONE},
    Action.ISSUE_HANDLE: {_D: Scope.OWN},
    Action.ISSUE_JOIN: {_C: Scope.ZONE, _D: Scope.OWN},
    Action.ISSUE_DECIDE: {_C: Scope.ZONE},
    Action.ISSUE_ANSWER: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.OWN, _D: Scope.OWN},
    Action.ISSUE_CALL_BACK: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.OWN},
    Action.ISSUE_CLOSE: {_C: Scope.ZONE, _L: Scope.AREA},
    Action.ISSUE_URGE: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.OWN},
    Action.ISSUE_SUPERVISE: {_C: Scope.ZONE},
    Action.ISSUE_RECOMPUTE: {_A: Scope.ZONE},
    Action.ISSUE_IMPORT: {_C: Scope.ZONE},
    Action.ISSUE_EXPORT: {_C: Scope.ZONE, _L: Scope.AREA, _D: Scope.OWN, _M: Scope.ZONE},
    Action.INBOX: dict.fromkeys(Role, Scope.OWN),
    Action.CHANNEL_OWN: dict.fromkeys(Role, Scope.OWN),
    Action.CHANNEL_TEAM: {_C: Scope.ZONE, _L: Scope.AREA, _A: Scope.ZONE},
    Action.DELIVERY_VIEW: {_A: Scope.ZONE},
    Action.DELIVERY_MANAGE: {_A: Scope.ZONE},
    Action.NOTICE_VIEW: {_C: Scope.ZONE, _M: Scope.ZONE},
    Action.NOTICE_SEND: {_C: Scope.ZONE},
    Action.COMMITMENT_VIEW: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.AREA, _D: Scope.OWN, _M: Scope.ZONE},
    Action.COMMITMENT_EDIT: {_C: Scope.ZONE, _D: Scope.OWN},
    Action.COMMITMENT_FULFIL: {_C: Scope.ZONE, _L: Scope.AREA, _W: Scope.OWN, _D: Scope.OWN},
    Action.COMMITMENT_IMPORT: {_C: Scope.ZONE},
    Action.COMMITMENT_EXPORT: {_C: Scope.ZONE, _L: Scope.AREA, _D: Scope.OWN, _M: Scope.ZONE},
    Action.PROGRESS_VIEW: {_C: Scope.ZONE, _L: Scope.AREA, _M: Scope.ZONE},
    Action.CLASS_VIEW: {_C: Scope.ZONE, _L: Scope.ZONE, _D: Scope.ZONE, _M: Scope.ZONE},
    Action.CLASS_EDIT: {_C: Scope.ZONE},
    Action.BULLETIN_VIEW: {_C: Scope.ZONE, _L: Scope.ZONE, _D: Scope.ZONE, _M: Scope.ZONE},
    Action.BULLETIN_EDIT: {_C: Scope.ZONE},
}


MEANINGS: dict[Action, str] = {
    Action.ACCOUNT_BASICS: "change the own password, choose the language, sign out",
    Action.ACCOUNT_OWN: "see the own account and where it is signed in",
    Action.ACCOUNT_MANAGE: "make, change, reset, deactivate and sign out accounts",
    Action.AUDIT_VIEW: "search and export the audit log",
    Action.CONFIGURE: "set up fields, choice lists, texts, calendar and departments",
    Action.AREA_VIEW: "see the tree of areas",
    Action.AREA_EDIT: "change and move areas",
    Action.TEAM_VIEW: "see teams and their members",
    Action.TEAM_EDIT: "change teams and their members",
    Action.LEAVE_EDIT: "see and enter days of leave",
    Action.ENTERPRISE_VIEW: "see enterprises and their contacts",
    Action.ENTERPRISE_EDIT: "change enterprises and their contacts",
    Action.ENTERPRISE_IMPORT: "import enterprises and contacts from files",
    Action.IMPORT: "follow imports: one's own, or everybody's",
    Action.ENTERPRISE_EXPORT: "export enterprises",
    Action.PHONE_VIEW: "see phone numbers in full",
    Action.PHONE_REVEAL: "reveal one phone number, which the audit log notes",
    Action.CAMPAIGN_VIEW: "see campaigns",
    Action.CAMPAIGN_EDIT: "make and change campaigns and their forms",
    Action.VISIT_VIEW: "see visits",
    Action.VISIT_ASSIGN: "assign, move and take back visits",
    Action.VISIT_RECORD: "record a visit",
    Action.VISIT_RETURN: "return a record for completion",
    Action.VISIT_EXPORT: "export visits",
    Action.ISSUE_VIEW: "see issues",
    Action.ISSUE_REGISTER: "register an issue",
    Action.ISSUE_EDIT: "correct what an issue says before it is dispatched",
    Action.ISSUE_LINK: "link issues that belong together",
    Action.ISSUE_COMMENT: "comment on an issue and attach files",
    Action.ISSUE_RESOLVE_ON_SITE: "resolve an issue on site",
    Action.ISSUE_ACCEPT: "accept or decline an issue",
    Action.ISSUE_ESCALATE: "hand an issue to the tier above",
    Action.ISSUE_DISPATCH: "dispatch an issue to departments, rule on returns, reopen it",
    Action.ISSUE_HANDLE: "acknowledge, return, resolve, ask for an extension or shelving",
    Action.ISSUE_JOIN: "add, finish, return and cancel tasks of assisting departments",
    Action.ISSUE_DECIDE: "decide on extensions and shelving, review results",
    Action.ISSUE_ANSWER: "tell the enterprise what came of its need",
    Action.ISSUE_CALL_BACK: "start and record call-backs",
    Action.ISSUE_CLOSE: "close an issue one has not handled",
    Action.ISSUE_URGE: "urge whoever is to act",
    Action.ISSUE_SUPERVISE: "put an issue under supervision, show cards",
    Action.ISSUE_RECOMPUTE: "compute deadlines anew after a change of calendar or limits",
    Action.ISSUE_IMPORT: "import issues from files",
    Action.ISSUE_EXPORT: "export the ledger and dispatch sheets",
    Action.INBOX: "read and acknowledge the own messages",
    Action.CHANNEL_OWN: "set up by which channels one is reached",
    Action.CHANNEL_TEAM: "set up the robots of a team's group chat",
    Action.DELIVERY_VIEW: "see what was delivered to whom, and how the workers do",
    Action.DELIVERY_MANAGE: "retry, drop and cancel deliveries",
    Action.NOTICE_VIEW: "see notice batches",
    Action.NOTICE_SEND: "write, send, pause and cancel notice batches",
    Action.COMMITMENT_VIEW: "see commitments",
    Action.COMMITMENT_EDIT: "enter and change commitments",
    Action.COMMITMENT_FULFIL: "record that a commitment was made good, take that back",
    Action.COMMITMENT_IMPORT: "import commitments from files",
    Action.COMMITMENT_EXPORT: "export commitments",
    Action.PROGRESS_VIEW: "see overview, areas and both directions of the programme",
    Action.CLASS_VIEW: "see classes of issues and what was done about each",
    Action.CLASS_EDIT: "confirm, change and close classes of issues",
    Action.BULLETIN_VIEW: "read issued bulletins",
    Action.BULLETIN_EDIT: "build, correct and issue bulletins",
}
"""What each action is, for `docs/permissions.md`."""


def scope(actor: Actor, action: Action) -> Scope:
    """Return how far `actor` may go with `action`."""
    if actor.is_system:
        return Scope.ZONE
    if actor.must_change_password and action is not Action.ACCOUNT_BASICS:
        return Scope.NONE
    return MATRIX[action].get(actor.role, Scope.NONE) if actor.role else Scope.NONE


def allows(actor: Actor, action: Action) -> bool:
    """Return whether `actor` may do `action` at all: for menus and buttons; services check again."""
    return scope(actor, action) > Scope.NONE


def require(actor: Actor, action: Action) -> Scope:
    """Return how far `actor` may go with `action`.

    Raises:
        NotAllowedError: not at all.
    """
    found = scope(actor, action)
    if found is Scope.NONE and actor.must_change_password:
        raise NotAllowedError(N_("Please change your first password first."))
    if found is Scope.NONE:
        _log.warning("refused", account=actor.account_id, role=actor.role, action=action.value)
        raise NotAllowedError
    return found
