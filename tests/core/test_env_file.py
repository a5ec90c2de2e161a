"""The file of settings: what cannot be read or is misspelt is told, not passed over."""

import os
from pathlib import Path

import pytest

from core import env_file
from core.env_file import EnvFileError
from core.settings import settings
from services import doctor


def name_file(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setenv("QIANQI_ENV_FILE", str(file))
    settings.cache_clear()


def test_a_file_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name_file(monkeypatch, tmp_path / "nowhere.env")

    with pytest.raises(EnvFileError, match="无法读取") as problem:
        settings()
    assert "nowhere.env" in str(problem.value)


def test_a_file_in_another_encoding_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "own.env"
    file.write_bytes("# 端口\nQIANQI_PORT=8600\n".encode("gb18030"))
    name_file(monkeypatch, file)

    with pytest.raises(EnvFileError, match=r"own\.env 不是 UTF-8 编码"):
        settings()


def test_a_name_that_is_no_setting_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "own.env"
    file.write_text("QIANQI_PRT=8600\nTZ=UTC\nDATABASE_URL=postgresql://x/y\nqianqi_timezone=UTC\n")
    name_file(monkeypatch, file)

    with pytest.raises(EnvFileError, match="QIANQI_PRT 不是"):
        settings()

    file.write_text("# QIANQI_PRT\nTZ=UTC\nDATABASE_URL=postgresql://x/y\nqianqi_timezone=UTC\n")
    settings.cache_clear()
    assert (settings().database_url, settings().timezone) == ("postgresql://x/y", "UTC")


def test_a_name_of_the_environment_that_is_no_setting_is_told_by_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env_file.unknown(os.environ) == []
    monkeypatch.setenv("QIANQI_BAKUP_KEY", "x")

    assert (doctor._names().state, doctor._names().detail) == (doctor.State.WARNING, "QIANQI_BAKUP_KEY")
