"""Classes of issues (一类事) in a bulletin: how many the month brought, and what their measures changed."""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from core import clock
from core.i18n import LOCALES, in_locale
from models.bulletin import Bulletin, BulletinIssue
from models.issue_class import COUNTED_STANDINGS, RULED_STATES, IssueClass, IssueClassMember
from services.bulletin.catalogue import Cohort, Figure
from services.bulletin.printed import CLASS, ClassLine
from services.classes import effect_sentence
from services.classes.reading import Shown, shown_in

_MOST = 8


def noted(session: Session, bulletin: Bulletin) -> tuple[ClassLine, ...]:
    """Mark the frozen issues of each confirmed class and return the classes, the most needed first.

    A class is looked at as it is when the bulletin is built; confirmed later than the month, it is not in it.
    """
    found = session.scalars(
        select(IssueClass)
        .where(col(IssueClass.state).in_(RULED_STATES), col(IssueClass.confirmed_at) < bulletin.until)
        .order_by(col(IssueClass.id))
    ).all()
    lines = [_line(session, bulletin, each) for each in shown_in(session, found)]
    return tuple(sorted(lines, key=lambda line: (not line.in_force, -line.month, line.id))[:_MOST])


def _line(session: Session, bulletin: Bulletin, shown: Shown) -> ClassLine:
    row = shown.row
    mark = f"{CLASS}{row.pk}"
    members = select(col(IssueClassMember.issue_id)).where(
        col(IssueClassMember.class_id) == row.pk, col(IssueClassMember.standing).in_(COUNTED_STANDINGS)
    )
    session.execute(
        update(BulletinIssue)
        .where(col(BulletinIssue.bulletin_id) == bulletin.pk, col(BulletinIssue.issue_id).in_(members))
        .values(marks=func.array_append(BulletinIssue.marks, mark)),
        execution_options={"synchronize_session": False},
    )
    counted = Figure(mark, shown.row.title, mark, Cohort.MONTH).conditions(bulletin, 1)
    last = (bulletin.until - timedelta(microseconds=1)).astimezone(clock.zone()).date()
    in_force = row.in_force_on is not None and row.in_force_on <= last
    return ClassLine(
        id=row.pk, title=row.title, department=shown.department, measure=row.measure, in_force=in_force,
        month=session.scalar(select(func.count()).select_from(BulletinIssue).where(*counted)) or 0,
        effect=_effects(shown) if in_force else {},
    )  # fmt: skip


def _effects(shown: Shown) -> dict[str, str]:
    """Return what a measure changed, in words of each language: what is printed is not written anew."""
    told = {}
    for language in LOCALES:
        with in_locale(language):
            told[language] = effect_sentence(shown.effect) if shown.effect else ""
    return told
