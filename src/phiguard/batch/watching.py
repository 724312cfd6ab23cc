"""The watch over a scan: workers observe posts, the parent sees what they observed, in the order of the input."""

from __future__ import annotations

import datetime as dt

import msgspec

from phiguard.model import Post, Screening
from phiguard.profile import Profile
from phiguard.rules import RuleSet
from phiguard.series import Observed, Report, Watch, observe

__all__ = ["SeriesWatch"]

_DECODER = msgspec.msgpack.Decoder(list[Observed])


class SeriesWatch:
    """`phiguard.series.Watch` as a job carries it (`phiguard.batch.job.Watching`). Pickles without what it has seen."""

    def __init__(self, profile: Profile, rules: RuleSet) -> None:
        self._made_of = (profile, rules)
        self._watch = Watch(profile, rules)

    def __reduce__(self) -> tuple[object, ...]:
        return SeriesWatch, self._made_of

    @property
    def profile(self) -> Profile:
        """The organization whose posts are watched."""
        return self._made_of[0]

    def observe(self, post: Post, screening: Screening) -> Observed | None:
        """What a series needs of a post."""
        return observe(post, screening)

    def see(self, observed: bytes) -> None:
        """Takes the observations of a block."""
        for one in _DECODER.decode(observed):
            self._watch.see(one)

    def state(self) -> bytes:
        """All that was seen."""
        return self._watch.state()

    def restore(self, state: bytes) -> None:
        """Takes up what `state` gave. Raises `ValueError`."""
        self._watch.restore(state)

    def report(self, as_of: dt.datetime | None = None) -> Report:
        """What the posts so far show."""
        return self._watch.report(as_of)
