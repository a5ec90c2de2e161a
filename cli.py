"""The `qianqi` command."""

import typer

from core import migrate as migrations
from core.i18n import gettext as _

app = typer.Typer(no_args_is_help=True, add_completion=False, help="千企 Qianqi")


@app.callback()
def common() -> None:
    """Run, prepare and look after Qianqi."""


@app.command()
def migrate() -> None:
    """Bring the tables of the database to this version."""
    migrations.upgrade()
    print(_("The database is up to date."))


def main() -> None:
    """Run the command line."""
    app()
