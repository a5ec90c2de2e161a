"""A small zone with enterprises that can and cannot be reached."""

from dataclasses import dataclass, field
from itertools import count

import pytest

from models.account import Account, Role
from models.addressees import EnterpriseChoice
from models.area import Area, Tier
from models.enterprise import Contact, Enterprise
from services.actor import Actor
from services.notices import drafting
from services.outbox import OutboxMessage
from tests import factories

WORDS = {
    "matter": "食品经营许可延续",
    "title": "{{ enterprise }}:许可证即将到期",
    "body": "{{ person }},您好!贵公司许可证将于30日后到期。",
    "urgent": True,
}
_numbers = count(1)


@dataclass
class Zone:
    """Who and what there is."""

    street: Area
    village: Area
    coordinator: Actor
    manager: Actor
    lead: Actor
    officer: Actor
    reachable: list[Enterprise] = field(default_factory=list)

    def enterprise(self, *emails: str, **more: object) -> Enterprise:
        """Store an enterprise with a contact for each address, the first of them the main one."""
        row = factories.enterprise(self.village, **more)  # type: ignore[arg-type]
        for place, email in enumerate(emails):
            name = f"联系人{next(_numbers)}"
            factories.stored(Contact(enterprise_id=row.pk, name=name, email=email, is_primary=place == 0))
        return row

    def draft(self, choice: EnterpriseChoice | None = None, **words: object) -> int:
        """Make a draft to all enterprises, or to those a choice means."""
        batch_id = drafting.choose(self.coordinator, choice or EnterpriseChoice())
        drafting.write(self.coordinator, batch_id, WORDS | words)
        return batch_id


@pytest.fixture
def zone(database: str, frozen_clock: object) -> Zone:  # noqa: ARG001 - asked for their effect
    """Three enterprises that can be reached, one without contact and one whose contact has no e-mail."""
    street = factories.area(Tier.STREET)
    village = factories.area(Tier.VILLAGE, street)
    lead = factories.account(Role.TEAM_LEAD)
    factories.member(factories.team(street), lead, lead=True)
    made = Zone(
        street=street,
        village=village,
        coordinator=factories.actor(Role.COORDINATOR),
        manager=factories.actor(Role.MANAGER),
        lead=factories.acting(lead),
        officer=factories.actor(Role.DEPARTMENT_OFFICER),
    )
    made.reachable = [made.enterprise(f"office@qiye{number}.example.com") for number in range(3)]
    made.enterprise()
    made.enterprise("")
    return made


def owed(topic: str) -> list[OutboxMessage]:
    """Return the outbox messages of a topic."""
    return factories.rows(OutboxMessage, lambda row: row.topic == topic)


def people(*roles: Role) -> list[Account]:
    """Store an account of each role."""
    return [factories.account(role) for role in roles]
