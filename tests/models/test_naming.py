"""When two names may mean one enterprise."""

import pytest

from models.naming import ALIKE, name_key, similarity


@pytest.mark.parametrize(
    "spelling",
    [
        "淄博恒锐陶瓷有限公司",
        "山东恒锐陶瓷有限公司",
        "恒锐陶瓷(淄博)有限公司",
        "恒锐陶瓷(淄博) 有限责任公司",
        "山东省淄博市高新区恒锐陶瓷股份有限公司",
        "淄博高新技术产业开发区恒锐陶瓷集团有限公司",
    ],
)
def test_spellings_of_one_enterprise_have_one_key(spelling: str) -> None:
    assert name_key(spelling) == "恒锐陶瓷"


def test_a_name_of_places_and_forms_only_keeps_itself() -> None:
    assert name_key("山东(集团)有限公司") == "山东集团有限公司"


def test_alike_names_share_most_of_their_pieces() -> None:
    assert similarity(name_key("淄博恒锐陶瓷科技有限公司"), name_key("山东恒锐陶瓷有限公司")) >= ALIKE
    assert similarity(name_key("淄博恒锐陶瓷有限公司"), name_key("淄博瑞泽物流有限公司")) == 0


def test_keys_without_pieces_are_alike_only_when_equal() -> None:
    assert similarity("恒", "恒") == 1
    assert similarity("恒", "锐") == 0
