"""What people call the kinds of work that pages leave to the workers."""

from core.i18n import N_, gettext

_TOPICS = {
    "upkeep": N_("Daily upkeep"),
    "import.check": N_("Checking an import"),
    "import.apply": N_("Carrying out an import"),
    "issue.resume": N_("Taking up a shelved issue"),
    "reminders.replan": N_("Planning reminders anew"),
    "notice.send": N_("Sending a notice batch"),
    "notice.finish": N_("Closing a notice batch"),
    "tallies.settle": N_("Counting figures anew"),
    "backup": N_("Making a backup"),
    "bulletin.build": N_("Building a monthly bulletin"),
}


def topic_name(topic: str) -> str:
    """Return what people call a kind of work; its own name where nobody has named it."""
    return gettext(_TOPICS.get(topic, topic))
