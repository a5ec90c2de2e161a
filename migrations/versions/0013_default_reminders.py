"""Rules and templates of reminders that a new installation begins with.

Revision ID: 0013_default_reminders
"""

import sqlalchemy as sa
from alembic import op

from migrations.reminder_defaults import Rule, Template, bring

revision = "0013_default_reminders"
down_revision = "0012_reminders"
branch_labels = None
depends_on = None

_ISSUE = "{{ enterprise }}提出的{{ kind }}（{{ number }}）"
_ISSUE_EN = "The {{ kind }} of {{ enterprise }} ({{ number }})"
_WHAT = "\n内容：{{ title }}\n{% if person or department %}经办：{{ person or department }}\n{% endif %}"
_WHAT_EN = "\nWhat: {{ title }}\n{% if person or department %}With: {{ person or department }}\n{% endif %}"

TEMPLATES = (
    Template(
        "问题待办",
        "issue_arrived",
        "待办：{{ number }} {{ title }}",
        f"{_ISSUE}已转来办理，当前环节：{{{{ stage }}}}。{_WHAT}"
        "{% if due %}本环节期限：{{ due }}（{{ remaining }}）。{% endif %}",
        "To do: {{ number }} {{ title }}",
        f"{_ISSUE_EN} has arrived. Present stage: {{{{ stage }}}}.{_WHAT_EN}"
        "{% if due %}This stage ends on {{ due }} ({{ remaining }}).{% endif %}",
    ),
    Template(
        "问题到期",
        "issue_deadline",
        "{{ remaining }}：{{ number }} {{ title }}",
        f"{_ISSUE}“{{{{ stage }}}}”环节应于 {{{{ due }}}} 前完成，{{{{ remaining }}}}。{_WHAT}"
        "请按期办理；确需延期的，请在到期前提出申请。",
        "{{ remaining }}: {{ number }} {{ title }}",
        f"{_ISSUE_EN}: the stage “{{{{ stage }}}}” ends on {{{{ due }}}} ({{{{ remaining }}}}).{_WHAT_EN}"
        "Please finish in time, or ask for an extension before then.",
    ),
    Template(
        "问题逾期亮黄牌",
        "issue_deadline",
        "黄牌（{{ remaining }}）：{{ number }} {{ title }}",
        f"{_ISSUE}“{{{{ stage }}}}”环节应于 {{{{ due }}}} 前完成，{{{{ remaining }}}}，已亮黄牌。{_WHAT}"
        "请抓紧办理，并说明逾期原因。",
        "Yellow card ({{ remaining }}): {{ number }} {{ title }}",
        f"{_ISSUE_EN}: the stage “{{{{ stage }}}}” was to end on {{{{ due }}}} ({{{{ remaining }}}}). "
        f"A yellow card is shown.{_WHAT_EN}Please act now and tell why it is late.",
    ),
    Template(
        "问题逾期亮红牌",
        "issue_deadline",
        "红牌（{{ remaining }}）：{{ number }} {{ title }}",
        f"{_ISSUE}“{{{{ stage }}}}”环节应于 {{{{ due }}}} 前完成，{{{{ remaining }}}}，已亮红牌。{_WHAT}"
        "请立即办理；部门负责人和统筹人员请督促落实。",
        "Red card ({{ remaining }}): {{ number }} {{ title }}",
        f"{_ISSUE_EN}: the stage “{{{{ stage }}}}” was to end on {{{{ due }}}} ({{{{ remaining }}}}). "
        f"A red card is shown.{_WHAT_EN}Act at once; the head of the department and the coordinator see to it.",
    ),
    Template(
        "受理逾期提级",
        "issue_deadline",
        "受理逾期，已提级：{{ number }} {{ title }}",
        f"{_ISSUE}应于 {{{{ due }}}} 前受理，{{{{ remaining }}}}，已提级到上一层级处理。{_WHAT}请上一层级尽快受理。",
        "Not accepted in time, handed up: {{ number }} {{ title }}",
        f"{_ISSUE_EN} was to be accepted by {{{{ due }}}} ({{{{ remaining }}}}) and goes to the tier above."
        f"{_WHAT_EN}The tier above please accepts it soon.",
    ),
    Template(
        "问题催办督办",
        "issue_urged",
        "催办督办：{{ number }} {{ title }}",
        f"{_ISSUE}被催办或督办，当前环节：{{{{ stage }}}}。{_WHAT}"
        "{% if said %}要求：{{ said }}（{{ by }}）\n{% endif %}"
        "{% if due %}本环节期限：{{ due }}（{{ remaining }}）。{% endif %}请优先办理并反馈进展。",
        "Urged: {{ number }} {{ title }}",
        f"{_ISSUE_EN} is urged or supervised. Present stage: {{{{ stage }}}}.{_WHAT_EN}"
        "{% if said %}Said: {{ said }} ({{ by }})\n{% endif %}"
        "{% if due %}This stage ends on {{ due }} ({{ remaining }}). {% endif %}Please put it first and report.",
    ),
    Template(
        "问题亮牌",
        "issue_carded",
        "亮牌通知：{{ number }} {{ title }}",
        f"{_ISSUE}被亮牌，当前环节：{{{{ stage }}}}。{_WHAT}请尽快办理并说明原因，亮牌情况计入考核。",
        "Card shown: {{ number }} {{ title }}",
        f"{_ISSUE_EN} was shown a card. Present stage: {{{{ stage }}}}.{_WHAT_EN}"
        "Please act soon and tell why; cards count in the appraisal.",
    ),
    Template(
        "延期挂账待审批",
        "extension_awaiting",
        "待审批：{{ number }} 延期或挂账申请",
        f"{_ISSUE}的延期或挂账申请等待审批。\n内容：{{{{ title }}}}\n"
        "{% if department %}申请部门：{{ department }}\n{% endif %}审批期间办理时限暂停计算，请及时审批。",
        "To decide: extension or shelving of {{ number }}",
        f"{_ISSUE_EN}: an extension or shelving awaits a decision.\nWhat: {{{{ title }}}}\n"
        "{% if department %}Asked for by: {{ department }}\n{% endif %}Time does not count until you decide.",
    ),
    Template(
        "回访到期",
        "call_back_due",
        "回访{{ remaining }}：{{ number }} {{ enterprise }}",
        f"{_ISSUE}已答复，应于 {{{{ due }}}} 前完成回访，{{{{ remaining }}}}。{_WHAT}"
        "请核实问题是否解决、企业是否满意。",
        "Call-back, {{ remaining }}: {{ number }} {{ enterprise }}",
        f"{_ISSUE_EN} is answered; call back by {{{{ due }}}} ({{{{ remaining }}}}).{_WHAT_EN}"
        "Ask whether it is solved and the enterprise satisfied.",
    ),
    Template(
        "挂账问题复核",
        "shelved_review",
        "挂账复核{{ remaining }}：{{ number }} {{ title }}",
        f"{_ISSUE}已挂账，定于 {{{{ due }}}} 复核，{{{{ remaining }}}}。{_WHAT}"
        "请研判是否具备办理条件，并向企业说明进展。",
        "Review of a shelved issue, {{ remaining }}: {{ number }} {{ title }}",
        f"{_ISSUE_EN} is shelved; its review is on {{{{ due }}}} ({{{{ remaining }}}}).{_WHAT_EN}"
        "See whether it can be handled now, and tell the enterprise.",
    ),
    Template(
        "走访任务",
        "visit_assigned",
        "走访任务：{{ enterprise }}",
        "新的走访任务：{{ enterprise }}\n走访人：{{ person }}\n"
        "{% if due %}请于 {{ due }} 前完成。{% endif %}请提前与企业约定时间。",
        "Visit assigned: {{ enterprise }}",
        "A new visit: {{ enterprise }}\nVisitor: {{ person }}\n"
        "{% if due %}To be done by {{ due }}. {% endif %}Please agree on a time with the enterprise.",
    ),
    Template(
        "走访计划",
        "visit_planned",
        "走访安排：{{ enterprise }}",
        "计划于 {{ due }} 走访{{ enterprise }}。\n走访人：{{ person }}\n出发前请查看企业档案和以往承诺事项。",
        "Visit planned: {{ enterprise }}",
        "A visit to {{ enterprise }} is planned for {{ due }}.\nVisitor: {{ person }}\n"
        "Look at the enterprise’s profile and earlier promises before you go.",
    ),
    Template(
        "走访逾期",
        "visit_overdue",
        "走访{{ remaining }}：{{ enterprise }}",
        "应于 {{ due }} 前走访{{ enterprise }}，{{ remaining }}，尚未提交走访记录。\n走访人：{{ person }}\n"
        "请尽快走访并填写记录；确有困难的，请联系队长改派。",
        "Visit {{ remaining }}: {{ enterprise }}",
        "The visit to {{ enterprise }} was due on {{ due }} ({{ remaining }}) and has no record yet.\n"
        "Visitor: {{ person }}\nPlease visit and record it soon, or ask the team lead to assign it to another.",
    ),
    Template(
        "走访记录退回",
        "visit_returned",
        "走访记录退回：{{ enterprise }}",
        "{{ enterprise }}的走访记录已退回补充。\n走访人：{{ person }}\n"
        "{% if said %}退回意见：{{ said }}\n{% endif %}请按退回意见补充后重新提交。",
        "Record returned: {{ enterprise }}",
        "The record of the visit to {{ enterprise }} was returned.\nVisitor: {{ person }}\n"
        "{% if said %}Why: {{ said }}\n{% endif %}Please complete it as asked and hand it in again.",
    ),
    Template(
        "承诺事项到期",
        "promise_due",
        "承诺{{ remaining }}：{{ enterprise }}",
        "走访时对{{ enterprise }}承诺：{{ title }}\n承诺期限：{{ due }}（{{ remaining }}）\n承诺人：{{ person }}\n"
        "请按时兑现并登记结果。",
        "Promise, {{ remaining }}: {{ enterprise }}",
        "Promised to {{ enterprise }}: {{ title }}\nBy: {{ due }} ({{ remaining }})\nPromised by: {{ person }}\n"
        "Please keep it in time and record the result.",
    ),
    Template(
        "告知承诺到期",
        "commitment_due",
        "告知承诺{{ remaining }}：{{ enterprise }}",
        "{{ enterprise }}以告知承诺方式办理的事项，承诺内容：{{ title }}\n承诺期限：{{ due }}（{{ remaining }}）\n"
        "{% if person %}跟进人：{{ person }}\n{% endif %}请企业按期履行承诺、补齐材料；已履行的请告知跟进人。",
        "Commitment, {{ remaining }}: {{ enterprise }}",
        "{{ enterprise }} was approved on a commitment: {{ title }}\nTo be made good by: {{ due }} ({{ remaining }})\n"
        "{% if person %}Followed by: {{ person }}\n{% endif %}"
        "Please hand in what was promised in time, or say that it was.",
    ),
    Template(
        "通报到期",
        "bulletin_due",
        "通报{{ remaining }}：{{ title }}",
        "{{ title }}应于 {{ due }} 前编发，{{ remaining }}。\n请核对数据并按时印发。",
        "Bulletin, {{ remaining }}: {{ title }}",
        "{{ title }} is to be issued by {{ due }} ({{ remaining }}).\nPlease check its figures and issue it in time.",
    ),
)  # fmt: skip

