"""The demonstration data: the programme as it really is, on the real area tree and places.

Invented people and enterprises in the real villages of 淄博高新区, made from one seed: the same content each time, with
days that count from today. Issues are the outcome of the very steps the pages offer, each taken at its own moment by
whoever would take it, so that their log, clocks and numbers are as if they had been worked on for months. The figures
are the article's:

- 39 service teams with 306 members, the leads among them: one team of the zone, one of each street, 36 of villages.
- The campaign 政务服务进千企大走访 is finished and holds the article's result: 660 enterprises visited, 34 suggestions,
  106 difficult issues, 72 of them resolved on site and 34 later with other departments; nearly all closed after the
  call-back, a few only after a second round.
- The campaign 政务服务进千企“回头看” runs now and has work for every role: of 320 enterprises some are visited, some
  planned for today and the coming days, some overdue, some returned, and about eighty not assigned yet; its issues
  stand in every state there is, some of them over time, with cards or under supervision.
- Four classes of issues (一类事) are confirmed: one measure has visibly ended a need that many had, of two too few
  issues tell yet, one is still to take effect; others are suggested.
- Seventeen organisations approve on commitment (告知承诺制): most commitments are made good, some due soon, a few over.
- What reminders were told in the last three weeks was planned, told and sent by the product itself with the clock held
  back: read, acknowledged, not needed any more, refused by a mailbox; what is to come is planned.
- The campaign 省市重点项目企业专题走访 is a draft for the 86 key enterprises.
- The bulletins of up to three months are issued; that of the last month, or of the present one, is a draft.
- 12 notice batches about 11 matters went out to enterprises with 958 notices in all, most of them read, a few refused
  by the mail server; the latest is paused halfway, so that one can resume it and watch.

The lead and the worker who sign in belong to 华侨城社区, the village with the most enterprises.
"""

from dataclasses import dataclass

from core.i18n import gettext
from services.demo import people
from services.demo.loading import PASSWORD, begin, is_here, is_unfinished, load

__all__ = ["PASSWORD", "DemoAccount", "accounts", "begin", "is_here", "is_unfinished", "load"]


@dataclass(frozen=True)
class DemoAccount:
    """A sign-in shown to whoever tries the demonstration."""

    role: str
    username: str
    password: str


def accounts() -> list[DemoAccount]:
    """Return the demonstration's sign-ins, one for each role, labelled in the present language."""
    return [DemoAccount(gettext(role.label), username, PASSWORD) for role, (username, _name) in people.NAMED.items()]
