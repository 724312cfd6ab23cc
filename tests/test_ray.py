"""A real Ray on this machine: its answers are those of one process, byte for byte after sorting.

Ray talks to itself over the loopback interface, which the tests forbid: this file is also the program of the one process
that may do so, as in ``test_spark.py``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import pytest

import phiguard
from phiguard.batch import screen_lines

PROFILE = "corpora/demo-profile.yaml"
POSTS = "corpora/demo.jsonl"


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not all(find_spec(name) for name in ("ray", "pyarrow")), reason="needs the extra ray"),
]


# --- the process that runs Ray ---------------------------------------------------------------------------


def run_jobs(work: Path, folder: str) -> None:
    import pyarrow as pa  # noqa: PLC0415
    import ray  # noqa: PLC0415
    import ray.data  # noqa: PLC0415

    from phiguard.arrow import POST_SCHEMA  # noqa: PLC0415
    from phiguard.extra.ray import ScreenBatch  # noqa: PLC0415

    ray.init(
        num_cpus=2,
        include_dashboard=False,
        _node_ip_address="127.0.0.1",
        _temp_dir=folder,
        object_store_memory=2**27,
        log_to_driver=False,
    )
    records = [msgspec.json.decode(line) for line in Path(POSTS).read_bytes().splitlines()]
    records.append({"id": "x2", "text": "Hi", "platform": "myspace"})
    rows = [{**record, "likes": number} for number, record in enumerate(records)]
    times = {"posted_at", "received_at", "answered_at"}
    fields = [field.with_type(pa.string()) if field.name in times else field for field in POST_SCHEMA]
    schema = pa.schema([*fields, pa.field("likes", pa.int64())])
    posts = pa.Table.from_pylist(rows, schema=schema)
    dataset = ray.data.from_arrow([posts.slice(start, 50) for start in range(0, len(rows), 50)])
    answers = dataset.map_batches(
        ScreenBatch,
        batch_format="pyarrow",
        batch_size=40,
        compute=ray.data.ActorPoolStrategy(size=2),
        fn_constructor_kwargs={"profile": str(Path(PROFILE).resolve()), "keep": ["likes"]},
    )
    answers.write_parquet(str(work / "answers"))
    ray.shutdown()


# --- the tests -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def table(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What Ray answered."""
    from pyarrow import parquet  # noqa: PLC0415

    work = tmp_path_factory.mktemp("ray")
    environment = {
        **os.environ,
        "PHIGUARD_TESTS_LOOPBACK": "1",
        "RAY_AUTH_MODE": "disabled",  # no token in somebody's home
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # the loopback address, and not this machine's own
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    # A short path: the names of sockets have at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="ray-") as folder:
        command = [sys.executable, __file__, str(work), folder]
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return parquet.read_table(work / "answers")


def test_ray_answers_as_one_process_does(root: Path, table: Any) -> None:
    from phiguard.arrow import screenings_of  # noqa: PLC0415

    found = [
        msgspec.json.encode(one) + b"\n"
        for batch in table.filter(table["error"].is_null()).to_batches()
        for one in screenings_of(batch)
    ]
    profile = phiguard.load_profile(root / PROFILE)
    with (root / POSTS).open("rb") as posts:
        assert sorted(found) == sorted(screen_lines(phiguard.Screener(profile), posts))


def test_a_row_that_is_no_post_costs_that_row(table: Any) -> None:
    (bad,) = table.filter(table["error"].is_valid()).to_pylist()
    assert (bad["id"], bad["verdict"], bad["complete"]) == ("x2", "review", False)


def test_a_column_is_kept(table: Any) -> None:
    assert sorted(table["likes"].to_pylist()) == list(range(len(table)))


if __name__ == "__main__":
    run_jobs(Path(sys.argv[1]), sys.argv[2])
