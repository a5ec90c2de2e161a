"""The menu: every page of the product and the permission that shows it."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from core.i18n import N_
from core.i18n import gettext as _
from models.account import Role
from services.actor import Actor
from services.inbox import listing
from services.permissions import Action, allows

_MENU = "_menu"
_MOST = 99
_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Entry:
    """A page: its file under `pages/`, its title and icon, and the action its visitors must be allowed."""

    file: str
    title: str
    icon: str
    action: Action
    section: str
    hidden: bool = False
    """Reached from other pages, not from the menu."""
    unlisted: tuple[Role, ...] = ()
    """Roles in whose menu it does not stand, because it only leads to another page."""

    @property
    def url_path(self) -> str:
        """The page's address: `pages/visits/today.py` is `/visits-today`."""
        return self.file.removesuffix(".py").replace("/", "-").replace("_", "-")


WORK, PROGRESS, ISSUES, REMINDERS = N_("Work"), N_("Monitoring"), N_("Issues"), N_("Reminders")
SETUP, OWN = N_("Administration"), N_("My account")

INBOX = "inbox/messages.py"

PAGES: tuple[Entry, ...] = (
    Entry("home/start.py", N_("Start"), "home", Action.ACCOUNT_OWN, WORK, unlisted=(Role.MANAGER,)),
    Entry("overview/overview.py", N_("Progress overview"), "monitoring", Action.PROGRESS_VIEW, PROGRESS),
    Entry(INBOX, N_("Messages"), "inbox", Action.INBOX, WORK),
    Entry("visits/today.py", N_("Today’s visits"), "today", Action.VISIT_RECORD, WORK),
    Entry("visits/record.py", N_("Record a visit"), "edit", Action.VISIT_RECORD, WORK, hidden=True),
    Entry("visits/promises.py", N_("Promises"), "handshake", Action.VISIT_VIEW, WORK),
    Entry("campaigns/list.py", N_("Campaigns"), "campaign", Action.CAMPAIGN_VIEW, WORK),
    Entry("campaigns/campaign.py", N_("Campaign"), "campaign", Action.CAMPAIGN_VIEW, WORK, hidden=True),
    Entry("campaigns/new.py", N_("New campaign"), "campaign", Action.CAMPAIGN_EDIT, WORK, hidden=True),
    Entry("campaigns/form_builder.py", N_("Visit form"), "dynamic_form", Action.CAMPAIGN_EDIT, WORK, hidden=True),
    Entry("assignment/assign.py", N_("Assign visits"), "assignment_ind", Action.VISIT_ASSIGN, WORK),
    Entry("visits/review.py", N_("Review records"), "rate_review", Action.VISIT_RETURN, WORK),
    Entry("visits/list.py", N_("Visits"), "list_alt", Action.VISIT_EXPORT, WORK),
    Entry("visits/record_view.py", N_("Visit record"), "description", Action.VISIT_VIEW, WORK, hidden=True),
    Entry("enterprises/list.py", N_("Enterprises"), "domain", Action.ENTERPRISE_VIEW, WORK),
    Entry("enterprises/profile.py", N_("Enterprise profile"), "domain", Action.ENTERPRISE_VIEW, WORK, hidden=True),
    Entry("enterprises/edit.py", N_("Edit enterprise"), "edit", Action.ENTERPRISE_EDIT, WORK, hidden=True),
    Entry("enterprises/duplicates.py", N_("Perhaps entered twice"), "join", Action.ENTERPRISE_EDIT, WORK, hidden=True),
    Entry("commitments/list.py", N_("Commitments"), "verified", Action.COMMITMENT_VIEW, WORK),
    Entry("notices/list.py", N_("Notices"), "outgoing_mail", Action.NOTICE_VIEW, WORK),
    Entry("notices/new.py", N_("Write a notice"), "edit_note", Action.NOTICE_SEND, WORK, hidden=True),
    Entry("notices/batch.py", N_("Notice batch"), "outgoing_mail", Action.NOTICE_VIEW, WORK, hidden=True),
    Entry("teams/teams.py", N_("Service teams"), "groups", Action.TEAM_VIEW, WORK),
    Entry("teams/members.py", N_("Team members"), "group", Action.TEAM_VIEW, WORK, hidden=True),
    Entry("teams/leave.py", N_("Leave"), "event_busy", Action.LEAVE_EDIT, WORK),
    Entry("imports/start.py", N_("Import"), "upload_file", Action.IMPORT, WORK),
    Entry("imports/run.py", N_("Import"), "upload_file", Action.IMPORT, WORK, hidden=True),
    Entry("imports/history.py", N_("Earlier imports"), "history", Action.IMPORT, WORK, hidden=True),
    Entry("overview/areas.py", N_("By area"), "map", Action.PROGRESS_VIEW, PROGRESS),
    Entry("overview/two_way.py", N_("Both directions"), "sync_alt", Action.PROGRESS_VIEW, PROGRESS),
    Entry("overview/untold.py", N_("Not told yet"), "campaign", Action.CLASS_VIEW, PROGRESS, hidden=True),
    Entry("overview/notices.py", N_("Notices received"), "drafts", Action.PROGRESS_VIEW, PROGRESS, hidden=True),
    Entry("overview/classes.py", N_("Classes of issues"), "category", Action.CLASS_VIEW, PROGRESS),
    Entry("overview/one_class.py", N_("Class of issues"), "category", Action.CLASS_VIEW, PROGRESS, hidden=True),
    Entry("bulletin/list.py", N_("Monthly bulletins"), "newspaper", Action.BULLETIN_VIEW, PROGRESS),
    Entry("bulletin/bulletin.py", N_("Monthly bulletin"), "newspaper", Action.BULLETIN_VIEW, PROGRESS, hidden=True),
    Entry("issues/todo.py", N_("My to-do"), "checklist", Action.ISSUE_VIEW, ISSUES),
    Entry("issues/ledger.py", N_("Issue ledger"), "assignment", Action.ISSUE_VIEW, ISSUES),
    Entry("issues/register.py", N_("Register an issue"), "assignment_add", Action.ISSUE_REGISTER, ISSUES),
    Entry("issues/board.py", N_("Board"), "view_kanban", Action.ISSUE_EXPORT, ISSUES),
    Entry("issues/issue.py", N_("Issue"), "report", Action.ISSUE_VIEW, ISSUES, hidden=True),
    Entry("reminders/delivery.py", N_("Delivery log"), "outgoing_mail", Action.DELIVERY_VIEW, REMINDERS),
    Entry("reminders/rules.py", N_("Reminder rules"), "notifications_active", Action.CONFIGURE, REMINDERS),
    Entry("reminders/templates.py", N_("Reminder templates"), "edit_notifications", Action.CONFIGURE, REMINDERS),
    Entry("reminders/hours.py", N_("Reminder hours"), "schedule", Action.CONFIGURE, REMINDERS),
    Entry("reminders/channels.py", N_("Channels"), "hub", Action.CONFIGURE, REMINDERS),
    Entry("reminders/sent_mail.py", N_("Sent mail"), "mail", Action.DELIVERY_VIEW, REMINDERS),
    Entry("admin/departments.py", N_("Departments"), "account_balance", Action.CONFIGURE, SETUP),
    Entry("admin/areas.py", N_("Areas"), "account_tree", Action.AREA_EDIT, SETUP),
    Entry("admin/calendar.py", N_("Calendar"), "calendar_month", Action.CONFIGURE, SETUP),
    Entry("admin/limits.py", N_("Time limits"), "timer", Action.CONFIGURE, SETUP),
    Entry("admin/extra_fields.py", N_("Extra fields"), "dynamic_form", Action.CONFIGURE, SETUP),
    Entry("admin/choices.py", N_("Choice lists"), "checklist", Action.CONFIGURE, SETUP),
    Entry("admin/texts.py", N_("Own texts"), "translate", Action.CONFIGURE, SETUP),
    Entry("admin/choice_lists.py", N_("Edit choice lists"), "checklist", Action.CONFIGURE, SETUP, hidden=True),
    Entry("admin/accounts.py", N_("Accounts"), "manage_accounts", Action.ACCOUNT_MANAGE, SETUP),
    Entry("admin/sessions.py", N_("Sign-ins"), "devices", Action.ACCOUNT_MANAGE, SETUP),
    Entry("admin/audit.py", N_("Audit log"), "history", Action.AUDIT_VIEW, SETUP),
    Entry("account/profile.py", N_("My account"), "account_circle", Action.ACCOUNT_OWN, OWN),
    Entry("account/password.py", N_("Change password"), "key", Action.ACCOUNT_BASICS, OWN, hidden=True),
)


