"""Whom a notice goes to, in a form that can be stored and applied again: by filters, a list, or both."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from models.account import Role
from models.reminder import Audience
from models.targets import TargetRule


class EnterpriseChoice(TargetRule):
    """Which enterprises: what the filters of their list find; with `only`, of these and no others."""

    only: tuple[int, ...] = ()


class StaffChoice(BaseModel):
    """Which active accounts: those that fit every filter that is set.

    Args:
        search: any part of name or user name.
        roles: what the account is for.
        team_ids: the teams one belongs to today.
        area_ids: areas one's team or grid lies in, or below them.
        department_ids: the departments of officers.
    """

    model_config = ConfigDict(frozen=True)

    search: str = Field("", max_length=200)
    roles: tuple[Role, ...] = ()
    team_ids: tuple[int, ...] = ()
    area_ids: tuple[int, ...] = ()
    department_ids: tuple[int, ...] = ()


Choice = EnterpriseChoice | StaffChoice


def choice_of(audience: Audience, stored: Mapping[str, Any]) -> Choice:
    """Return the choice a batch keeps in its `filters`."""
    kind = EnterpriseChoice if audience is Audience.ENTERPRISES else StaffChoice
    return kind.model_validate(stored)


def audience_of(choice: Choice) -> Audience:
    """Return to which audience a choice belongs."""
    return Audience.ENTERPRISES if isinstance(choice, EnterpriseChoice) else Audience.STAFF


def stored_choice(choice: Choice) -> dict[str, Any]:
    """Return a choice as a batch keeps it."""
    return choice.model_dump(mode="json", exclude_defaults=True)
