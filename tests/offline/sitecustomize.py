"""Forbids network connections to the Python process that imports it.

``tests/conftest.py`` runs it for pytest itself and puts this folder on ``PYTHONPATH``, so that every Python
that a test starts imports it too. Unix sockets and pipes stay: multiprocessing needs them.
"""

from __future__ import annotations

import socket
from typing import Any, NoReturn


class NetworkForbiddenError(RuntimeError):
    """Something tried to reach the network. phiguard never does."""


def _forbid(*_args: Any, **_options: Any) -> NoReturn:
    raise NetworkForbiddenError("network access is forbidden in the tests")


class _Socket(socket.socket):
    def connect(self, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None):
            _forbid()
        super().connect(address)

    def connect_ex(self, address: Any) -> int:
        if self.family != getattr(socket, "AF_UNIX", None):
            _forbid()
        return super().connect_ex(address)

    def sendto(self, *args: Any) -> int:
        if self.family != getattr(socket, "AF_UNIX", None):
            _forbid()
        return super().sendto(*args)


socket.socket = _Socket  # type: ignore[misc]
socket.create_connection = _forbid
socket.getaddrinfo = _forbid
socket.gethostbyname = _forbid
