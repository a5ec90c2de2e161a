"""Connections of `requests` that the exchange they are used in can end."""

import socket
from typing import Any, ClassVar

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from services.channels import exchanges
from services.channels.exchanges import dialled


class _Watched:
    """The part both kinds of connection share."""

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Say so where a connection that was kept is used again."""
        kept: socket.socket | None = getattr(self, "sock", None)
        if kept is not None:
            exchanges.watch(kept)
        super().request(*args, **kwargs)  # type: ignore[misc]  # of the class this is mixed into

    def _new_conn(self) -> socket.socket:
        connection: Any = self
        try:
            made = dialled(connection.host, connection.port, connection.timeout)
        except TimeoutError as problem:
            raise ConnectTimeoutError(connection, "not in time") from problem
        except OSError as problem:
            raise NewConnectionError(connection, str(problem)) from problem
        for option in connection.socket_options or ():
            made.setsockopt(*option)
        return made


class WatchedConnection(_Watched, HTTPConnection):
    """A connection that the present exchange ends when its time is over."""


class WatchedSecureConnection(_Watched, HTTPSConnection):
    """The same with TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = WatchedConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = WatchedSecureConnection


class WatchedAdapter(HTTPAdapter):
    """Makes connections of this kind, to the other side itself or to a proxy that speaks HTTP."""

    pools: ClassVar[Any] = {"http": _Pool, "https": _SecurePool}

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make connections of this kind."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self.pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make connections of this kind to a proxy."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self.pools
        return manager
