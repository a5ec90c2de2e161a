"""What an administrator would set up without code: choice lists and extra fields."""

from collections.abc import Sequence

from models.configuration import ChoiceItem, ChoiceList, Extensible, ExtraField
from models.fields import FieldKind, FieldSpec, Option
from services.demo.store import Store
from services.demo.words import Industry, words

_LEVELS = {
    "innovative": "创新型中小企业",
    "provincial": "省级专精特新中小企业",
    "little_giant": "国家级专精特新“小巨人”",
    "champion": "制造业单项冠军",
}
_PARKS = {
    "polymer": "高分子材料创新园",
    "microsystem": "齐鲁智能微系统产业园",
    "biomedical": "生物医药产业园",
    "equipment": "高端装备中心",
    "smart": "智能制造中心",
}


def configure(store: Store) -> None:
    """Store the choice list of industries and three extra fields; the tree of issue categories is there already."""
    store.put([ChoiceList(key="industry", name="行业")])
    store.put(_items("industry", words().industries))
    store.put(
        [
            ExtraField.of(Extensible.ENTERPRISE, _choice("specialised_level", "专精特新等级", _LEVELS), position=1),
            ExtraField.of(Extensible.ENTERPRISE, _choice("park", "所属园区", _PARKS), position=2),
            ExtraField.of(Extensible.VISIT, FieldSpec(key="companions", label="陪同人员", extra=True), position=1),
        ]
    )


def _items(key: str, rows: Sequence[Industry]) -> list[ChoiceItem]:
    return [
        ChoiceItem(list_key=key, value=row.value, label=row.label, label_en=row.label_en, position=place)
        for place, row in enumerate(rows, start=1)
    ]


def _choice(key: str, label: str, options: dict[str, str]) -> FieldSpec:
    return FieldSpec(
        key=key,
        label=label,
        kind=FieldKind.CHOICE,
        options=tuple(Option(value=value, label=text) for value, text in options.items()),
        filterable=True,
        extra=True,
    )
