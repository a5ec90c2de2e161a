"""One issue of the demonstration and the steps taken with it, each by whoever takes it in reality.

Every step is the use case the pages call, so that states, clocks, numbers and log are what they would be.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import select

from core import clock
from core.db import transaction
from models.enterprise import Enterprise
from models.issue import IssueKind, IssueSource, Urgency
from models.issue_log import IssueTask, TaskState
from models.visit import Visit
from services import issues
from services.actor import Actor
from services.demo.cast import Cast
from services.demo.needs import Decks, Need
from services.issues import Assistance, Heard
from services.permissions import Action
from services.use_case import use_case


@dataclass
class Case:
    """What is known of an issue while its steps are taken.

    Args:
        cast: who takes the steps.
        decks: where words are drawn from.
        rng: the issue's own chance.
        need: what the enterprise says.
        enterprise: which.
        receiver: who hears it.
        visit: during which visit; `None`: it is registered by hand.
        loaded_on: the day the demonstration is loaded.
        urgency: how little it can wait.
        joint: whether a department assists.
    """

    cast: Cast
    decks: Decks
    rng: random.Random
    need: Need
    enterprise: Enterprise
    receiver: Actor
    loaded_on: date
    visit: Visit | None = None
    urgency: Urgency = Urgency.NORMAL
    joint: bool = False
    issue_id: int = 0
    caller: Actor | None = None
    lead_department: str = field(default="")

    @property
    def kind(self) -> IssueKind:
        """What kind of need it is."""
        return self.need.kind

    # Registered

    def register(self) -> None:
        """Register what the enterprise said."""
        self._register("")

    def settle(self) -> None:
        """Register it as resolved on site."""
        self._register(self.need.on_site)

    def accept(self) -> None:
        """Accept it: the lead, or the coordinator where it was heard in the zone."""
        issues.accept(self._lead() or self.cast.coordinator, self.issue_id)

    def accept_in_zone(self) -> None:
        """Accept what was handed up."""
        issues.accept(self.cast.coordinator, self.issue_id)

    def decline(self) -> None:
        """Decline it."""
        issues.decline(self._lead() or self.cast.coordinator, self.issue_id, self._words("declined"))

    def to_street(self) -> None:
        """Hand it up to the street."""
        issues.escalate(self.cast.lead(self.enterprise), self.issue_id, self._words("escalated"))

    def to_zone(self) -> None:
        """Hand it up to the zone."""
        issues.escalate(self.cast.street_lead(self.enterprise), self.issue_id, self._words("escalated"))

    # Dispatched

    def dispatch(self) -> None:
        """Dispatch it to the department that answers for it, and to a partner if it is joint."""
        self.lead_department = self.cast.department(self.need.category).name
        issues.dispatch(
            self.cast.coordinator, self.issue_id, self._department_id(), instruction=self._words("instruction"),
            assisting=self._assisting(),
        )  # fmt: skip

    def dispatch_astray(self) -> None:
        """Dispatch it to a department that will not find it its own."""
        right = self.cast.department(self.need.category).name
        others = [name for name in self.cast.people.departments if name not in {right, self.need.partner}]
        self.lead_department = self.rng.choice(others)
        words = self._words("instruction")
        issues.dispatch(self.cast.coordinator, self.issue_id, self._department_id(), instruction=words)

    def give_back(self) -> None:
        """Return it as another department's."""
        issues.return_issue(self._officer(), self.issue_id, self._words("returned"))

    def redispatch(self) -> None:
        """Dispatch it anew, to whom it belongs."""
        self.lead_department = self.cast.department(self.need.category).name
        issues.redispatch(
            self.cast.coordinator, self.issue_id, self._department_id(), instruction=self._words("again")
        )  # fmt: skip

    def redispatch_astray(self) -> None:
        """Dispatch it anew, again to the wrong department."""
        right, last = self.cast.department(self.need.category).name, self.lead_department
        self.lead_department = self.rng.choice(
            [name for name in self.cast.people.departments if name not in {right, last}]
        )
        issues.redispatch(
            self.cast.coordinator, self.issue_id, self._department_id(), instruction=self._words("again")
        )  # fmt: skip

    # Handled

    def acknowledge(self) -> None:
        """Acknowledge it."""
        issues.acknowledge(self._officer(), self.issue_id)

    def join(self) -> None:
        """Ask the partner to assist."""
        partner = self.cast.people.departments[self.need.partner]
        issues.add_task(self._officer(), self.issue_id, partner.pk, self.need.task)

    def finish_task(self) -> None:
        """Let the partner do its part, if there is one."""
        for task in self._tasks():
            issues.finish_task(self.cast.officer(self.need.partner), self.issue_id, task.pk, self.need.done)

    def ask_extension(self) -> None:
        """Ask for more days."""
        issues.request_extension(
            self._officer(), self.issue_id, self.rng.choice((3, 5, 5, 7, 10)), self._words("extension")
        )  # fmt: skip

    def grant_extension(self) -> None:
        """Grant them."""
        issues.approve_extension(self.cast.coordinator, self.issue_id, note=self._words("extension_granted"))

    def refuse_extension(self) -> None:
        """Refuse them."""
        issues.refuse_extension(self.cast.coordinator, self.issue_id, self._words("extension_refused"))

    def ask_shelving(self) -> None:
        """Ask to shelve it."""
        day = clock.today() + timedelta(days=self.rng.choice((150, 180, 210, 240)))
        issues.request_shelving(self._officer(), self.issue_id, day, self._words("shelving"))

    def ask_shelving_until_soon(self) -> None:
        """Ask to shelve it until a few days after the demonstration is loaded."""
        day = self.loaded_on + timedelta(days=self.rng.choice((3, 4, 6)))
        issues.request_shelving(self._officer(), self.issue_id, day, self._words("shelving"))

    def shelve(self) -> None:
        """Agree to shelve it."""
        issues.approve_shelving(self.cast.coordinator, self.issue_id, note=self._words("shelving_granted"))

    def refuse_shelving(self) -> None:
        """Do not agree to shelve it."""
        issues.refuse_shelving(self.cast.coordinator, self.issue_id, self._words("shelving_refused"))

    def resolve(self) -> None:
        """Resolve it."""
        issues.resolve(self._officer(), self.issue_id, self.need.later)

    def fail_review(self) -> None:
        """Send the result back."""
        issues.fail_review(self.cast.coordinator, self.issue_id, self._words("review_failed"))

    def pass_review(self) -> None:
        """Find the result good."""
        issues.pass_review(self.cast.coordinator, self.issue_id, note=self._words("review_passed"))

    # Verified

    def answer(self) -> None:
        """Tell the enterprise: whoever heard it first."""
        issues.answer(self.receiver, self.issue_id, self._words("answer"))

    def have_called(self) -> None:
        """Ask the enterprise: the lead, or the receiver where others resolved it."""
        lead = self._lead() or self.cast.coordinator
        by_receiver = self.lead_department and self.rng.random() < 0.5
        self.caller = self.receiver if by_receiver or lead == self.receiver else lead
        if not self.lead_department and self.caller == self.receiver:
            self.caller = self.cast.coordinator
        self._start_call_back(self.caller)

    def have_receiver_call(self) -> None:
        """Ask whoever heard it first to call."""
        self.caller = self.receiver
        self._start_call_back(self.receiver)

    def miss(self) -> None:
        """Call and reach nobody."""
        issues.record_call_back(self._caller(), self.issue_id, reached=False, note=self._words("not_reached"))

    def confirm(self) -> None:
        """Hear that it is solved and that the enterprise is satisfied."""
        issues.record_call_back(
            self._caller(), self.issue_id, reached=True, solved=True, satisfied=True, note=self._words("content")
        )  # fmt: skip

    def object(self) -> None:
        """Hear that it is not."""
        issues.record_call_back(
            self._caller(), self.issue_id, reached=True, solved=self.rng.random() < 0.3, satisfied=False,
            note=self._words("not_content"),
        )  # fmt: skip

    def close(self) -> None:
        """Strike it off the ledger."""
        issues.close(self.cast.coordinator, self.issue_id)

    def close_unreached(self) -> None:
        """Strike it off though nobody could be reached."""
        issues.close(self.cast.coordinator, self.issue_id, note=self._words("unreachable"))

    def reopen(self) -> None:
        """Take it up again."""
        issues.reopen(self.cast.coordinator, self.issue_id, self._words("reopened"))

    # Said and signalled

    def comment(self) -> None:
        """Say something about it."""
        speaker = self._officer() if self.lead_department else self.receiver
        issues.comment(speaker, self.issue_id, self._words("comment"))

    def urge(self) -> None:
        """Urge whoever is to act."""
        issues.urge(self.cast.coordinator, self.issue_id, self._words("urged"))

    def supervise(self) -> None:
        """Put it under supervision."""
        issues.supervise(self.cast.coordinator, self.issue_id, self._words("supervised"))

    def yellow(self) -> None:
        """Show a yellow card."""
        issues.yellow_card(self.cast.coordinator, self.issue_id, self._words("yellow"))

    def red(self) -> None:
        """Show a red card."""
        issues.red_card(self.cast.coordinator, self.issue_id, self._words("red"))

    def _register(self, solution: str) -> None:
        heard = Heard(self.kind, self.need.text, self.need.category, urgency=self.urgency, solution=solution)
        if self.visit is None:
            self.issue_id = issues.register(self.receiver, self.enterprise.pk, heard).pk
            return
        with use_case(self.receiver, Action.ISSUE_REGISTER) as session:
            made = issues.register_in(
                session, self.receiver, self.enterprise, heard, source=IssueSource.VISIT, visit=self.visit
            )
            self.issue_id = made.pk

    def _start_call_back(self, caller: Actor) -> None:
        asks = self._lead() or self.cast.coordinator
        asks = self.cast.coordinator if asks == self.receiver and not self.lead_department else asks
        issues.start_call_back(asks, self.issue_id, caller.account_id)

    def _lead(self) -> Actor | None:
        """Return the team's lead; `None` where the coordinator registered it."""
        return None if self.receiver == self.cast.coordinator else self.cast.lead(self.enterprise)

    def _officer(self) -> Actor:
        return self.cast.officer(self.lead_department)

    def _caller(self) -> Actor:
        assert self.caller is not None  # noqa: S101 - a call-back was asked for before
        return self.caller

    def _department_id(self) -> int:
        return self.cast.people.departments[self.lead_department].pk

    def _assisting(self) -> list[Assistance]:
        if not self.joint:
            return []
        return [Assistance(self.cast.people.departments[self.need.partner].pk, self.need.task)]

    def _tasks(self) -> list[IssueTask]:
        still = select(IssueTask).where(IssueTask.issue_id == self.issue_id, IssueTask.state == TaskState.OPEN)
        with transaction() as session:
            return list(session.exec(still))

    def _words(self, name: str) -> str:
        return self.decks.phrase(name)
