"""Enterprises: known by credit code, or by name where the file gives none; names alike are asked about."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from core.errors import InvalidError
from core.i18n import LOCALES, N_, gettext, in_locale
from models import uscc
from models.base import Row
from models.enterprise import Contact, Enterprise
from models.fields import FieldKind, FieldSpec
from models.importing import Decision
from models.naming import name_key
from services.actor import Actor
from services.enterprises.entity import ENTERPRISES, shape
from services.importing.drafts import Candidate, Draft
from services.importing.importer import Importer, Present

_MOST = 5


def _prepare(_session: Session, _actor: Actor, row: Enterprise) -> None:
    """Do what the entity's own preparation does, but for what the whole file has been asked already."""
    if problems := shape(row):
        raise InvalidError(problems)


def _alike(session: Session, drafts: Sequence[Draft], own: dict[str, int]) -> None:
    """Find entries whose names differ in spelling only: brackets, places, the legal form."""
    keys = {draft.number: name_key(draft.values["name"]) for draft in drafts if draft.values.get("name")}
    statement = select(Enterprise.id, Enterprise.name, Enterprise.credit_code, Enterprise.name_key)
    found: dict[str, list[Candidate]] = {}
    for row_id, name, code, key in session.exec(statement.where(col(Enterprise.name_key).in_(set(keys.values())))):
        found.setdefault(key, []).append(Candidate(row_id, f"{name} {code or ''}".strip()))
    for draft in drafts:
        if draft.number not in keys:
            continue
        key = keys[draft.number]
        draft.candidates = found.get(key, [])[:_MOST]
        left_out = draft.decision is Decision.SKIP  # no other row of the file is like what is not stored
        first = own.get(key, draft.number) if left_out else own.setdefault(key, draft.number)
        if first != draft.number:
            told = gettext("Row {row} of this file").format(row=first)
            draft.candidates.append(Candidate(None, told))


_CONTACT = FieldSpec(key="contact_name", label=N_("Main contact"), max_length=50)
_PHONE = FieldSpec(key="contact_phone", label=N_("Phone of the main contact"), kind=FieldKind.PHONE, max_length=30)
_FIELDS = {_CONTACT.key: "name", _PHONE.key: "phone"}


def _present(session: Session, pairs: Sequence[tuple[Draft, Row]], hold: bool) -> dict[int, Present]:
    found = _contacts(session, [row.pk for _draft, row in pairs], hold=hold)
    return {draft.number: _known(draft, found[row.pk]) for draft, row in pairs if row.pk in found}


def _known(draft: Draft, known: Sequence[Contact]) -> Present:
    """Return what is known of the main contact; whoever would be written to instead must not have changed either."""
    main, meant = known[0], _meant(known, draft.values.get(_CONTACT.key) or "")
    values = {_CONTACT.key: main.name, _PHONE.key: main.phone}
    return Present(values, max(contact.updated_at for contact in (main, meant or main)))


def _keep(session: Session, _actor: Actor, pairs: Sequence[tuple[Draft, Row]]) -> None:
    """Store the main contacts: who is known by that name, or somebody new; whoever was it before stays a contact.

    Without a name it is the main contact; where there is none, nobody is made up to have no number.
    """
    given = [(row.pk, values) for draft, row in pairs if (values := _of_contact(draft))]
    present = _contacts(session, [row_id for row_id, _values in given])
    for row_id, values in given:
        known = present.get(row_id, [])
        contact = _meant(known, values.get("name") or "")
        if contact is None and not any(values.values()):
            continue
        contact = contact or Contact(enterprise_id=row_id, name="")
        if not values.get("name") and not contact.name:
            values["name"] = gettext(_CONTACT.label)
        for name, value in values.items():
            setattr(contact, name, value or "")
        if contact not in known[:1]:
            for other in known:
                other.is_primary = False
            contact.is_primary = True
        session.add(contact)
    session.flush()


