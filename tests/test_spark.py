"""A real Spark on this machine (``local[2]``): its answers are those of one process, byte for byte after sorting.

Spark talks to itself over the loopback interface, which the tests forbid: this file is also the program of the one process
that may do so. It runs every job and leaves the answers in files; the tests read those.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import pytest

import phiguard
from phiguard.batch import screen_lines

PROFILE = "corpora/demo-profile.yaml"
POSTS = "corpora/demo.jsonl"
SCHEMA_FREE = "id string, text string, likes int"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(find_spec(name) for name in ("pyspark", "pyarrow", "pandas")), reason="needs the extra spark"
    ),
    pytest.mark.skipif(not shutil.which("java"), reason="needs Java 17: apt install openjdk-17-jre-headless"),
]


# --- the process that runs Spark -------------------------------------------------------------------------


def session(work: Path) -> Any:
    from pyspark.sql import SparkSession  # noqa: PLC0415

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(work / "local"),
        "spark.sql.warehouse.dir": str(work / "warehouse"),
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.session.timeZone": "Asia/Tokyo",  # not the profile's: no time may be taken for one of this zone
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def run_jobs(work: Path) -> None:
    from phiguard.extra.spark import post_schema, screen_dataframe  # noqa: PLC0415

    spark = session(work)
    comments = str(work / "comments")
    posts = spark.read.schema(post_schema()).json(comments)

    screened = screen_dataframe(posts.repartition(6), profile=PROFILE, keep=["thread"])
    screened.write.parquet(str(work / "batch"))

    # How many screeners each worker has made after eight tasks; the day is the same, or this test ran over midnight.
    def made(batches: Any) -> Any:
        import pyarrow as pa  # noqa: PLC0415

        from phiguard.extra.spark import _screener_of  # noqa: PLC0415

        for _ in batches:
            facts = _screener_of.cache_info()
            yield pa.record_batch({"worker": [os.getpid()], "made": [facts.misses], "asked": [facts.hits]})

    workers = spark.range(2, numPartitions=2).mapInArrow(made, "worker long, made long, asked long").collect()

    def stream() -> None:
        arriving = spark.readStream.schema(post_schema()).json(comments)
        answers = screen_dataframe(arriving, profile=PROFILE)
        writer = answers.writeStream.format("parquet").option("path", str(work / "stream"))
        writer = writer.option("checkpointLocation", str(work / "checkpoint")).trigger(availableNow=True)
        query = writer.start()
        query.awaitTermination()

    stream()
    (work / "comments" / "late.json").write_bytes((work / "late.json").read_bytes())
    stream()

    table = spark.createDataFrame(
        [("a", "Our tea cures diabetes.", 3), ("b", None, 4)], "id string, text string, likes int"
    )
    rows = [row.asDict() for row in screen_dataframe(table, keep=["likes"]).collect()]
    flat = screen_dataframe(table).selectExpr("id", "inline(findings)").select("id", "rule").collect()
    small = [{name: row[name] for name in ("id", "verdict", "error", "likes")} for row in rows]

    # The lines of README, with paths of this test.
    block = re.search(
        r"^```py\n(from pyspark.*?)^```$", Path("README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    paths = {"comments/": comments, "phiguard.yaml": PROFILE, "answers/": str(work / "shown")}
    lines = block[1] if block else ""
    for shown, path in paths.items():
        lines = lines.replace(f'"{shown}"', repr(path))
    exec(lines, {})  # noqa: S102 (our own page)

    refused = {}
    for name, wrong, keep in (
        ("text", table.drop("text"), ()),
        ("type", table.withColumn("paid", table.text), ()),
        ("keep", table, ("colour",)),
    ):
        try:
            screen_dataframe(wrong, keep=keep)
        except phiguard.InputError as error:
            refused[name] = str(error)
    told = {
        "workers": [row.asDict() for row in workers],
        "small": small,
        "flat": [tuple(row) for row in flat],
        "refused": refused,
    }
    (work / "told.json").write_bytes(msgspec.json.encode(told))
    spark.stop()


# --- the tests -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def work(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("spark")
    comments = work / "comments"
    comments.mkdir()
    lines = (root / POSTS).read_bytes().splitlines(keepends=True)
    (work / "late.json").write_bytes(b"".join(lines[200:]))
    for number, start in enumerate(range(0, 200, 50)):
        (comments / f"{number}.json").write_bytes(b"".join(lines[start : start + 50]))
    (comments / "broken.json").write_text(
        '{"id": "x1", "text": "Hel\n{"id": "x2", "text": "Hi", "platform": "myspace"}\n'
    )
    environment = {
        **os.environ,
        "PHIGUARD_TESTS_LOOPBACK": "1",
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    done = subprocess.run(
        [sys.executable, __file__, str(work)],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return work


@pytest.fixture(scope="module")
def told(work: Path) -> Any:
    return msgspec.json.decode((work / "told.json").read_bytes())


def answers(folder: Path) -> tuple[list[bytes], Any]:
    """The screenings of a folder of Parquet files as JSON lines, sorted; and its table."""
    from pyarrow import parquet  # noqa: PLC0415

    from phiguard.arrow import screenings_of  # noqa: PLC0415

    table = parquet.read_table(folder)
    lines = [
        msgspec.json.encode(one) + b"\n"
        for batch in table.filter(table["error"].is_null()).to_batches()
        for one in screenings_of(batch)
    ]
    return sorted(lines), table


def alone(root: Path, count: int | None = None) -> list[bytes]:
    """What one process answers to the same lines, sorted."""
    profile = phiguard.load_profile(root / PROFILE)
    with (root / POSTS).open("rb") as posts:
        return sorted(screen_lines(phiguard.Screener(profile), posts.readlines()[:count]))


def test_a_batch_answers_as_one_process_does(root: Path, work: Path) -> None:
    found, table = answers(work / "batch")
    assert found == alone(root, 200)
    assert table["thread"].type == "string"


def test_a_record_that_is_no_post_costs_its_row(work: Path) -> None:
    _, table = answers(work / "batch")
    bad = table.filter(table["error"].is_valid()).sort_by("error").to_pylist()
    assert [row["error"].partition(":")[0] for row in bad] == ["field platform", "field text", "field text"][
        : len(bad)
    ]
    assert all(row["verdict"] == "review" and not row["complete"] for row in bad)


def test_the_lines_of_readme_answer(work: Path) -> None:
    from pyarrow import parquet  # noqa: PLC0415

    shown = parquet.read_table(work / "shown")
    assert shown.column_names == ["id", "verdict", "rule"]
    assert shown.num_rows >= parquet.read_table(work / "batch").num_rows


def test_a_stream_answers_as_one_process_does_over_restarts(root: Path, work: Path) -> None:
    found, _ = answers(work / "stream")
    assert found == alone(root)


def test_each_worker_makes_one_screener(told: Any) -> None:
    made = [worker["made"] for worker in told["workers"]]
    assert max(made) == 1
    assert sum(worker["asked"] for worker in told["workers"]) >= 2


def test_a_frame_of_few_columns(told: Any) -> None:
    first, second = sorted(told["small"], key=lambda row: row["id"])
    assert (first["verdict"], first["error"], first["likes"]) == ("block", None, 3)
    assert (second["verdict"], second["error"], second["likes"]) == ("review", "field text: is missing", 4)


def test_findings_are_unfolded_into_rows(told: Any) -> None:
    screening = phiguard.screen("Our tea cures diabetes.")
    assert told["flat"] == [["a", finding.rule] for finding in screening]


def test_columns_that_cannot_be_read_are_refused_before_spark_starts(told: Any) -> None:
    assert told["refused"] == {
        "text": "there is no column named text; rename the one that holds the posts",
        "type": "column paid: is of the wrong type; needed: bool",
        "keep": "keep: there is no column colour, or there are two",
    }


if __name__ == "__main__":
    run_jobs(Path(sys.argv[1]))
