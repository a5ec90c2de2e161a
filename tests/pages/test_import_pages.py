"""The pages of an import, as Streamlit's own test runner shows them; the whole way is a test of the browser's."""

from models.account import Role
from models.importing import ImportRun
from services.importing import runs
from tests import factories as given
from tests.pages.conftest import OpenApp, PressedTwice
from tests.services.imports import TITLES, xlsx


def test_a_file_is_taken_in_once_whatever_is_pressed_meanwhile(open_app: OpenApp, pressed_twice: PressedTwice) -> None:
    """Given a file chosen, when something is pressed while it is read, then one import of it is open."""
    app = open_app(given.account(Role.COORDINATOR, locale="zh_CN"), "pages/imports/start.py")
    pressed_twice(runs, "upload")

    app.file_uploader[0].upload("企业.xlsx", xlsx([TITLES])).run()

    assert not app.exception
    (run,) = given.rows(ImportRun)
    assert app.query_params["run"] == str(run.pk)
