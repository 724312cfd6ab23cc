"""Forbids network connections to the Python process that imports it.

``tests/conftest.py`` runs it for pytest itself and puts this folder on ``PYTHONPATH``, so that every Python
that a test starts imports it too. Unix sockets and pipes stay: multiprocessing needs them.

Spark and Ray talk to themselves over the loopback interface: the processes that their tests start have
``PHIGUARD_TESTS_LOOPBACK=1`` in their environment, and may reach 127.0.0.1. Nothing else is let through.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import Any, NoReturn

_LOOPBACK = ("127.0.0.1", "::1", "localhost") if os.environ.get("PHIGUARD_TESTS_LOOPBACK") == "1" else ()


class NetworkForbiddenError(RuntimeError):
    """Something tried to reach the network. phiguard never does."""


def _forbid(*_args: Any, **_options: Any) -> NoReturn:
    raise NetworkForbiddenError("network access is forbidden in the tests")


def _loopback(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` of a host, for hosts that are allowed."""

    def guarded(host: Any, *args: Any, **options: Any) -> Any:
        if (host[0] if isinstance(host, tuple) else host) not in _LOOPBACK:
            _forbid()
        return function(host, *args, **options)

    return guarded


class _Socket(socket.socket):
    def connect(self, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in _LOOPBACK:
            _forbid()
        super().connect(address)

    def connect_ex(self, address: Any) -> int:
        if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in _LOOPBACK:
            _forbid()
        return super().connect_ex(address)

    def sendto(self, *args: Any) -> int:
        if self.family != getattr(socket, "AF_UNIX", None):
            _forbid()
        return super().sendto(*args)


socket.socket = _Socket  # type: ignore[misc]
socket.create_connection = _loopback(socket.create_connection)
socket.getaddrinfo = _loopback(socket.getaddrinfo)
socket.gethostbyname = _loopback(socket.gethostbyname)
