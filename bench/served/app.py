"""The product with one more page, which is empty: what any page costs before it shows anything."""

from pathlib import Path

from bench.served import EMPTY
from pages.shell import navigation
from services.permissions import Action


class _EmptyPage(navigation.Entry):
    """An entry of the menu whose file is not under `pages/`."""

    @property
    def url_path(self) -> str:
        """The page's address."""
        return EMPTY


_FILE = str(Path(__file__).with_name("empty.py"))
navigation.PAGES = (
    *navigation.PAGES,
    _EmptyPage(_FILE, "Start", "home", Action.ACCOUNT_OWN, navigation.OWN, hidden=True),
)

from app import app  # noqa: E402, F401 - the menu must be changed before it is served
