"""What people call the tables and deeds the audit log speaks of."""

from core.i18n import N_, gettext

_ENTITIES = {
    "account": N_("Account"),
    "area": N_("Area"),
    "area_placement": N_("Place of an area in the tree"),
    "attachment": N_("Attachment"),
    "audit_entry": N_("Audit log"),
    "calendar_day": N_("Day of the calendar"),
    "campaign": N_("Campaign"),
    "choice_item": N_("Value of a choice list"),
    "choice_list": N_("Choice list"),
    "contact": N_("Contact"),
    "custom_text": N_("Own text"),
    "demo": N_("Demonstration data"),
    "department": N_("Department"),
    "distinct_pair": N_("Pair of enterprises found to differ"),
    "enterprise": N_("Enterprise"),
    "extra_field": N_("Extra field"),
    "form_version": N_("Version of a visit form"),
    "import_mapping": N_("Remembered columns of an import"),
    "import_run": N_("Import"),
    "issue": N_("Issue"),
    "leave": N_("Leave"),
    "promise": N_("Promise"),
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
    "demo_loaded": N_("loaded demonstration data"),
}
_DETAILS = {
    "count": N_("Count"),
    "device": N_("Device"),
    "file": N_("File"),
    "of": N_("Object"),
    "filters": N_("Filters"),
    "form": N_("File"),
    "ip": N_("Address"),
    "reason": N_("Reason"),
    "rows": N_("Rows"),
    "search": N_("Search"),
    "username": N_("User name"),
    "email": N_("E-mail"),
    "locale": N_("Language"),
}


def entities() -> dict[str, str]:
    """Return each table the log speaks of and what people call it, in the present language."""
    return {key: gettext(label) for key, label in _ENTITIES.items()}


def verbs() -> dict[str, str]:
    """Return each deed and what people call it, in the present language."""
    return {key: gettext(label) for key, label in _VERBS.items()}


def detail(key: str) -> str:
    """Return what people call a detail that is no field of a table; the key itself where nobody named it."""
    return gettext(_DETAILS.get(key, key))
