"""What the user says about an export."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from phiguard.readers.times import DateOrder

__all__ = ["Options"]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the user says about an export.

    ``own``: accounts of the organization, by handle or id; if there are any, no others are. ``known``: accounts that are its
    own as well, whatever else the export tells (those of the profile).
    """

    own: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    columns: Mapping[str, str] = {}
    encoding: str | None = None
    order: DateOrder | None = None
