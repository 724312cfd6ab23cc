"""phiguard for Ray Data: the class that ``Dataset.map_batches`` calls, one screener for each worker.

``ds.map_batches(ScreenBatch, batch_format="pyarrow", compute=ray.data.ActorPoolStrategy(size=2))``. ``docs/cluster.md`` tells the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from phiguard.arrow import screen_batches
from phiguard.arrow_schema import check, pa, screening_schema
from phiguard.profile import Profile, load_profile
from phiguard.screener import Screener

__all__ = ["ScreenBatch"]


class ScreenBatch:
    """Answers a table of posts with a table of screenings, row by row, in the columns of `SCREENING_SCHEMA`.

    Its arguments go to ``map_batches`` as ``fn_constructor_kwargs``; phiguard must be installed where the workers run.

    Args:
        profile: what the organization says about itself, or its file, which must be there for the workers.
        screener: what screens, instead of one of ``profile``; it travels by its arguments.
        keep: columns of the posts that the answers get too, as they are.
    """

    def __init__(
        self,
        *,
        profile: Profile | Path | str | None = None,
        screener: Screener | None = None,
        keep: Sequence[str] = (),
    ) -> None:
        if screener is not None and profile is not None:
            raise ValueError("give a screener or a profile, not both")
        made = load_profile(Path(profile)) if isinstance(profile, (str, Path)) else profile
        self._screener = screener or Screener(made)
        self._keep = tuple(keep)

    def __call__(self, posts: Any) -> Any:
        """The screenings of a ``pyarrow.Table`` of posts. Raises `InputError` if its columns cannot be read."""
        check(posts.schema)
        schema = screening_schema(posts.schema, self._keep)
        batches = screen_batches(posts.to_batches(), screener=self._screener, keep=self._keep)
        return pa.Table.from_batches(batches, schema=schema)
