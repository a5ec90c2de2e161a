"""The table of settings in the documentation is the one in the code."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from core.settings import Settings

DOCUMENT = Path(__file__).parents[2] / "docs/configuration.md"
_SHORT = {"database_url": "DATABASE_URL", "redis_url": "REDIS_URL"}


def test_every_setting_is_documented_with_its_default_and_meaning() -> None:
    text = DOCUMENT.read_text("utf-8")

    assert _table() in text, f"docs/configuration.md should hold this table:\n\n{_table()}"


def _table() -> str:
    rows = [
        f"| {_name(name)} | {_default(name)} | {field.description} |" for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


def _name(field: str) -> str:
    name = f"`QIANQI_{field.upper()}`"
    return f"{name} or `{_SHORT[field]}`" if field in _SHORT else name


def _default(name: str) -> str:
    if name == "data_dir":
        return "`/var/lib/qianqi` for root, `~/.local/share/qianqi` for others"
    value = Settings.model_fields[name].default
    assert value is not PydanticUndefined, f"say in this test what the default of {name} is"
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return "" if value in ("", None) else f"`{str(value).lower() if isinstance(value, bool) else value}`"