RULES = (
    Rule("问题转来即时提醒", "问题待办", 0, ("assignee",), "minutes"),
    Rule("问题到期前 2 个工作日", "问题到期", -2, ("assignee",)),
    Rule("问题到期当天", "问题到期", 0, ("assignee",)),
    Rule("问题逾期 1 个工作日", "问题逾期亮黄牌", 1, ("assignee", "lead", "department_head"), effect="yellow_card"),
    Rule("受理逾期 1 个工作日提级", "受理逾期提级", 1, ("next_tier",), effect="escalate", stage="accept"),
    Rule(
        "问题逾期 3 个工作日",
        "问题逾期亮红牌",
        3,
        ("assignee", "department_head", "coordinator", "manager"),
        urgent=True,
        effect="red_card",
    ),
    Rule("问题催办督办即时提醒", "问题催办督办", 0, ("assignee",), "minutes", urgent=True),
    Rule("问题亮牌即时提醒", "问题亮牌", 0, ("assignee", "lead", "department_head"), "minutes", urgent=True),
    Rule("延期挂账申请即时提醒", "延期挂账待审批", 0, ("coordinator",), "minutes"),
    Rule("延期挂账申请 1 个工作日未审批", "延期挂账待审批", 1, ("coordinator",), urgent=True),
    Rule("回访到期前 1 个工作日", "回访到期", -1, ("assignee",)),
    Rule("回访到期当天", "回访到期", 0, ("assignee",)),
    Rule("回访逾期 1 个工作日", "回访到期", 1, ("assignee", "lead"), effect="yellow_card"),
    Rule("回访逾期 3 个工作日", "回访到期", 3, ("coordinator",), effect="red_card"),
    Rule("挂账复核前 3 个工作日", "挂账问题复核", -3, ("assignee", "coordinator")),
    Rule("挂账复核当天", "挂账问题复核", 0, ("assignee", "coordinator")),
    Rule("走访任务分派即时提醒", "走访任务", 0, ("assignee",), "minutes"),
    Rule("走访前 1 个工作日", "走访计划", -1, ("assignee",)),
    Rule("走访逾期 1 个工作日", "走访逾期", 1, ("assignee",)),
    Rule("走访逾期 3 个工作日起反复提醒", "走访逾期", 3, ("assignee", "lead"), repeats=4, repeat_every=3),
    Rule("走访记录退回即时提醒", "走访记录退回", 0, ("assignee",), "minutes"),
    Rule("承诺到期前 1 个工作日", "承诺事项到期", -1, ("assignee",)),
    Rule("承诺到期当天", "承诺事项到期", 0, ("assignee",)),
    Rule("承诺逾期 1 个工作日", "承诺事项到期", 1, ("assignee", "lead")),
    Rule("告知承诺到期前 5 个工作日", "告知承诺到期", -5, ("assignee", "enterprise_contact")),
    Rule("告知承诺到期当天", "告知承诺到期", 0, ("assignee",)),
    Rule("告知承诺逾期 1 个工作日", "告知承诺到期", 1, ("assignee", "coordinator")),
    Rule("通报到期前 3 个工作日", "通报到期", -3, ("coordinator",)),
    Rule("通报到期当天", "通报到期", 0, ("coordinator",)),
)  # fmt: skip


def upgrade() -> None:
    bring(TEMPLATES, RULES)


def downgrade() -> None:
    for name, rows in (("reminder_rule", RULES), ("reminder_template", TEMPLATES)):
        table = sa.table(name, sa.column("name"))
        op.execute(table.delete().where(table.c.name.in_([each.name for each in rows])))
