"""The product with one more page, which fails; served to a browser test only."""

from pathlib import Path

from pages.shell import navigation
from services.permissions import Action


class _FailingPage(navigation.Entry):
    """An entry of the menu whose file is not under `pages/`."""

    @property
    def url_path(self) -> str:
        """The page's address."""
        return "failing"


_FILE = str(Path(__file__).with_name("page.py"))
navigation.PAGES = (*navigation.PAGES, _FailingPage(_FILE, "Start", "home", Action.ACCOUNT_OWN, navigation.OWN))

from app import app  # noqa: E402, F401 - the menu must be changed before it is served
