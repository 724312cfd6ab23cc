"""The guard against network access works, here and in child processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest


def test_a_connection_is_refused() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client,
        pytest.raises(RuntimeError, match="forbidden"),
    ):
        client.connect(("127.0.0.1", 9))


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(RuntimeError, match="forbidden"):
        socket.getaddrinfo("example.com", 443)


def test_a_child_process_is_guarded_too() -> None:
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "NetworkForbiddenError" in done.stderr


def test_a_child_process_that_may_reach_itself_reaches_nothing_else() -> None:
    code = """
import socket
listening = socket.create_server(("127.0.0.1", 0))
socket.create_connection(listening.getsockname()).close()
socket.create_connection(("192.0.2.1", 9))
"""
    environment = {**os.environ, "PHIGUARD_TESTS_LOOPBACK": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "line 5, in" in done.stderr
    assert "NetworkForbiddenError" in done.stderr
