"""The texts of a page as the server hands them to the browser, each with the field of Streamlit's protocol it is in."""

from collections.abc import Iterable, Iterator
from typing import Any

from google.protobuf.message import Message
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


def texts(messages: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """Yield (`new_element.heading.body`, text) for every text in messages of the server."""
    for data in messages:
        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "delta":
            yield from _texts(message.delta, "")


def _texts(message: Message, path: str) -> Iterator[tuple[str, str]]:
    for field, value in message.ListFields():
        if field.name == "id" or field.name.endswith("_id"):  # of widgets and files; some are made by chance
            continue
        place = f"{path}.{field.name}".lstrip(".")
        for each in _values(field, value):
            if isinstance(each, Message):
                yield from _texts(each, place)
            elif isinstance(each, str):
                yield place, each


def _values(field: Any, value: Any) -> Iterable[Any]:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return list(value.values())
    return value if field.is_repeated else [value]
