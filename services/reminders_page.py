"""How reminders work as a page of the documentation: `python -m services.reminders_page > docs/reminders.md`."""

from collections.abc import Iterable

from core import migrate
from core.i18n import gettext, in_locale
from models.reminder import Effect, Occasion, Relation, ReminderRule
from services.reminders import rules, wording
from services.reminders.foreseeing import SUBJECTS
from services.reminders.occasions import RELATIONS
from services.reminders.template_language import FILTERS, LONGEST_LOOP

DEFAULTS = ("0013_default_reminders", "0018_digests", "0022_backup_reminders", "0033_declined_told")
"""The migrations that bring the default rules and templates."""

_HEAD = """# How reminders work

For administrators. This page is written by `python -m services.reminders_page`; a test keeps its tables equal to the
rules a new installation begins with. All of it is set on three pages of the section 提醒: 提醒规则 (rules), 提醒模板
(templates) and 提醒时段 (hours). Nothing here needs code, and every change is in the audit log.

## From a rule to a message
1. Something is so: an issue has a deadline, a visit is planned, somebody asked for an extension. That is an
   **occasion** of a subject; it has one moment.
2. A **rule** says how long before or after that moment who is told, in which words. The rules of one occasion are its
   **ladder**.
3. Each reminder is written down the moment the issue, visit or promise changes, in the same transaction. When it is
   handled, moved to another day or given to somebody else, what no longer holds is cancelled, with the reason.
4. When its time has come it is put into the inbox and sent by the channels its recipient has set up. Until then it can
   be seen as planned on the page of deliveries.

A changed rule, hour, team or calendar plans everything anew in the background, usually within a minute. What has been
told stays as it was told.

## Rules
- **When.** *In advance* and *afterwards* count working days or minutes from the moment: for a deadline its last
  minute, for a visit its day. Working days mean the time the office opens on that day. *On the day* is the opening of
  the day itself. What simply happens (an issue arrives, is urged, declined or shown a card; a visit is assigned, a
  record returned; an extension asked for) has no before. Days afterwards count from the working day on which it can
  be told first: of a request on a Saturday that is Monday, and *1 working day later* is Tuesday.
- **Repetition.** A rule can remind again up to 20 times at equal distances, until it is done or acknowledged.
- **Urgent** reminders go out at once, each as a message of its own, in quiet hours and on days off too.
- **Cards and handing up.** For deadlines of issues the product itself can show a yellow or red card, or hand an issue
  to the tier above, once the deadline has passed. It is a step in the issue's log, which names the rule. A card that
  the issue has already, or a worse one, is not shown again. Tasks of assisting departments are reminded of, and have
  no cards of their own.
- **Stopping.** By default *acknowledging* one step stops the rest of the ladder for that deadline, cards and handing
  up included: who acknowledges, sees to it. A rule can be set to stop only when the thing is done. Another deadline
  begins a new ladder: a stage has its own, also where it ends at the same minute as the one before. An acknowledgement
  counts as long as whoever gave it still is to the matter what they were; a visit that is given to somebody else, a
  commitment that another follows, somebody who leaves: the ladder goes on.
- **Preview.** Below its form a rule shows what it would send in the next 7 days, before it is saved: how many, and the
  first of them. It names numbers and enterprises, not what an issue is about.
- A rule is **switched off** rather than deleted once it has reminded anybody: its reminders lead back to it.

What could never work is refused beside its field: nobody to remind and nothing to do, people who do not exist for an
occasion, a card before the deadline, a repetition without a distance, a template for something else, channels none of
which reaches the main contact who is to be reminded.

## Whom
Relations are looked up each time: if a team gets another lead, an enterprise another main contact or another area, the
reminders that are still to come go to the new one; if the handler of an issue goes to another department, to all
officers of the one that leads it. To act on an issue that was declined is to tell the enterprise why: that is its first
receiver, or the lead where they deal with enterprises no more. Visits of a campaign that is paused or over remind
nobody. Somebody who is two things is told once. Only active accounts are told.

"""
_FILTERS = ", ".join(f"`{name}`" for name in FILTERS)
_AFTER_RELATIONS = f"""
Where no head of a department is named, all its officers are told. Contacts of enterprises get mail only, never an
account. What they confirm by the link in their mail stops no reminder of anybody.

## Hours
Reminders that are not urgent wait for the next time of day (9:00 and 14:00 at first), are merged into one message for
each person, and rest in the quiet hours (20:00 to 8:00) and on days off, holidays and make-up working days of the
calendar included. The page shows when the next ones go out, also while you are changing it. A time of day that lies
in the quiet hours is refused. What was due while the workers or a mail server were away goes out as soon as they are
back, whatever the hour: late is worse than at night.

## Templates
The words are [Jinja2](https://jinja.palletsprojects.com/) in a sandbox, with a small part of its language:
`{{{{ enterprise }}}}` for a word, `{{% if due %}}…{{% endif %}}` where a word may be empty, `{{% for … %}}` over at
most {LONGEST_LOOP} items, and these filters:

{_FILTERS}

No calls, no assignments, no multiplication: a template cannot run long or grow large. The page lists the words of an
occasion with examples, and shows both languages as you type; `{{{{ remaining }}}}` says in words how many working days
are left. An unknown word or a faulty bracket is refused when you save, with the line. Where
the English is empty, English readers get the Chinese.

## “Why did I get this”
Every message answers it: the name of the rule, what the recipient is to the subject, the subject with its link and
deadline, what is still to come, what acknowledging stopped, and by which channels it went out. Name rules so that
this answer is understood.

## The rules a new installation has
"""


def page() -> str:
    """Return the page."""
    with in_locale("en"):
        whom = _table(("Who", "Can be reminded of"), _relations())
        return (
            _HEAD + whom + _AFTER_RELATIONS + "\n" + _table(("Occasion", "When", "Whom", "Also", "Name"), _defaults())
        )


def default_rules() -> list[ReminderRule]:
    """Return the rules a new installation has, not stored, as ladders."""
    brought = [migrate.module(each) for each in DEFAULTS]
    occasions = {template.name: template.occasion for each in brought for template in each.TEMPLATES}
    found = [
        rules.draft({**vars(rule), "occasion": occasions[rule.template]}) for each in brought for rule in each.RULES
    ]
    order = list(RELATIONS)
    return sorted(found, key=lambda rule: (order.index(rule.occasion), wording.order(rule)))


def _defaults() -> Iterable[tuple[str, ...]]:
    before: Occasion | None = None
    for rule in default_rules():
        also = [f"only “{gettext(rule.stage.label)}”"] if rule.stage else []
        also += [gettext(rule.effect.label)] if rule.effect is not Effect.NONE else []
        also += [gettext("Urgent")] if rule.urgent else []
        whom = ", ".join(gettext(each.label) for each in rule.recipients)
        occasion = gettext(rule.occasion.label) if rule.occasion is not before else ""
        yield occasion, wording.when(rule), whom, ", ".join(also), rule.name
        before = rule.occasion


def _relations() -> Iterable[tuple[str, ...]]:
    for relation in Relation:
        of = [SUBJECTS[occasion][0].label for occasion, relations in RELATIONS.items() if relation in relations]
        if of:
            yield gettext(relation.label), ", ".join(gettext(label) for label in dict.fromkeys(of))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    print(page(), end="")
