"""An administrator's own wording replaces the product's, in every process, and cannot break a page."""

import pytest

from core.db import transaction
from core.errors import InvalidError, NotAllowedError
from core.i18n import gettext, in_locale, use_own_texts
from models.account import Role
from models.configuration import CustomText
from services import texts
from services.actor import SYSTEM
from services.entities import delete, save
from tests import factories as given

pytestmark = pytest.mark.usefixtures("database", "no_own_texts")

OWN = {"locale": "zh_CN", "message": "Sign out", "text": "离开"}


@pytest.fixture
def no_own_texts(database: str, monkeypatch: pytest.MonkeyPatch) -> object:  # noqa: ARG001 - asked for its effect
    """Begin and end with the product's own texts, read a moment ago."""
    monkeypatch.setattr(texts, "_read_at", -1000.0)
    use_own_texts({})
    texts.refresh()
    yield
    use_own_texts({})


def test_an_own_wording_is_used_in_its_language_from_the_next_page_on() -> None:
    row_id = save(given.actor(Role.ADMINISTRATOR), texts.CUSTOM_TEXTS, OWN)
    texts.refresh()

    assert gettext("Sign out") == "离开"
    assert gettext("Sign in") == "登录"
    with in_locale("en"):
        assert gettext("Sign out") == "Sign out"

    delete(given.actor(Role.ADMINISTRATOR), texts.CUSTOM_TEXTS, row_id)
    texts.refresh()
    assert gettext("Sign out") == "退出登录"


def test_another_process_sees_it_within_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 5000.0
    monkeypatch.setattr("time.monotonic", lambda: moment)
    monkeypatch.setattr(texts, "_read_at", 0.0)
    texts.refresh()
    with transaction(actor=SYSTEM) as session:  # as if by another process: this one is told nothing
        session.connection().execute(
            CustomText.__table__.insert().values(  # type: ignore[attr-defined]  # SQLAlchemy sets it
                created_at="2023-12-06", updated_at="2023-12-06", **OWN
            )
        )
    texts.refresh()
    assert gettext("Sign out") == "退出登录"

    moment += 30
    texts.refresh()

    assert gettext("Sign out") == "离开"


@pytest.mark.parametrize(
    ("change", "field"), [({"text": "{count} 个"}, "text"), ({"text": "100{"}, "text"), ({"locale": "fr"}, "locale")]
)
def test_a_wording_that_would_break_a_page_is_refused(change: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidError) as told:
        save(given.actor(Role.ADMINISTRATOR), texts.CUSTOM_TEXTS, {**OWN, **change})

    assert set(told.value.problems) == {field}


def test_a_broken_wording_that_came_in_otherwise_is_not_used() -> None:
    given.stored(CustomText(locale="zh_CN", message="{count} accounts", text="{number} 个账号"))
    texts.refresh()

    assert gettext("{count} accounts") == "共 {count} 个账号"


def test_places_to_fill_in_may_change_their_order_but_not_their_names() -> None:
    assert texts.places_fit("{a} of {b}", "{b} 中的 {a}")
    assert not texts.places_fit("{a} of {b}", "{b}")
    assert not texts.places_fit("{a}", "{a} {{")


def test_a_database_that_does_not_answer_leaves_the_texts_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    from core import db
    from core.settings import settings

    use_own_texts({"zh_CN": {"Sign out": "离开"}})
    monkeypatch.setenv("QIANQI_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    settings.cache_clear()
    db.reset()
    monkeypatch.setattr(texts, "_read_at", -1000.0)

    texts.refresh()

    assert gettext("Sign out") == "离开"


def test_nobody_but_administrators_rewords() -> None:
    with pytest.raises(NotAllowedError):
        save(given.actor(Role.COORDINATOR), texts.CUSTOM_TEXTS, OWN)
