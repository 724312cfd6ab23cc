"""The one error of a scan that cannot go on: what is done is kept."""

from __future__ import annotations

from phiguard.errors import PhiguardError

__all__ = ["Stopped"]


class Stopped(PhiguardError):  # noqa: N818  it is no defect, and reads so where it is caught
    """A disk is full, an input vanished, a worker was killed. The message names it, and never holds a text."""
