"""Registering: the number an issue had in an older ledger, and a tree of categories to begin with.

Revision ID: 0007_registering
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_registering"
down_revision = "0006_issue_ledger"
branch_labels = None
depends_on = None

# value, Chinese, English, and what lies below it
_CATEGORIES = (
    ("approval", "行政审批", "Administrative approval", (
        ("licence", "证照办理", "Licences and certificates"),
        ("permit", "许可准入", "Permits and access"),
        ("procedure", "材料与流程", "Materials and procedures"),
    )),
    ("utilities", "要素保障", "Utilities", (
        ("power", "供电", "Electricity"),
        ("water", "供水排水", "Water and drainage"),
        ("gas", "供气", "Gas"),
        ("heat", "供热", "Heating"),
        ("road", "道路交通", "Roads and traffic"),
        ("telecom", "通信网络", "Telecommunications"),
    )),
    ("labour", "用工与人才", "Labour and talent", (
        ("recruiting", "招工用工", "Recruiting"),
        ("talent", "人才引进与补贴", "Talent and allowances"),
        ("social_insurance", "社保与公积金", "Social insurance and housing fund"),
    )),
    ("finance", "融资服务", "Financing", (
        ("loan", "银行贷款", "Bank loans"),
        ("guarantee", "担保与贴息", "Guarantees and interest subsidies"),
        ("listing", "上市与股权", "Listing and equity"),
    )),
    ("land", "用地规划", "Land and planning", (
        ("land_use", "用地指标", "Land quotas"),
        ("planning", "规划调整", "Planning"),
        ("title", "不动产登记", "Property registration"),
    )),
    ("building", "工程建设", "Construction projects", (
        ("construction_permit", "施工许可", "Construction permits"),
        ("acceptance", "竣工验收", "Acceptance of works"),
    )),
    ("environment", "生态环境", "Environment", (
        ("eia", "环评与排污许可", "Impact assessment and discharge permits"),
        ("waste", "危废与污染治理", "Hazardous waste and pollution control"),
        ("pollution_alert", "重污染天气应急", "Heavy pollution alerts"),
    )),
    ("safety", "安全与消防", "Safety and fire protection", (
        ("fire", "消防", "Fire protection"),
        ("production_safety", "安全生产", "Work safety"),
    )),
    ("tax", "税费", "Taxes and fees", (
        ("tax_relief", "税收优惠", "Tax relief"),
        ("tax_service", "办税服务", "Tax services"),
    )),
    ("policy", "惠企政策", "Support policies", (
        ("subsidy", "奖补资金兑现", "Payment of awards and subsidies"),
        ("policy_advice", "政策咨询与推送", "Policy advice and notices"),
    )),
    ("innovation", "科技创新", "Innovation", (
        ("cooperation", "产学研合作", "Cooperation with universities"),
        ("research", "研发与检测平台", "Research and testing platforms"),
    )),
    ("market", "市场与监管", "Market", (
        ("sales", "市场开拓", "Finding customers"),
        ("intellectual_property", "知识产权", "Intellectual property"),
        ("regulation", "市场监管", "Market regulation"),
    )),
    ("law", "法治与执法", "Law and enforcement", (
        ("enforcement", "行政执法", "Administrative enforcement"),
        ("dispute", "合同与欠款纠纷", "Contract and payment disputes"),
    )),
    ("other", "其他", "Other", ()),
)  # fmt: skip


def upgrade() -> None:
    op.add_column("issue", sa.Column("old_number", sa.String(60), nullable=False, server_default=""))
    op.alter_column("issue", "old_number", server_default=None)
    op.create_index(
        "uq_issue_old_number", "issue", ["old_number"], unique=True, postgresql_where=sa.text("old_number <> ''")
    )
    _categories()


def _categories() -> None:
    """Give an installation without issue categories a tree that its administrator can change."""
    made = {"created_at": sa.func.now(), "updated_at": sa.func.now()}
    lists = sa.table("choice_list", *(sa.column(name) for name in ("key", "name", "created_at", "updated_at")))
    present = sa.select(lists.c.key).where(lists.c.key == "issue_category")
    if op.get_bind().execute(present).first() is not None:
        return
    op.execute(sa.insert(lists).values(key="issue_category", name="问题类别", **made))
    columns = ("list_key", "value", "label", "label_en", "parent_value", "position", "active")
    items = sa.table("choice_item", *(sa.column(name) for name in (*columns, "created_at", "updated_at")))
    rows = [
        ("issue_category", value, label, label_en, parent, place, True)
        for place, (value, label, label_en, parent) in enumerate(_flat(), start=1)
    ]
    for row in rows:
        op.execute(sa.insert(items).values(dict(zip(columns, row, strict=True)) | made))


def _flat() -> list[tuple[str, str, str, str]]:
    found = []
    for value, label, label_en, below in _CATEGORIES:
        found.append((value, label, label_en, ""))
        found += [(*each, value) for each in below]
    return found


def downgrade() -> None:
    op.drop_index("uq_issue_old_number", "issue")
    op.drop_column("issue", "old_number")
