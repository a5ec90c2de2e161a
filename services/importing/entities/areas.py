"""Areas: parents are named by code or name and may stand anywhere in the same file."""

from services.areas import AREAS
from services.importing.importer import Importer

IMPORTER = Importer(
    entity=AREAS,
    rehearsed=True,
    synonyms={
        "code": ("编码", "代码", "区划代码", "区划编码", "区域编码", "统计用区划代码", "网格编码"),
        "name": ("名称", "区域名称", "网格名称", "村居名称", "社区名称"),
        "tier": ("层级", "级别", "类型", "区域层级", "区域类型"),
        "parent_id": (
            "上级", "上级区域", "所属上级", "上级编码", "上级代码", "上级区划代码", "父级编码", "上级名称", "parent",
            "parent_code", "所属区域",
        ),
        "longitude": ("经度",),
        "latitude": ("纬度",),
        "active": ("启用", "是否启用"),
    },
    examples={"code": "370303008201001", "name": "东村第 1 网格"},
)  # fmt: skip
