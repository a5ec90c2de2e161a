"""The web application: pages behind a gate, sign-in routes, health and metrics.

Served by `qianqi web`; `uvicorn app:app` and `streamlit run app.py` serve it too, see docs/operations.md.
"""

import logging
import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from core import db, logs
from core.secret import startup_problems
from core.settings import settings
from pages.shell import log_form, outage
from pages.shell.errors import show_script_error
from pages.shell.gate import Gate
from pages.shell.message import routes as message_routes
from pages.shell.oidc import routes as oidc_routes
from pages.shell.routes_health import routes as health_routes
from pages.shell.security_headers import SecurityHeaders
from pages.shell.sign_in import routes as sign_in_routes

logs.configure()
log_form.adopt()
if problems := startup_problems():
    sys.exit("\n".join(problems))
db.serve_pages(outage.wait)
# `show_script_error` logs what failed, under the number the person is shown; once is enough.
logging.getLogger("streamlit.error_util").addFilter(lambda record: record.msg != "Uncaught app execution")

app = st.App(
    Path(__file__).parent / "pages" / "shell" / "main.py",
    routes=[*sign_in_routes, *oidc_routes, *message_routes, *health_routes],
    middleware=[
        Middleware(ProxyHeadersMiddleware, trusted_hosts=settings().trusted_proxies),
        Middleware(SecurityHeaders),
        Middleware(Gate),
    ],
    on_script_error=show_script_error,
)
