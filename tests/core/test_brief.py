"""What is kept for a while: found out once, given to all, and how old it may be."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest

from core.brief import Brief

LONG, GONE = timedelta(minutes=1), timedelta(0)


def test_what_is_new_is_found_out_once() -> None:
    kept, found = Brief[str, int](LONG, strictly=True), iter(range(9))

    assert [kept.get(key, lambda: next(found)) for key in "aba"] == [0, 1, 0]
    kept.clear()
    assert kept.get("a", lambda: next(found)) == 2


@pytest.mark.parametrize(("strictly", "given"), [(True, 2), (False, 1)])
def test_while_one_finds_it_out_the_others_wait_or_are_given_the_old(*, strictly: bool, given: int) -> None:
    kept, asked, answered = Brief[str, int](GONE, strictly=strictly), Event(), Event()
    kept.get("a", lambda: 1)

    def slowly() -> int:
        asked.set()
        assert answered.wait(10)
        return 2

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(kept.get, "a", slowly)
        assert asked.wait(10)
        second = threads.submit(kept.get, "a", lambda: 2)
        if not strictly:
            assert second.result(10) == given
        answered.set()
        assert (first.result(10), second.result(10)) == (2, given)


def test_what_has_grown_old_does_not_fill_the_memory() -> None:
    kept = Brief[int, int](GONE, strictly=True)
    for each in range(100):
        kept.get(each, lambda: 0)

    assert len(kept._found) == 1
    assert len(kept._locks) == 1


def test_a_failure_is_not_kept() -> None:
    kept = Brief[str, int](LONG, strictly=True)

    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 3) == 3
