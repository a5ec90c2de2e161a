"""Classes of issues (一件事→一类事): from one need to its kind, a measure against it, and what the measure changed."""

from services.classes.effect import Effect, Measured, Verdict, measured
from services.classes.entity import CLASSES
from services.classes.exporting import workbook
from services.classes.members import Belonging, Member, Members, add, belonging, leave_out, of_class
from services.classes.reading import Shown, by_month, every, get
from services.classes.ruling import begin, close, confirm, dismiss, reconsider, reopen, take_effect
from services.classes.suggesting import suggest
from services.classes.telling import Untold, draft_notice, drafted, record_told, untold, untold_in, untold_of
from services.classes.wording import effect_sentence

__all__ = [
    "CLASSES", "Belonging", "Effect", "Measured", "Member", "Members", "Shown", "Untold", "Verdict", "add", "begin",
    "belonging", "by_month", "close", "confirm", "dismiss", "draft_notice", "drafted", "effect_sentence", "every",
    "get", "leave_out", "measured", "of_class", "reconsider", "record_told", "reopen", "suggest", "take_effect",
    "untold", "untold_in", "untold_of", "workbook",
]  # fmt: skip
