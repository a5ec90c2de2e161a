"""An official paper with one of everything, for the tests of both writers."""

from datetime import date
from io import BytesIO

from PIL import Image

from services.documents import Appendix, Column, Heading, Note, Official, Paragraph, Picture, Table

RANKING = Table(
    columns=[Column("服务队", 2, "left"), Column("响应率", align="right")],
    rows=[["马尚服务队", "98.5%"], ["北郊服务队", "77.0%"]],
    caption="表1 各队响应率",
    emphasis={0},
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
SENTENCE = "全区各支政务服务队走访企业并登记问题均已按时响应。"


def png() -> bytes:
    """Return a small picture."""
    target = BytesIO()
    Image.new("RGB", (40, 20), "#1f5fbf").save(target, "PNG")
    return target.getvalue()


def bulletin() -> Official:
    """Return a monthly bulletin."""
    return Official(
        organ="淄博高新区政务服务中心文件",
        number="淄高政务通报〔2026〕11号",
        title="关于2026年10月走访工作\n情况的通报",
        addressee="各镇办、各服务队",
        blocks=[
            Heading("总体情况"),
            Heading("走访情况", 2),
            Paragraph(SENTENCE),
            Heading("按镇办", 3),
            Heading("要点", 4),
            Heading("问题办理", 2),
            RANKING,
            Note("注：样本少于5件的不参与排名。"),
            Picture(png(), SVG, "图1 响应率", 100),
            Heading("下一步"),
            Heading("无编号", numbered=False),
        ],
        attachments=["排名表", "红黑榜"],
        signature="淄博高新区政务服务中心",
        day=date(2026, 11, 5),
        remark="此件公开发布",
        appendices=[Appendix("各队排名表", [RANKING]), Appendix("红黑榜", [Paragraph("红榜：马尚服务队。")])],
        copies="区管委会办公室。",
        issuer="中心办公室",
        issued_on=date(2026, 11, 6),
    )
