"""Where webhooks of people and teams may not point: at this machine itself, and at what only this machine can reach.

Otherwise whoever enters an address could let the product knock at doors that are open to nobody else.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, ClassVar

from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from core.settings import settings
from services.channels.connections import WatchedAdapter, WatchedConnection, WatchedSecureConnection

_CLOUD = frozenset({ip_address("100.100.100.200"), ip_address("fd00:ec2::254")})
"""Where clouds tell a machine its own passwords; that of most others is link-local."""


class ForbiddenAddressError(Exception):
    """A webhook points at this machine or at what only this machine can reach.

    Not an `OSError`: the libraries on the way would tell it as a failed connection.
    """


class _Guarded:
    """The part both kinds of connection share."""

    def _new_conn(self) -> socket.socket:
        connection: Any = self
        for address in _addresses(connection.host, connection.port):
            _refuse(address)
        made: socket.socket = super()._new_conn()  # type: ignore[misc]  # of the class this is mixed into
        try:
            _refuse(made.getpeername()[0])  # a name may have changed its address meanwhile
        except ForbiddenAddressError:
            made.close()
            raise
        return made


class _Connection(_Guarded, WatchedConnection):
    pass


class _SecureConnection(_Guarded, WatchedSecureConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class GuardedAdapter(WatchedAdapter):
    """Connects to addresses that are not forbidden: asked before, and of the connection itself before it is used."""

    pools: ClassVar[Any] = {"http": _Pool, "https": _SecurePool}


def is_forbidden(address: str) -> bool:
    """Return whether webhooks may not connect to an address, given as numbers."""
    if settings().webhook_local:
        return False
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        found = _inner(found)
    return (
        found.is_loopback or found.is_link_local or found.is_unspecified or found.is_multicast or found in _CLOUD
    )  # fmt: skip


def _inner(address: IPv6Address) -> IPv4Address | IPv6Address:
    """Return the address that is meant where one of version 6 only wraps one of version 4."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    return address


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except OSError:
        return []  # the connection itself will say that the name is unknown
    return [str(address[0]) for *_kind, address in found]


def _refuse(address: str) -> None:
    if is_forbidden(address):
        raise ForbiddenAddressError
