"""The visit form of a campaign: drafts that lose no typing, versions that keep old records right."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, select

from core import clock
from core.errors import ConflictError, InvalidError
from core.i18n import N_, format_moment
from models import forms as rules
from models.audit import AuditEntry
from models.campaign import Campaign, CampaignState, FormDraft, FormVersion
from models.fields import FieldSpec
from models.forms import Form
from models.visit import Visit
from services import access
from services.actor import Actor
from services.campaigns.loading import load
from services.permissions import Action
from services.use_case import use_case

Change = Callable[[Form, frozenset[str]], Form]
"""An edit: given the questions and the keys that are taken for ever, returns the questions after it."""


@dataclass(frozen=True)
class Draft:
    """A campaign's form as one person sees it in the form builder.

    Args:
        questions: the form as that person left it.
        problems: what keeps it from being saved: question key → messages; see `models.forms.find_problems`.
        version: the number of the saved form, 0 where there is none.
        in_use: whether records were made with the saved form, so that saving makes the next version.
        answered: keys of questions that records answer; their kind stays as it is.
        changed: whether it differs from the saved form.
        overtaken: whether somebody saved the form since this person began to edit it.
        saved_at: when the draft was last kept.
        editable: whether the campaign is not finished.
    """

    questions: Form
    problems: dict[str, list[str]]
    version: int
    in_use: bool
    answered: frozenset[str]
    changed: bool
    overtaken: bool
    saved_at: datetime | None
    editable: bool


def current(session: Session, campaign_id: int) -> FormVersion | None:
    """Return the latest version of a campaign's form, `None` where it has none; part of the caller's use case."""
    statement = select(FormVersion).where(FormVersion.campaign_id == campaign_id)
    return session.exec(statement.order_by(col(FormVersion.version).desc()).limit(1)).first()


def in_force(actor: Actor, campaign_id: int) -> tuple[int, list[FieldSpec]]:
    """Return the number and the questions of a campaign's form in force; 0 and none where it has none.

    Raises:
        NotFoundError: there is no such campaign or the actor may not see it.
    """
    with use_case(actor, Action.CAMPAIGN_VIEW) as session:
        access.load(session, actor, Action.CAMPAIGN_VIEW, Campaign, campaign_id)
        version = current(session, campaign_id)
        return (version.version, version.specs()) if version else (0, [])


def draft(actor: Actor, campaign_id: int) -> Draft:
    """Return the form as `actor` left it in the form builder, or as it is saved.

    Raises:
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        campaign = access.load(session, actor, Action.CAMPAIGN_EDIT, Campaign, campaign_id)
        saved = current(session, campaign_id)
        kept = session.get(FormDraft, (campaign_id, actor.pk))
        stored = rules.from_stored(saved.questions) if saved else []
        questions = rules.from_stored(kept.questions) if kept else stored
        return Draft(
            questions=questions,
            problems=rules.find_problems(questions),
            version=saved.version if saved else 0,
            in_use=saved is not None and _in_use(session, saved),
            answered=_answered(session, campaign_id),
            changed=kept is not None,
            overtaken=kept is not None and kept.base != rules.fingerprint(stored),
            saved_at=kept.saved_at if kept else None,
            editable=campaign.state is not CampaignState.FINISHED,
        )


def edit(actor: Actor, campaign_id: int, change: Change) -> None:
    """Apply one edit to the actor's draft and keep it.

    Raises:
        ConflictError: the campaign is finished.
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        load(session, actor, campaign_id)
        versions = _versions(session, campaign_id)
        stored = rules.from_stored(versions[-1].questions) if versions else []
        kept = session.get(FormDraft, (campaign_id, actor.pk), with_for_update=True)
        before = rules.from_stored(kept.questions) if kept else stored
        taken = frozenset(question["key"] for version in versions for question in version.questions)
        after = rules.to_stored(change(before, taken))
        if kept is None:
            kept = FormDraft(campaign_id=campaign_id, account_id=actor.pk, base=rules.fingerprint(stored))
        if after == rules.to_stored(stored) and kept.base == rules.fingerprint(stored):
            _drop(session, campaign_id, actor)
            return
        kept.questions, kept.saved_at = after, clock.now()
        session.add(kept)


def discard(actor: Actor, campaign_id: int) -> None:
    """Drop the actor's draft: the form builder shows the saved form again.

    Raises:
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        access.load(session, actor, Action.CAMPAIGN_EDIT, Campaign, campaign_id)
        _drop(session, campaign_id, actor)


