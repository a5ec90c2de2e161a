"""Django's admin, served beside the product where Django is installed (`pip install django`)."""

import re
import time
from importlib.util import find_spec

import httpx

from bench.machine import Machine, wait_until
from bench.tab import is_up
from core.embedded.process import free_port

_BOOT_SECONDS = 120
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def installed() -> bool:
    """Return whether Django is there."""
    return find_spec("django") is not None


class ChangeList:
    """A browser at the change list of the issues.

    Args:
        made: the machine whose database is shown.
    """

    def __init__(self, made: Machine) -> None:
        from bench.django_admin import PASSWORD, USERNAME

        prepared = made.run("django-tables", "-m", "bench.django_admin")
        wait_until(lambda: not prepared.running, _BOOT_SECONDS, "Django's tables to be made", every=0.2)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        served = ["-m", "uvicorn", "bench.django_admin:application", "--port", str(port), "--log-level", "warning"]
        made.run("django", *served)
        wait_until(lambda: is_up(url), _BOOT_SECONDS, "Django to answer", every=0.2)
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=_BOOT_SECONDS)
        form = self._client.get("/admin/login/").text
        token = _TOKEN.search(form)
        if token is None:
            raise RuntimeError("Django's sign-in page has no form")
        given = {"csrfmiddlewaretoken": token[1], "username": USERNAME, "password": PASSWORD}
        self._client.post("/admin/login/?next=/admin/", data=given, headers={"Referer": url})

    def open(self, query: str) -> float:
        """Ask for a page and return how many seconds it took to come.

        Raises:
            RuntimeError: it is no page of the list.
        """
        began = time.perf_counter()
        answer = self._client.get(f"/admin/bench/issue/?{query}")
        seconds = time.perf_counter() - began
        if answer.status_code != httpx.codes.OK or "action-select" not in answer.text:
            raise RuntimeError(f"no change list: {answer.status_code}")
        return seconds
