"""Nobody may choose a password that is known from a leak: searched in a list as it is published."""

import hashlib
from pathlib import Path

import pytest

from core.errors import InvalidError
from core.settings import settings
from models.account import Account
from services.accounts import set_password
from services.accounts.leaks import is_leaked

KNOWN = [f"battery-staple-{number}" for number in range(300)]


def listed(monkeypatch: pytest.MonkeyPatch, path: Path, passwords: list[str], end: str = "\r\n") -> None:
    """Name a list that has these passwords, each seen a number of times of another length."""
    hashes = sorted(hashlib.sha1(each.encode(), usedforsecurity=False).hexdigest().upper() for each in passwords)
    path.write_bytes(end.join(f"{each}:{10 ** (at % 7)}" for at, each in enumerate(hashes)).encode())
    monkeypatch.setenv("QIANQI_LEAKED_PASSWORDS", str(path))
    settings.cache_clear()


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("count", [1, 2, 3, 299])
def test_every_password_of_a_list_is_found_and_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, count: int, end: str
) -> None:
    listed(monkeypatch, tmp_path / "leaked.txt", KNOWN[:count], end)

    assert all(is_leaked(each) for each in KNOWN[:count])
    assert not any(is_leaked(each) for each in KNOWN[count:])


def test_without_a_list_none_is_known() -> None:
    assert not is_leaked(KNOWN[0])


def test_a_leaked_password_is_refused_and_another_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    listed(monkeypatch, tmp_path / "leaked.txt", KNOWN)
    account = Account(username="lina", name="李娜")

    with pytest.raises(InvalidError, match="已在外部泄露"):
        set_password(account, KNOWN[7])
    assert not account.password_hash

    set_password(account, "staple-battery-7")
    assert account.password_hash