def first(actor: Actor) -> Entry:
    """Return the page at the root of the site for `actor`."""
    return _allowed(actor)[0]


def navigation(actor: Actor) -> Page:
    """Register the pages `actor` may open and return the one asked for; the first of them is the start page.

    Somebody who must change their first password is allowed one page only, which is then the first.
    """
    allowed = _allowed(actor)
    unread = listing.unread(actor).unread if allows(actor, Action.INBOX) else 0
    shown = sorted(allowed, key=lambda each: _is_hidden(each, actor))  # a menu begins with what stands in it
    titles = tuple((entry.file, _(entry.section), _title(entry, unread)) for entry in shown)
    kept, sections = st.session_state.get(_MENU, (None, {}))
    if kept != (actor.role, titles):  # forty pages cost more than what most of them show
        sections = {}
        for entry, (_file, section, title) in zip(shown, titles, strict=True):
            sections.setdefault(section, []).append(_page(entry, actor, title, default=entry is allowed[0]))
        st.session_state[_MENU] = (actor.role, titles), sections
    elsewhere = _elsewhere(allowed)
    asked = {**sections, "": [elsewhere]} if elsewhere else sections
    return st.navigation(asked, position="sidebar", expanded=True)


def entry_of(path: str) -> Entry | None:
    """Return the page at a path such as `/visits-record?visit=12`, whoever may open it."""
    place = urlsplit(path).path.removeprefix("/")
    return next((each for each in PAGES if each.url_path == place), None)


