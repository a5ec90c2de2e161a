"""Pictures of the administrator's pages for the guides; `tests/look` looks at every page."""

import pytest
from playwright.sync_api import expect

from models.account import Role
from tests.browser.conftest import SignIn, open_page
from tests.browser.hands import shot

pytestmark = pytest.mark.browser
PICTURED = {
    "/admin-accounts": "administrator-accounts",
    "/admin-areas": "administrator-areas",
    "/admin-extra-fields": "administrator-extra-fields",
    "/admin-calendar": "administrator-calendar",
    "/admin-limits": "administrator-limits",
}


@pytest.mark.usefixtures("as_it_runs")
def test_the_administrators_pages_are_pictured(sign_in: SignIn) -> None:
    page = sign_in(Role.ADMINISTRATOR)

    for address, name in PICTURED.items():
        open_page(page, address)
        expect(page.get_by_role("heading").first).to_be_visible()
        shot(page, name)
