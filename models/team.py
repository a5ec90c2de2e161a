"""Service teams, their members and their days of leave."""

from datetime import date

from sqlmodel import CheckConstraint, Index

from core.i18n import N_
from models.base import Row, column


class Team(Row, table=True):
    """A service team (政务服务队) that serves one area and everything below it."""

    name: str = column(N_("Name"), unique=True, max_length=100, listed=True, searchable=True)
    area_id: int = column(N_("Area"), foreign_key="area.id", index=True, reference="area", listed=True)
    active: bool = column(N_("Active"), default=True, listed=True, filterable=True)


class TeamMember(Row, table=True):
    """A person's membership of a team during a period; the lead is a member too."""

    __tablename__ = "team_member"
    __table_args__ = (
        Index("uq_team_member_present", "account_id", unique=True, postgresql_where="left_on IS NULL"),
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="period"),
    )

    team_id: int = column(N_("Team"), foreign_key="team.id", index=True, reference="team", listed=True)
    account_id: int = column(N_("Member"), foreign_key="account.id", reference="account", listed=True)
    is_lead: bool = column(N_("Team lead"), default=False, listed=True, filterable=True)
    grid_id: int | None = column(
        N_("Grid"),
        default=None,
        foreign_key="area.id",
        reference="area",
        listed=True,
        help=N_("Own grid of the member"),
    )
    joined_on: date = column(N_("Joined on"), listed=True)
    left_on: date | None = column(N_("Left on"), default=None, listed=True)


class Leave(Row, table=True):
    """Days on which a person makes no visits, both ends included."""

    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="period"),)

    account_id: int = column(N_("Member"), foreign_key="account.id", index=True, reference="account", listed=True)
    starts_on: date = column(N_("First day"), listed=True)
    ends_on: date = column(N_("Last day"), listed=True)
    reason: str = column(N_("Reason"), default="", max_length=200, listed=True)

    def __contains__(self, day: date) -> bool:
        """Return whether the person is away on `day`."""
        return self.starts_on <= day <= self.ends_on
