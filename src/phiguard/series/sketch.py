"""Quantiles of durations in bounded memory, whatever the order in which they come."""

from __future__ import annotations

import math

import msgspec

__all__ = ["Sketch"]

_ERROR = 0.005  # a quantile is within half a percent
_GAMMA = (1 + _ERROR) / (1 - _ERROR)
_LOG = math.log(_GAMMA)
_LAST = 2_200  # 100 years of seconds: no more buckets than that


class Sketch(msgspec.Struct):
    """Counts of durations in buckets that grow by one percent (as in DDSketch, Masson and others 2019)."""

    buckets: dict[int, int] = msgspec.field(default_factory=dict)
    count: int = 0

    def add(self, seconds: float) -> None:
        """Counts one duration; below a second it is a second."""
        bucket = 0 if seconds <= 1 else min(_LAST, math.ceil(math.log(seconds) / _LOG))
        self.buckets[bucket] = self.buckets.get(bucket, 0) + 1
        self.count += 1

    def quantile(self, share: float) -> float | None:
        """The duration that ``share`` of them do not pass (by nearest rank); ``None`` if there are none."""
        if not self.count:
            return None
        left = max(1, math.ceil(share * self.count))
        for bucket in sorted(self.buckets):
            left -= self.buckets[bucket]
            if left <= 0:
                return 2 * _GAMMA**bucket / (_GAMMA + 1) if bucket else 1.0
        raise AssertionError  # the counts add up