def save(actor: Actor, campaign_id: int, *, over_theirs: bool = False) -> int:
    """Make the actor's draft the campaign's form.

    A form that no record uses is changed in place; one in use is followed by the next version, and old records
    keep theirs.

    Args:
        actor: who asks.
        campaign_id: the campaign.
        over_theirs: whether to replace what somebody else saved since the actor began to edit.

    Returns:
        The version that is now current.

    Raises:
        InvalidError: the form is not whole; problems are under the questions' keys.
        ConflictError: the campaign is finished, or somebody saved the form in between.
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        load(session, actor, campaign_id)  # holds the campaign, as recording a visit does: no record slips in between
        saved = current(session, campaign_id)
        kept = session.get(FormDraft, (campaign_id, actor.pk), with_for_update=True)
        if kept is None:
            return saved.version if saved else 0
        stored = rules.from_stored(saved.questions) if saved else []
        if kept.base != rules.fingerprint(stored) and not over_theirs:
            raise _overtaken(session, saved)
        questions = rules.from_stored(kept.questions)
        if problems := rules.find_problems(questions):
            raise InvalidError({key: " ".join(messages) for key, messages in problems.items()})
        version = _write(session, campaign_id, saved, questions)
        _drop(session, campaign_id, actor)
        return version


def take_from(actor: Actor, campaign_id: int, other_id: int) -> None:
    """Begin the draft with the questions of another campaign's form.

    Raises:
        ConflictError: the campaign is finished.
        NotFoundError: one of the campaigns does not exist or the actor may not see it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        access.load(session, actor, Action.CAMPAIGN_VIEW, Campaign, other_id)
        other = current(session, other_id)
        questions = rules.from_stored(other.questions) if other else []
    edit(actor, campaign_id, lambda _form, _taken: questions)


def _write(session: Session, campaign_id: int, saved: FormVersion | None, questions: Form) -> int:
    documents = rules.to_stored(questions)
    if saved is not None and not _in_use(session, saved):
        saved.questions = documents
        return saved.version
    number = saved.version + 1 if saved else 1
    session.add(FormVersion(campaign_id=campaign_id, version=number, questions=documents))
    return number


def _versions(session: Session, campaign_id: int) -> list[FormVersion]:
    statement = select(FormVersion).where(FormVersion.campaign_id == campaign_id).order_by(col(FormVersion.version))
    return list(session.exec(statement))


def _in_use(session: Session, version: FormVersion) -> bool:
    used = select(Visit.id).where(Visit.form_version_id == version.pk).limit(1)
    return session.exec(used).first() is not None


def _answered(session: Session, campaign_id: int) -> frozenset[str]:
    used = select(Visit.form_version_id).where(Visit.campaign_id == campaign_id)
    versions = select(FormVersion).where(FormVersion.campaign_id == campaign_id, col(FormVersion.id).in_(used))
    return frozenset(question["key"] for version in session.exec(versions) for question in version.questions)


def _drop(session: Session, campaign_id: int, actor: Actor) -> None:
    own = delete(FormDraft).where(col(FormDraft.campaign_id) == campaign_id, col(FormDraft.account_id) == actor.pk)
    session.exec(own)


def _overtaken(session: Session, saved: FormVersion | None) -> ConflictError:
    last = (
        select(AuditEntry.actor_name, AuditEntry.at)
        .where(AuditEntry.entity == "form_version", AuditEntry.entity_id == str(saved.pk if saved else ""))
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    )
    name, at = session.exec(last).first() or ("", None)
    return ConflictError(
        N_("{name} saved this form at {time}, after you began to edit it. Nothing of yours is lost."),
        name=name, time=format_moment(at),
    )  # fmt: skip