def asked_path() -> str:
    """Return the path in the browser's address, without slashes at its ends."""
    return unquote(urlsplit(st.context.url or "").path).strip("/ ")


def _allowed(actor: Actor) -> list[Entry]:
    return [entry for entry in PAGES if allows(actor, entry.action)]


def _elsewhere(allowed: list[Entry]) -> Page | None:
    """Return what stands at the address asked for if it is none of the actor's pages, `None` if it is one.

    Streamlit would show its own English dialog over the start page.
    """
    asked = asked_path()
    if not asked or "/" in asked or asked in {each.url_path for each in allowed[1:]}:
        return None
    return st.Page(_ROOT / "home" / "missing.py", title=_("No such page"), url_path=asked, visibility="hidden")


def _is_hidden(entry: Entry, actor: Actor) -> bool:
    return entry.hidden or actor.role in entry.unlisted


def _title(entry: Entry, unread: int) -> str:
    title = _(entry.title)
    if entry.file != INBOX or not unread:
        return title
    return f"{title} ({unread if unread <= _MOST else f'{_MOST}+'})"


def _page(entry: Entry, actor: Actor, title: str, *, default: bool) -> Page:
    return st.Page(
        _ROOT / entry.file,
        title=title,
        icon=f":material/{entry.icon}:",
        url_path="" if default else entry.url_path,
        default=default,
        visibility="hidden" if _is_hidden(entry, actor) else "visible",
    )
