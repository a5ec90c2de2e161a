"""What the command line says of backups."""

from core import clock
from core.i18n import gettext as _
from services.backups.making import Made
from services.backups.manifest import Manifest
from services.backups.places import Kept
from services.backups.restoring import Restored

_MINUTE = "%Y-%m-%d %H:%M"


def of_kept(each: Kept, *, sealed: bool) -> str:
    """Return the line of an archive in a list."""
    state = _("encrypted") if sealed else _("not encrypted")
    return f"{each.name}  {each.at.astimezone(clock.zone()):{_MINUTE}}  {size(each.size)}  {state}"


def of_made(made: Made) -> str:
    """Return what is said of a backup that was made."""
    said = _("Backed up and checked: {name} in {place}, {size}.").format(
        name=made.name, place=made.place, size=size(made.size)
    )
    return f"{said}\n{of_manifest(made.manifest)}\n{of_sealing(made.sealed)}"


def of_sealing(sealed: bool) -> str:
    """Return whether an archive can be read by whoever has it."""
    return (
        _("Encrypted.") if sealed else _("Not encrypted, so anybody who finds it can read it: set QIANQI_BACKUP_KEY.")
    )


def of_manifest(found: Manifest) -> str:
    """Return what an archive holds."""
    lines = [
        _("As of {at}: {rows} rows in {tables} tables, {files} files ({size}).").format(
            at=f"{found.at.astimezone(clock.zone()):%Y-%m-%d %H:%M:%S}",
            rows=found.rows,
            tables=len(found.tables),
            files=found.files,
            size=size(found.size),
        )
    ]
    if found.missing:
        told = _("{count} files that rows refer to were missing or changed in the store and are not in it: {names}")
        lines.append(told.format(count=len(found.missing), names=", ".join(each[:12] for each in found.missing[:5])))
        lines.append(_("Keep older backups, which may have them, until a backup lacks none."))
    return "\n".join(lines)


def of_restored(done: Restored) -> str:
    """Return what was restored and what is left to do."""
    after = done.after
    lines = [_("Restored."), of_manifest(done.manifest)]
    if after.signed_out:
        lines.append(_("{count} sign-ins were ended: everybody signs in again.").format(count=after.signed_out))
    if held := after.reminders + after.deliveries:
        told = _("{count} reminders and messages were perhaps sent already: see “Failed” on the page “Delivery log”.")
        lines.append(told.format(count=held))
    if after.paused:
        lines.append(_("{count} notice batches are paused: their authors go on with them.").format(count=after.paused))
    if done.secret_differs:
        lines.append(
            _("QIANQI_SECRET_KEY is another than at that time: set the former one, or channels are unreadable.")
        )
    return "\n".join(lines)


def size(count: int) -> str:
    """Return a number of bytes for a person."""
    return f"{count / 2**20:.1f} MiB" if count >= 2**20 else f"{count / 2**10:.0f} KiB"
