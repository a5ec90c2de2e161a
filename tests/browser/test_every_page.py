"""Every page of the menu opens on a telephone, shows no error and fits its width."""

import pytest
from playwright.sync_api import expect

from models.account import Role
from pages.shell.navigation import PAGES
from services.permissions import MATRIX
from tests.browser.conftest import PHONE_WIDTH, SignIn, open_page
from tests.browser.hands import shot

pytestmark = pytest.mark.browser
PICTURED = {
    "/admin-accounts": "administrator-accounts",
    "/admin-areas": "administrator-areas",
    "/admin-extra-fields": "administrator-extra-fields",
    "/admin-calendar": "administrator-calendar",
    "/admin-limits": "administrator-limits",
}


def addresses(role: Role) -> list[str]:
    """Return the addresses of a role's menu."""
    return [f"/{each.url_path}" for each in PAGES if not each.hidden and role in MATRIX[each.action]]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TEAM_LEAD, Role.GRID_WORKER, Role.ADMINISTRATOR])
def test_every_page_of_the_menu_fits_a_phone(sign_in: SignIn, role: Role) -> None:
    page = sign_in(role, width=PHONE_WIDTH)

    too_wide = {}
    for address in addresses(role):
        open_page(page, address)
        expect(page.get_by_role("heading").first).to_be_visible()
        for part in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
            width = page.evaluate(f"{part}.scrollWidth")
            if width > PHONE_WIDTH:
                too_wide[address] = width
    assert too_wide == {}


def test_the_administrators_pages_are_pictured(sign_in: SignIn) -> None:
    page = sign_in(Role.ADMINISTRATOR)

    for address, name in PICTURED.items():
        open_page(page, address)
        expect(page.get_by_role("heading").first).to_be_visible()
        shot(page, name)
