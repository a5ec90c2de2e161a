"""People who work while a backup is made: issues, visits, files and removals, several hands at once."""

import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from PIL import Image
from sqlmodel import select

from core import clock
from core.db import transaction
from models.campaign import Campaign, CampaignState
from models.enterprise import Enterprise
from models.visit import Attachment, Visit
from services import files
from services.actor import SYSTEM
from services.issues.attachments import attach
from tests import issue_world
from tests.issue_world import IssueWorld
from tests.visit_world import one

_HANDS = 3
_SIDE = 64


@dataclass
class Work:
    """What was done while it lasted.

    Args:
        done: how often each thing was done.
        problems: what went wrong; nothing should.
    """

    done: Counter[str] = field(default_factory=Counter)
    problems: list[BaseException] = field(default_factory=list)


class Office:
    """A small world, and the campaign its visits belong to."""

    def __init__(self) -> None:
        self.world: IssueWorld = issue_world.build()
        today = clock.today()
        self.campaign = one(
            Campaign(
                name="政务服务进千企", starts_on=today - timedelta(days=10), ends_on=today + timedelta(days=90),
                revisit_days=14, state=CampaignState.RUNNING,
            )
        )  # fmt: skip
        member = self.world.actor("worker_a")
        self.team_id = member.team_ids[0]

    @contextmanager
    def busy(self) -> Iterator[Work]:
        """Work with several hands until the end of the block."""
        work, ended = Work(), threading.Event()
        hands = [threading.Thread(target=self._toil, args=(work, ended)) for _number in range(_HANDS)]
        for each in hands:
            each.start()
        try:
            yield work
        finally:
            ended.set()
            for each in hands:
                each.join()

    def _toil(self, work: Work, ended: threading.Event) -> None:
        try:
            while not ended.is_set():
                self._round(work.done)
        except BaseException as problem:  # noqa: BLE001 - told by the test that started it
            work.problems.append(problem)

    def _round(self, done: Counter[str]) -> None:
        issue_id = self.world.register()
        attach(self.world.actor("worker_a"), issue_id, BytesIO(_picture()), "现场照片.png")
        self.world.step(issue_id, "accept")
        done["issues"] += 1
        self._pair(issue_id)
        done["files"] += 3
        self._visit()
        done["visits"] += 1
        self._remove_one()
        done["removals"] += 1

    def _pair(self, issue_id: int) -> None:
        """Attach two files in one transaction: a backup has both, or neither."""
        name = secrets.token_hex(8)
        kept = [files.store(_picture()) for _side in "ab"]
        with transaction(actor=SYSTEM) as session:
            for side, each in zip("ab", kept, strict=True):
                session.add(
                    Attachment(
                        subject="issue", subject_id=issue_id, uploaded_by_id=self.world.people["worker_a"].pk,
                        file_name=f"pair-{name}-{side}.png", media_type="image/png", size=each.size,
                        sha256=each.sha256,
                    )
                )  # fmt: skip
                session.flush()

    def _visit(self) -> None:
        grid = self.world.enterprises["A"].area_id
        enterprise = one(Enterprise(name=f"企业 {secrets.token_hex(8)}", area_id=grid))
        one(
            Visit(
                campaign_id=self.campaign.pk, enterprise_id=enterprise.pk, area_id=enterprise.area_id,
                team_id=self.team_id, assignee_id=self.world.people["worker_a"].pk,
                assigned_by_id=self.world.people["lead_a"].pk, planned_on=clock.today() + timedelta(days=30),
            )
        )  # fmt: skip

    def _remove_one(self) -> None:
        """Remove a whole pair, so that rows go while they are being copied."""
        with transaction(actor=SYSTEM) as session:
            first = session.exec(
                select(Attachment).where(Attachment.file_name.like("pair-%-a.png"))  # type: ignore[attr-defined]
                .limit(1).with_for_update(skip_locked=True)
            ).first()  # fmt: skip
            if first is None:
                return
            other = first.file_name.replace("-a.png", "-b.png")
            session.delete(first)
            session.delete(session.exec(select(Attachment).where(Attachment.file_name == other)).one())


def _picture() -> bytes:
    """Return a picture that no other is equal to."""
    target = BytesIO()
    Image.frombytes("RGB", (_SIDE, _SIDE), secrets.token_bytes(_SIDE * _SIDE * 3)).save(target, "PNG")
    return target.getvalue()
