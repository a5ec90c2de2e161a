"""Contacts: each belongs to the enterprise that the file names by credit code, by name or by both."""

from services.enterprises.contacts import CONTACTS
from services.importing.importer import Importer

IMPORTER = Importer(
    entity=CONTACTS,
    synonyms={
        "enterprise_id": (
            "企业", "企业名称", "单位名称", "公司名称", "所属企业", "所在企业", "统一社会信用代码", "社会信用代码",
            "信用代码", "企业信用代码", "单位",
        ),
        "name": ("姓名", "联系人", "联系人姓名", "企业联系人"),
        "title": ("职务", "岗位", "职位"),
        "phone": ("电话", "联系电话", "手机", "手机号", "手机号码", "联系方式", "联系人电话"),
        "wechat": ("微信", "微信号"),
        "email": ("邮箱", "电子邮箱", "电子邮件", "邮件地址", "邮箱地址", "e-mail"),
        "is_primary": ("主要联系人", "是否主要联系人", "是否主要"),
    },
    examples={
        "name": "李四", "title": "办公室主任", "phone": "13800138000", "wechat": "lisi-example",
        "email": "lisi@example.com",
    },
)  # fmt: skip
