"""People enter and leave by a real browser."""

import pytest
from playwright.sync_api import expect

from models.account import Role
from tests.browser.conftest import SignIn

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("role", list(Role))
def test_each_role_signs_in(sign_in: SignIn, role: Role) -> None:
    page = sign_in(role)

    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    expect(page).to_have_url("/")
