"""phiguard for Spark: a DataFrame of posts in, a DataFrame of screenings out, in batch and streaming alike.

``screen_dataframe(spark.read.schema(post_schema()).json("comments/"), profile="phiguard.yaml")``. ``docs/cluster.md`` tells the columns.
"""

from __future__ import annotations

import datetime as dt
import functools
import pickle
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phiguard.arrow import screen_batches
from phiguard.arrow_schema import POST_SCHEMA, SCREENING_SCHEMA, TEXT, check, pa, screening_schema
from phiguard.errors import PhiguardError
from phiguard.profile import Profile, load_profile
from phiguard.screener import Screener

try:
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
    from pyspark.sql.types import StructType
except ImportError as error:  # pragma: no cover (an install without the extra)
    raise PhiguardError("Spark needs the package pyspark: pip install 'phiguard[spark]'") from error

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["post_schema", "screen_dataframe"]


def screen_dataframe(
    df: DataFrame,
    *,
    profile: Profile | Path | str | None = None,
    screener: Screener | None = None,
    keep: Sequence[str] = (),
) -> DataFrame:
    """A row for each row of ``df``: the answer of `Screener.screen`, in the columns of `SCREENING_SCHEMA`.

    Each Python worker process makes one `Screener` and keeps it for all its tasks. phiguard must be installed where the workers run.

    Args:
        df: posts, in the columns of a `Post` (only ``text`` is needed); a batch or a stream.
        profile: what the organization says about itself, or its file, which is read here and not on the workers.
        screener: what screens, instead of one of ``profile``; it travels by its arguments, so paths of packs must be there for the workers too.
        keep: columns of ``df`` that the answers get too, as they are.

    Raises:
        InputError: a column that is needed is missing, or is of a type that cannot be read.
        ProfileError, RuleError: the profile or the rules cannot be used; told here, before Spark starts.
    """
    if screener is not None and profile is not None:
        raise ValueError("give a screener or a profile, not both")
    if screener is None:
        made = load_profile(Path(profile)) if isinstance(profile, (str, Path)) else profile
        # One day for all workers of a batch; a stream outlives its day.
        screener = Screener(made, today=None if df.isStreaming else dt.date.today())  # noqa: DTZ011 (the day on the organization's wall)
    wanted = df.select(*(name for name in df.columns if name in POST_SCHEMA.names or name in keep))
    given = to_arrow_schema(wanted.schema)
    check(given)
    screening_schema(given, keep)
    recipe, kept = pickle.dumps(screener), tuple(keep)

    def screened(batches: Iterator[Any]) -> Iterator[Any]:
        return screen_batches(batches, screener=_screener_of(recipe, dt.date.today()), keep=kept)  # noqa: DTZ011

    answered = from_arrow_schema(SCREENING_SCHEMA)
    return wanted.mapInArrow(screened, StructType([*answered, *(wanted.schema[name] for name in keep)]))


def post_schema() -> StructType:
    """The columns of a post, to read JSON with: ``spark.read.schema(post_schema()).json(...)``.

    Times are strings here, read as everywhere in phiguard: Spark would take one without an offset for its own zone's.
    """
    times = {field.name for field in POST_SCHEMA if pa.types.is_timestamp(field.type)}
    return from_arrow_schema(
        pa.schema([pa.field(one.name, TEXT if one.name in times else one.type) for one in POST_SCHEMA])
    )


@functools.lru_cache(maxsize=2)  # one at work, and one for a worker that two jobs share by turns
def _screener_of(recipe: bytes, day: dt.date) -> Screener:
    """The screener of this worker process; made anew on another day, because consents and approvals expire."""
    del day
    made: Screener = pickle.loads(recipe)  # noqa: S301 (Spark brings it as it brings the function itself)
    return made
