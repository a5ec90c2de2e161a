"""Commitments: each belongs to the enterprise that the file names by credit code, by name or by both."""

from services.commitments.entity import COMMITMENTS
from services.importing.importer import Importer

IMPORTER = Importer(
    entity=COMMITMENTS,
    synonyms={
        "enterprise_id": (
            "企业", "企业名称", "单位名称", "公司名称", "申请人", "申请单位", "市场主体", "统一社会信用代码",
            "社会信用代码", "信用代码", "企业信用代码", "单位",
        ),
        "matter": ("事项", "事项名称", "承诺事项", "许可事项", "办理事项", "告知承诺事项"),
        "text": ("承诺内容", "内容", "需补正材料", "需补齐材料", "容缺材料"),
        "department_id": ("审批部门", "部门", "实施机关", "审批单位", "承办部门"),
        "approved_on": ("审批日期", "审批时间", "办结日期", "批准日期", "许可日期", "承诺日期"),
        "due_on": ("承诺期限", "履行期限", "截止日期", "到期日期", "到期日", "补正期限"),
        "follower_id": ("跟进人", "联系人员", "责任人", "经办人"),
    },
    examples={
        "enterprise_id": "淄博某某机械有限公司", "matter": "食品经营许可", "text": "30日内补交经营场所平面图",
        "approved_on": "2026-11-02", "due_on": "2026-12-02",
    },
)  # fmt: skip
