"""Many posts: blocks of records in, bytes out, on one core or on all, in the order of the input.

`Job` says what to do with a record, `cut` cuts files into blocks, `Crew` screens blocks, `Scan` holds it together with outputs
that appear whole and a checkpoint that survives ``kill -9``.
"""

from __future__ import annotations

from phiguard.batch.lines import LineError, screen_lines

__all__ = ["LineError", "screen_lines"]
