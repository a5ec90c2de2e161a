"""Routes for load balancers and monitoring; they show counts and states, never a row."""

from collections.abc import Iterable

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector, CollectorRegistry
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from services import health


async def healthz(_request: Request) -> Response:
    """Answer: the process lives, also when every thread waits for a server."""
    return PlainTextResponse("ok")


def readyz(_request: Request) -> Response:
    """Answer 200 if people can be served, 503 if not, with what is wrong."""
    found = health.readiness()
    status = "ready" if found.ready else "not ready"
    return JSONResponse({"status": status, "problems": found.problems}, 200 if found.ready else 503)


def metrics(_request: Request) -> Response:
    """Answer with measurements of this process and of the product as a whole, as Prometheus reads them."""
    own = CollectorRegistry()
    own.register(_Product())
    return Response(generate_latest(REGISTRY) + generate_latest(own), media_type=CONTENT_TYPE_LATEST)


class _Product(Collector):
    def collect(self) -> Iterable[Metric]:
        return health.metrics()

    def describe(self) -> Iterable[Metric]:
        return []


routes = [
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/metrics", metrics),
]
