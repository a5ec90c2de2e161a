"""Restoring a backup into a server that is thrown away: the proof that it can be."""

import tempfile
from pathlib import Path

from core.embedded import EmbeddedPostgres
from core.embedded.postgres import APP
from core.settings import settings
from core.storage import FolderStore
from services.backups import restoring
from services.backups.restoring import Restored, Target


def rehearse(file: Path) -> Restored:
    """Restore an archive into a PostgreSQL and a folder of its own, and throw both away.

    Raises:
        UserError: it cannot be restored; the text says why.
    """
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="qianqi-rehearsal-") as server_folder,
        tempfile.TemporaryDirectory(prefix="rehearsal-", dir=settings().data_dir) as files,
    ):
        folder = Path(server_folder)
        folder.chmod(0o711)  # the server's account must pass through
        with EmbeddedPostgres(folder, durable=False) as server:
            return restoring.restore(file, Target(server.owner_url, APP, FolderStore(Path(files))))
