"""The exit codes of the command line."""

from __future__ import annotations

import enum

__all__ = ["Exit"]


class Exit(enum.IntEnum):
    """What the shell is told. Of several, the highest of 0, 1 and 3 counts: an incomplete scan is not clean."""

    CLEAN = 0
    """Everything was screened, and nothing reaches ``--fail-on``."""
    FINDINGS = 1
    """Everything was screened, and a finding reaches ``--fail-on``."""
    USAGE = 2
    """The command, the profile, a rule or (for ``gate``) the input cannot be used."""
    NOT_SCREENED = 3
    """Something was not screened: a record that cannot be read, an image without words, a rule that broke."""
    INTERNAL = 4
    """A defect of phiguard."""
    INTERRUPTED = 130
    """Ctrl-C."""
    BROKEN_PIPE = 141
    """The program that reads our output went away."""