def _meant(known: Sequence[Contact], name: str) -> Contact | None:
    """Return the contact a row means: the main one, or of that name, or one of whom only the number was known."""
    if not name:
        return known[0] if known else None
    named = next((contact for contact in known if contact.name == name), None)
    return named or next((contact for contact in known if contact.name in _nameless()), None)


def _nameless() -> set[str]:
    """Return what contacts are called of whom a file gave the number only, in whichever language."""
    names = set()
    for language in LOCALES:
        with in_locale(language):
            names.add(gettext(_CONTACT.label))
    return names


def _told(before: str | None, after: str | None) -> str | None:
    """Return how the preview tells that somebody else becomes the main contact."""
    if not before or not after or before in _nameless():
        return after
    told = gettext("{name} becomes the main contact; {former} stays a contact")
    return told.format(name=after, former=before)


def _of_contact(draft: Draft) -> dict[str, Any]:
    return {name: draft.values[key] for key, name in _FIELDS.items() if key in draft.values}


def _contacts(session: Session, ids: Sequence[int], *, hold: bool = False) -> Mapping[int, list[Contact]]:
    """Return the contacts of each enterprise that has any, the main one first, or else who was entered first."""
    statement = select(Contact).where(col(Contact.enterprise_id).in_(ids)).order_by(col(Contact.id))
    found: dict[int, list[Contact]] = {}
    for contact in session.exec(statement.with_for_update() if hold else statement):
        found.setdefault(contact.enterprise_id, []).append(contact)
    return {
        enterprise_id: sorted(known, key=lambda each: not each.is_primary) for enterprise_id, known in found.items()
    }


IMPORTER = Importer(
    entity=ENTERPRISES,
    also_by=("name",),
    virtual=(_CONTACT, _PHONE),
    lasting=frozenset({_CONTACT.key}),
    normals={"credit_code": uscc.normal},
    prepare=_prepare,
    present=_present,
    keep=_keep,
    told={_CONTACT.key: _told},
    alike=_alike,
    synonyms={
        "name": ("企业名称", "单位名称", "公司名称", "市场主体名称", "主体名称", "企业全称", "单位", "企业", "名称"),
        "credit_code": (
            "统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码", "统一代码", "信用代码证号",
            "社会统一信用代码", "统一社会信用代码证号", "uscc",
        ),
        "area_id": (
            "所属网格", "网格", "网格名称", "网格编码", "所属区域", "区域", "区域编码", "所属社区", "社区",
            "所属村居", "村居", "所属镇街", "镇街", "所在网格", "所在社区", "所在区域", "grid",
        ),
        "address": ("地址", "企业地址", "单位地址", "经营地址", "注册地址", "住所", "生产经营地址", "详细地址"),
        "industry": ("行业", "所属行业", "行业类别", "行业门类", "行业名称"),
        "scale": ("规模", "企业规模", "规模类型", "单位规模"),
        "status": ("状态", "企业状态", "经营状态", "登记状态"),
        "legal_representative": ("法定代表人", "法人", "法人代表", "负责人", "法人姓名", "法定代表人姓名"),
        "founded_year": ("成立年份", "成立年", "成立时间(年)", "开业年份"),
        "employees": ("职工人数", "从业人数", "员工人数", "员工数", "从业人员", "人数"),
        "longitude": ("经度", "lng", "lon"),
        "latitude": ("纬度", "lat"),
        "note": ("备注", "说明", "remark"),
        "contact_name": ("联系人", "企业联系人", "联系人姓名", "主要联系人", "联络员"),
        "contact_phone": (
            "联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "联系人电话", "企业联系电话", "联系手机",
        ),
    },
    examples={
        "name": "淄博示例精密机械有限公司",
        "credit_code": "91370303MA3C00000" + uscc.check_character("91370303MA3C00000"),
        "address": "四宝山街道柳泉路 100 号",
        "legal_representative": "张三",
        "founded_year": "2015",
        "employees": "86",
        "contact_name": "李四",
        "contact_phone": "13800138000",
    },
)  # fmt: skip
