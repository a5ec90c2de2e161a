"""The secret that signs cookies: made and kept in demo mode, insisted on in production."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import UserError
from core.secret import MIN_LENGTH, secret_key, startup_problems
from core.settings import settings


def use(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in {"QIANQI_SECRET_KEY": "", **values}.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()


def test_in_demo_mode_one_is_made_once_and_kept_private(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch)

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _number: secret_key(), range(16)))

    assert len(keys) == 1
    assert len(keys.pop()) >= MIN_LENGTH
    kept = settings().data_dir / "secret.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in settings().data_dir.iterdir()] == ["secret.key"]
    assert startup_problems() == []


def test_production_mode_does_not_start_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, QIANQI_MODE="production")

    assert startup_problems() == ["未设置 QIANQI_SECRET_KEY：生产模式下必须设置，且不少于 32 个字符。"]
    with pytest.raises(UserError):
        secret_key()
    assert not (settings().data_dir / "secret.key").exists()


@pytest.mark.parametrize("mode", ["demo", "production"])
def test_a_short_one_is_refused(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    use(monkeypatch, QIANQI_MODE=mode, QIANQI_SECRET_KEY="short")

    assert startup_problems() == ["QIANQI_SECRET_KEY 过短：不得少于 32 个字符。"]


def test_half_an_openid_provider_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, QIANQI_OIDC_ISSUER="https://id.example", QIANQI_OIDC_CLIENT_ID="qianqi")

    assert len(startup_problems()) == 1
    assert "QIANQI_OIDC_CLIENT_SECRET" in startup_problems()[0]


def test_a_list_of_leaked_passwords_that_is_not_there_or_empty_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    named = tmp_path / "leaked.txt"
    use(monkeypatch, QIANQI_LEAKED_PASSWORDS=str(named))
    told = [f"QIANQI_LEAKED_PASSWORDS 所指的文件无法读取：{named}"]

    assert startup_problems() == told
    named.touch()
    assert startup_problems() == told
    named.write_text("5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10\n")
    assert startup_problems() == []
