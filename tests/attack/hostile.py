"""A world whose people wrote what they could into every field of text: markup, scripts, templates, formulas.

Every text column of every table is filled, so that a new one is attacked by itself; what nobody can type is named below
with its reason.
"""

from collections.abc import Iterator

import psycopg
from psycopg import sql
from sqlalchemy import Column, Enum, String, Table

import models.all  # noqa: F401 - so that every table is known
from models.base import metadata

MARK = "»"
"""Begins each hostile text; nothing else in the product holds it."""
FOREIGN = "evil.invalid"
"""A host that nothing may ask."""
HOSTILE = (
    f"{MARK}![x](https://{FOREIGN}/p.png)<img src=x onerror=__owned=1><script>__owned=1</script>"
    f"[k](javascript:__owned=1)**b**:red[boo]$a^2$`c`~~s~~:material/home:{{{{7*7}}}}${{7*7}}%s{{0}}#h"
)
RAW = ("![x](", "<img src", "<script", "[k](java", "**b**", ":red[boo]", "$a^2$", "~~s~~", ":material/home:")
"""Of it what would act if a page took it for markup."""

MACHINERY = {
    "audit_entry": "written by the product and never changed",
    "issue_event.actor_name": "written by the product and never changed",
    "custom_text": "checked against the text it replaces",
    "reminder_template": "templates of their own, checked when they are saved",
    "import_mapping": "hashes and keys",
    "number_series": "keys",
    "outbox_message": "keys and payloads of the product",
    "issue_tally": "keys",
    "tally_due": "keys",
    "target_tally": "keys",
    "form_draft": "a hash",
    "sign_in_session.token_hash": "a hash",
    "sign_in_session.ip": "an address",
    "sign_in_attempt": "attempts to sign in",
    "area.code": "digits",
    "area.path": "ids",
    "area_placement.path": "ids",
    "account.username": "letters, digits and few signs",
    "account.password_hash": "a hash",
    "account.locale": "a code",
    "account.oidc_subject": "of the identity provider",
    "account.email": "checked as an address",
    "account.phone": "checked as a number",
    "contact.email": "checked as an address",
    "contact.phone": "checked as a number",
    "visit.met_phone": "checked as a number",
    "department.phone": "checked as a number",
    "enterprise.credit_code": "checked by GB 32100",
    "enterprise.industry": "a key",
    "enterprise.name_key": "made of the name",
    "enterprise.search_text": "made of the row",
    "issue.search_text": "made of the row",
    "issue.number": "made by the product",
    "issue.category": "a key",
    "issue.stage": "a key",
    "issue.supervision": "a key",
    "issue_class.category": "a key",
    "choice_list.key": "letters and digits",
    "choice_item.list_key": "a key",
    "choice_item.parent_value": "a key",
    "choice_item.value": "a key",
    "extra_field.key": "letters and digits",
    "extra_field.kind": "a key",
    "extra_field.choice_list": "a key",
    "extra_field.options": "one line each, keys made of them",
    "attachment.subject": "a key",
    "attachment.field": "a key",
    "attachment.media_type": "found out from the content",
    "attachment.sha256": "a hash",
    "import_run.entity": "a key",
    "import_run.sha256": "a hash",
    "import_run.header_hash": "a hash",
    "import_run.problems_sha256": "a hash",
    "import_run.message": "of the product",
    "channel.secret": "sealed",
    "notice_batch.number": "made by the product",
    "bulletin_issue.number": "made by the product",
    "bulletin_issue.solution_hash": "a hash",
    "bulletin_issue.answer_hash": "a hash",
    "bulletin_issue.category": "a key",
    "bulletin_issue.area_path": "ids",
    "bulletin_item.mode": "a key",
    "message.locale": "a code",
    "reminder.recipient_key": "a key",
}
"""Table or column → why nobody can type anything into it."""


def written_columns() -> Iterator[tuple[Table, Column[str]]]:
    """Yield every column of text that somebody fills by typing."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            kind = getattr(column.type, "impl", column.type)  # SQLModel wraps its own
            plain = isinstance(kind, String) and not isinstance(kind, Enum)
            if plain and table.name not in MACHINERY and f"{table.name}.{column.name}" not in MACHINERY:
                yield table, column


def infest(admin_url: str, text: str = HOSTILE) -> int:
    """Write hostile text wherever there is text, past all checks; returns how many columns were filled.

    Args:
        admin_url: address of the database for its superuser, whom no trigger stops.
        text: what is written.
    """
    filled = 0
    with psycopg.connect(admin_url) as connection:
        connection.execute("SET session_replication_role = replica")
        for table, column in written_columns():
            length = getattr(column.type, "length", None) or 4000
            beginning = sql.SQL("id::text || ") if column.unique else sql.SQL("")
            statement = sql.SQL("UPDATE {} SET {} = left({}%s, {}) WHERE {} <> ''").format(
                sql.Identifier(table.name), sql.Identifier(column.name), beginning, sql.Literal(length),
                sql.Identifier(column.name),
            )  # fmt: skip
            filled += connection.execute(statement, [text]).rowcount > 0
    return filled
