"""The people of the demonstration as actors, and who of them has to do with an enterprise or a category."""

import random
from dataclasses import dataclass, field

from sqlmodel import Session, select

from models.account import Account, Department
from models.area import Area
from models.enterprise import Enterprise
from models.team import Team, TeamMember
from services.actor import Actor
from services.demo.areas import Tree
from services.demo.people import HOME, People
from services.demo.words import departments_of_categories


@dataclass
class Cast:
    """Everybody who takes steps with issues."""

    people: People
    accounts: dict[int, Account]
    areas: dict[int, Area]
    _members: dict[int, tuple[TeamMember, Team]]
    _actors: dict[int, Actor] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, people: People, tree: Tree) -> "Cast":
        """Return the cast of the people who were settled."""
        teams = {team.pk: team for team in people.teams.values()}
        members = {m.account_id: (m, teams[team_id]) for team_id, team in people.members.items() for m in team}
        accounts = {account.pk: account for account in session.exec(select(Account))}
        return cls(people, accounts, {area.pk: area for area in tree.by_code.values()}, members)

    @property
    def coordinator(self) -> Actor:
        """Who coordinates the campaigns."""
        return self.named("coordinator")

    @property
    def home(self) -> set[int]:
        """Ids of the grids of the village whose lead and worker sign in."""
        village = next(area for area in self.areas.values() if area.code == HOME)
        return {area.pk for area in self.areas.values() if area.parent_id == village.pk}

    def named(self, username: str) -> Actor:
        """Return somebody who signs in."""
        return self.actor(self.people.named[username].pk)

    def actor(self, account_id: int) -> Actor:
        """Return an account as who it acts as."""
        if account_id not in self._actors:
            self._actors[account_id] = self._made(self.accounts[account_id])
        return self._actors[account_id]

    def officer(self, department: str) -> Actor:
        """Return the officer of a department."""
        wanted = self.people.departments[department].pk
        return self.actor(next(each.pk for each in self.people.officers if each.department_id == wanted))

    def department(self, category: str) -> Department:
        """Return the department that answers for a category."""
        return self.people.departments[departments_of_categories()[category]]

    def lead(self, enterprise: Enterprise) -> Actor:
        """Return the lead of the team that serves an enterprise."""
        return self.actor(self._team(enterprise)[0].account_id)

    def street_lead(self, enterprise: Enterprise) -> Actor:
        """Return the lead of the street's team."""
        village = self.areas[self.areas[enterprise.area_id].parent_id or 0]
        street = self.areas[village.parent_id or 0]
        return self.actor(self.people.members[self.people.teams[street.code].pk][0].account_id)

    def member(self, rng: random.Random, enterprise: Enterprise) -> Actor:
        """Return who visits an enterprise: of its own grid if there is one."""
        team = self._team(enterprise)
        own = [each for each in team[1:] if each.grid_id in {enterprise.area_id, None}]
        return self.actor(rng.choice(own or team[:1]).account_id)

    def _team(self, enterprise: Enterprise) -> list[TeamMember]:
        village = self.areas[self.areas[enterprise.area_id].parent_id or 0]
        street = self.areas[village.parent_id or 0]
        team = self.people.teams.get(village.code) or self.people.teams[street.code]
        return self.people.members[team.pk]

    def _made(self, account: Account) -> Actor:
        member, team = self._members.get(account.pk, (None, None))
        paths = (self.areas[member.grid_id or team.area_id].path,) if member and team else ()
        return Actor(
            account_id=account.pk,
            name=account.name,
            role=account.role,
            area_paths=paths,
            team_ids=(team.pk,) if team else (),
            department_id=account.department_id,
        )
