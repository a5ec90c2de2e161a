"""Every kind of work the workers do has a name people can read when it was given up."""

from services.delivery_log.topics import topic_name
from workers.handlers import HANDLERS


def test_every_topic_has_a_name_in_words() -> None:
    assert [topic for topic in HANDLERS if topic_name(topic) == topic] == []
