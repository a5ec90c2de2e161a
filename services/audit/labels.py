"""What people call the tables and deeds the audit log speaks of."""

from collections.abc import Callable
from typing import Any

from core.i18n import N_, gettext

_ENTITIES = {
    "account": N_("Account"),
    "area": N_("Area"),
    "area_placement": N_("Place of an area in the tree"),
    "attachment": N_("Attachment"),
    "audit_entry": N_("Audit log"),
    "backup": N_("Backup"),
    "bulletin": N_("Monthly bulletin"),
    "bulletin_settings": N_("Settings of bulletins"),
    "calendar_day": N_("Day of the calendar"),
    "campaign": N_("Campaign"),
    "channel": N_("Channel of reminders"),
    "choice_item": N_("Value of a choice list"),
    "choice_list": N_("Choice list"),
    "commitment": N_("Commitment"),
    "contact": N_("Contact"),
    "custom_text": N_("Own text"),
    "counting_rule": N_("How receipt is counted"),
    "demo": N_("Demonstration data"),
    "department": N_("Department"),
    "distinct_pair": N_("Pair of enterprises found to differ"),
    "enterprise": N_("Enterprise"),
    "extra_field": N_("Extra field"),
    "form_version": N_("Version of a visit form"),
    "import_mapping": N_("Remembered columns of an import"),
    "import_run": N_("Import"),
    "holiday_notice": N_("Published holiday notice"),
    "issue": N_("Issue"),
    "issue_class": N_("Class of issues"),
    "leave": N_("Leave"),
    "time_limit": N_("Time limit"),
    "office_hours": N_("Office hours"),
    "notice_batch": N_("Notice batch"),
    "delivery": N_("Message by a channel"),
    "outbox_message": N_("Other work"),
    "reminder": N_("Reminder"),
    "promise": N_("Promise"),
    "reminder_hours": N_("Hours of reminders"),
    "reminder_rule": N_("Rule of reminders"),
    "reminder_template": N_("Template of reminders"),
    "team": N_("Team"),
    "team_member": N_("Team member"),
    "visit": N_("Visit"),
}
_VERBS = {
    "created": N_("created"),
    "changed": N_("changed"),
    "deleted": N_("deleted"),
    "signed_in": N_("signed in"),
    "signed_out": N_("signed out"),
    "sign_in_refused": N_("sign-in refused"),
    "session_ended": N_("ended a sign-in"),
    "sessions_ended": N_("ended all sign-ins"),
    "unlocked": N_("unlocked"),
    "exported": N_("exported"),
    "phone_revealed": N_("revealed a phone number"),
    "answers_exported": N_("exported the answers of visits"),
    "targets_added": N_("added target enterprises"),
    "targets_removed": N_("removed target enterprises"),
    "merged": N_("merged"),
    "moved": N_("moved"),
    "applied": N_("carried out"),
    "reopened": N_("reopened"),
    "demo_begun": N_("began to load demonstration data"),
    "demo_loaded": N_("loaded demonstration data"),
    "retried": N_("tried again"),
    "made": N_("backed up"),
    "restored": N_("restored"),
    "dropped": N_("gave up"),
    "cancelled": N_("cancelled"),
}
_DETAILS = {
    "count": N_("Count"),
    "device": N_("Device"),
    "files": N_("Files"),
    "missing": N_("Files missing"),
    "as_of": N_("Data as of"),
    "file": N_("File"),
    "of": N_("Object"),
    "filters": N_("Filters"),
    "form": N_("File"),
    "account_id": N_("Person"),
    "ended_at": N_("Ended at"),
    "failed_at": N_("Failed at"),
    "follower_id": N_("Followed by"),
    "fulfilled_at": N_("Made good at"),
    "fulfilled_by_id": N_("Recorded as made good by"),
    "opens_enterprise": N_("Opens the enterprise to the department"),
    "frozen_at": N_("Figures as of"),
    "issued_at": N_("Issued at"),
    "issued_by_id": N_("Issued by"),
    "until": N_("Rows as of"),
    "on_days_off": N_("Also on days off"),
    "planned": N_("Recipients"),
    "quiet_from": N_("Quiet from"),
    "quiet_until": N_("Quiet until"),
    "secret": N_("Address with its key"),
    "slots": N_("Times of day"),
    "started_at": N_("Started at"),
    "tested_at": N_("Tested at"),
    "unreachable": N_("Cannot be reached"),
    "written_by_id": N_("Written by"),
    "acknowledged_at": N_("Acknowledged at"),
    "answer": N_("Answer to the enterprise"),
    "answered_at": N_("Answered at"),
    "answered_by_id": N_("Answered by"),
    "call_backs": N_("Attempts at the call-back"),
    "caller_id": N_("Call-back by"),
    "closed_at": N_("Closed at"),
    "confirmed_by_id": N_("Confirmed by"),
    "closed_by_id": N_("Closed by"),
    "dispatched_at": N_("Dispatched at"),
    "dispatched_by_id": N_("Dispatched by"),
    "due_at": N_("Deadline"),
    "due_provisional": N_("Deadline is provisional"),
    "extension_days": N_("Working days asked for"),
    "handler_id": N_("Handled by"),
    "instruction": N_("Instruction"),
    "paused_since": N_("Paused since"),
    "resolved_at": N_("Resolved at"),
    "resolved_by_id": N_("Resolved by"),
    "returns": N_("Times returned"),
    "reviewed_by_id": N_("Reviewed by"),
    "ruled": N_("Ruled by the coordinator"),
    "urges": N_("Times urged"),
    "notice_year": N_("Day of the holiday notice of"),
    "card_department_id": N_("Card shown to"),
    "ip": N_("Address"),
    "reason": N_("Reason"),
    "rows": N_("Rows"),
    "search": N_("Search"),
    "username": N_("User name"),
    "email": N_("E-mail"),
    "locale": N_("Language"),
    "answers": N_("Answers"),
    "area_id": N_("Area"),
    "attempts": N_("Attempts"),
    "campaign_id": N_("Campaign"),
    "decided_at": N_("Decided at"),
    "decided_by_id": N_("Decided by"),
    "enterprise_id": N_("Enterprise"),
    "file_name": N_("File name"),
    "finished_at": N_("Finished at"),
    "form_version_id": N_("Version of a visit form"),
    "kept_at": N_("Kept at"),
    "message": N_("Message"),
    "other_id": N_("Other enterprise"),
    "owner_id": N_("Owner"),
    "parent_id": N_("Area above"),
    "promised_by_id": N_("Promised by"),
    "questions": N_("Questions"),
    "recorded_at": N_("Recorded at"),
    "recorded_by_id": N_("Recorded by"),
    "registered_by_id": N_("Registered by"),
    "return_reason": N_("Reason for the return"),
    "rows_bad": N_("With errors"),
    "rows_changed": N_("Changed"),
    "rows_new": N_("New"),
    "size": N_("Size"),
    "started_by_id": N_("Started by"),
    "target_rules": N_("Filters"),
    "uploaded_by_id": N_("Uploaded by"),
    "valid_from": N_("From"),
    "valid_to": N_("To"),
    "visit_id": N_("Visit"),
    "withdrawn_at": N_("Withdrawn at"),
    "withdrawn_by_id": N_("Withdrawn by"),
    "withdrawn_reason": N_("Reason for the withdrawal"),
}
INNER = frozenset({
    "assigned_at", "assignment", "bulletin_id", "checked_at", "clear_empty", "due_version", "entity", "field",
    "good_rows_only", "header_hash", "header_row", "looked_at", "looked_from", "mapping", "media_type", "name_key",
    "path", "preview", "problems_sha256", "rows_asked", "rows_left_out", "rows_read", "rows_same", "rows_total",
    "sha256", "sheet", "stage", "subject", "subject_id", "token_hash", "version", "written_up_to",
})  # fmt: skip
"""Columns that serve the machinery: their changes are kept in the log and are not shown."""


def entities() -> dict[str, str]:
    """Return each table the log speaks of and what people call it, in the present language."""
    return {key: gettext(label) for key, label in _ENTITIES.items()}


def verbs() -> dict[str, str]:
    """Return each deed and what people call it, in the present language."""
    return {key: gettext(label) for key, label in _VERBS.items()}


def detail(key: str) -> str:
    """Return what people call a detail that is no field of a table; the key itself where nobody named it."""
    return gettext(detail_label(key))


def detail_label(key: str) -> str:
    """Return the same untranslated."""
    return _DETAILS.get(key, key)


def said(key: str, value: Any) -> Any:
    """Return a detail's value as people read it, where it is stored in a way that only the code knows."""
    return _SAID[key](value) if key in _SAID and value is not None else value


def _notice_year(year: int) -> Any:
    return year if year > 0 else gettext("{year}, replaced by a day of its own").format(year=-year)


_SAID: dict[str, Callable[[Any], Any]] = {"notice_year": _notice_year}
