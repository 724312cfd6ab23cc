"""The command line: what it answers, its exit codes, and that it never shows a post unless asked."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import msgspec
import pytest

import phiguard.cache
import phiguard.packs
import phiguard.rules
from phiguard import cli
from phiguard.cli import line
from phiguard.cli.exits import Exit
from phiguard.screener import Screener

PACK = Path(__file__).parent / "data" / "pack"
SRC = Path(__file__).parents[1] / "src"
CANARY = "zq7canary"
MIRACLE = f"{CANARY} Ann swears by our miracle cure"


class Answer(msgspec.Struct):
    code: int
    out: str
    err: str

    def __str__(self) -> str:
        return self.out + self.err


Ask = Callable[..., Answer]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Ask:
    """The command line in this process, in an empty folder, with the few rules of ``data/pack``."""
    for module in (phiguard.packs, phiguard.cache, phiguard.rules):
        monkeypatch.setattr(module, "shipped", lambda: PACK)
    monkeypatch.setenv("PHIGUARD_CACHE_DIR", "")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)

    def ask(*arguments: str | Path, stdin: str | bytes = b"") -> Answer:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
        code = cli.run([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return Answer(int(code), out.decode(), err.decode())

    return ask


def jsonl(path: Path, *posts: object) -> Path:
    path.write_text("".join(post if isinstance(post, str) else json.dumps(post) + "\n" for post in posts))
    return path


# --- screen -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("Hello.",), Exit.CLEAN),
        ((MIRACLE,), Exit.FINDINGS),
        (("Hiya!",), Exit.CLEAN),
        (("Hiya!", "--fail-on", "low"), Exit.FINDINGS),
        (("Act now",), Exit.FINDINGS),
        (("Act now", "--fail-on", "high"), Exit.CLEAN),
        ((MIRACLE, "--fail-on", "critical"), Exit.CLEAN),
        ((MIRACLE, "--fail-on", "never"), Exit.CLEAN),
        (("Help me at once",), Exit.CLEAN),
        (("Help me at once", "--direction", "inbound_dm"), Exit.FINDINGS),
        (("one", "two"), Exit.USAGE),
        (("one", "--fail-on", "often"), Exit.USAGE),
        (("one", "--profile", "missing.yaml"), Exit.USAGE),
        ((), Exit.USAGE),
    ],
)
def test_screen_answers_by_its_exit_code(ask: Ask, arguments: tuple[str, ...], code: Exit) -> None:
    assert ask("screen", *arguments).code == code


def test_screen_says_what_and_why_and_how_to_fix_it_but_not_the_words(ask: Ask) -> None:
    answer = ask("screen", MIRACLE)
    for said in (
        "BLOCK",
        "TST-01.miracle",
        "high",
        "Nobody can keep",
        "Say what you do.",
        "characters 29–40",
    ):
        assert said in answer.out, said
    assert CANARY not in str(answer)
    assert "miracle cure" not in answer.out
    assert "\x1b" not in answer.out


def test_a_comment_that_somebody_must_answer_says_so(ask: Ask) -> None:
    out = ask("screen", "Help me at once", "--direction", "inbound_dm").out
    assert "ANSWER  Somebody must act on this" in out
    assert "to crisis within 15 minutes" in out


def test_screen_reveals_words_when_asked_without_what_a_terminal_obeys(ask: Ask) -> None:
    assert "“miracle cure”" in ask("screen", MIRACLE, "--reveal").out
    answer = ask("screen", "A mira\u200bcle\ncu\u202ere, yes", "--reveal")
    assert answer.code == Exit.FINDINGS
    assert not {"\x1b", "\u202e", "\u200b"} & set(answer.out)


def test_screen_reads_standard_input(ask: Ask) -> None:
    assert ask("screen", "-", stdin="\ufeffAct now\r\n").code == Exit.FINDINGS
    assert ask("screen", "-", stdin=b"caf\xe9 miracle cure").code == Exit.FINDINGS


@pytest.mark.parametrize("text", ["-10% miracle cure", "- act now", "--act now, dear", "-- act now"])
def test_a_text_may_begin_with_a_dash(ask: Ask, text: str) -> None:
    assert ask("screen", text).code == Exit.FINDINGS


def test_a_mistyped_option_is_not_screened_as_a_text(ask: Ask) -> None:
    assert ask("screen", "--revael").code == Exit.USAGE


def test_screen_knows_the_comment_that_it_answers(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    posts: list[object] = []
    screen = Screener.screen
    monkeypatch.setattr(Screener, "screen", lambda self, post: posts.append(post) or screen(self, post))
    ask("screen", "Thanks", "--reply-to", "Great place", "--platform", "yelp", "--role", "brand")
    (post,) = posts
    assert (post.direction, post.reply_to.text, post.platform) == ("outbound_reply", "Great place", "yelp")  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "sarif", "github", "junit"])
def test_every_form_of_screen_keeps_the_words_to_itself(ask: Ask, form: str) -> None:
    hidden = ask("screen", MIRACLE, "--format", form)
    assert hidden.code == Exit.FINDINGS
    assert "TST-01.miracle" in hidden.out
    assert CANARY not in str(hidden)
    assert "miracle cure" not in str(hidden)
    assert "miracle cure" in ask("screen", MIRACLE, "--format", form, "--reveal").out


def test_json_is_whole_and_explicit(ask: Ask) -> None:
    answer = json.loads(ask("screen", "Hello", "--format", "json").out)
    assert answer["findings"] == []
    assert answer["complete"] is True
    assert answer["verdict"] == "pass"
    assert "excerpts" not in answer


# --- complaints ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        (CANARY,),
        (f"Our {CANARY}",),
        (f"--{CANARY}",),
        ("screen", "a", CANARY),
        ("screen", "a", f"--{CANARY}"),
        ("screen", "a", "--format", CANARY),
        ("screen", "a", "--platform", f"our {CANARY}"),
        ("screen", "a", "--profile", f"our {CANARY}"),
        ("scan", f"Our {CANARY} came in"),
        ("scan", "a", "--limit", CANARY),
        ("scan", "-", "--column-map", CANARY),
        ("scan", "-", "--column-map", f"{CANARY}=a"),
        ("scan", "-", "--encoding", CANARY),
        ("scan", "-", "--input-format", "csv", "--column-map", f"id={CANARY}"),
        ("rules", CANARY),
        ("rules", "explain", CANARY),
        ("hook", f"Our {CANARY}.md"),
        ("gate", CANARY),
        ("init", "--preset", CANARY),
    ],
)
def test_no_complaint_repeats_an_argument(ask: Ask, arguments: tuple[str, ...]) -> None:
    answer = ask(*arguments, stdin="text,other\n1,2\n")
    assert answer.code == Exit.USAGE
    assert CANARY not in str(answer)
    assert answer.err.startswith("Error: ")


def test_a_path_that_looks_like_one_is_named(ask: Ask) -> None:
    assert "may.jsonl: no such file" in ask("scan", "may.jsonl").err


def test_a_defect_is_told_by_its_kind_alone(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Screener:
        raise RuntimeError(CANARY) from ValueError(CANARY)

    monkeypatch.setattr(line, "make_screener", broken)
    plain = ask("screen", MIRACLE)
    assert (plain.code, plain.out) == (Exit.INTERNAL, "")
    assert plain.err.startswith("Internal error: RuntimeError.")
    told = ask("--debug", "screen", MIRACLE)
    assert told.code == Exit.INTERNAL
    assert "in broken" in told.err
    assert "ValueError" in told.err
    assert CANARY not in str(plain) + str(told)


def test_a_profile_that_cannot_be_used_is_a_usage_error(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "phiguard.yaml").write_text("organization: {nme: x}\n")
    answer = ask("screen", "Hello")
    assert answer.code == Exit.USAGE
    assert "phiguard.yaml:1" in answer.err


def test_a_rule_that_cannot_be_used_is_a_usage_error(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("rules: [{id: X-01, kind: phrase}]\n")
    answer = ask("screen", "Hello", "--pack", tmp_path / "own.yaml")
    assert answer.code == Exit.USAGE
    assert "own.yaml:1" in answer.err


# --- gate ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("post", "decision", "code"),
    [
        ({"text": "Hello"}, "publish", Exit.CLEAN),
        ({"text": "Hiya"}, "publish", Exit.CLEAN),
        ({"text": "Act now"}, "hold", Exit.FINDINGS),
        ({"text": MIRACLE}, "block", Exit.FINDINGS),
        ({"text": "Hello", "media": [{"kind": "image"}]}, "hold", Exit.NOT_SCREENED),
        ({"text": MIRACLE, "media": [{"kind": "image"}]}, "block", Exit.NOT_SCREENED),
        ({"text": "Hello", CANARY: 1}, "hold", Exit.USAGE),
        ({"text": "Hello", f"our {CANARY}": 1}, "hold", Exit.USAGE),
        ({"text": "Hello", "media": [{"dpi": 1}]}, "hold", Exit.USAGE),
        ({"text": "Hello", "platform": CANARY}, "hold", Exit.USAGE),
        ({"body": "Hello"}, "hold", Exit.USAGE),
        ([{"text": "Hello"}], "hold", Exit.USAGE),
        ("Hello", "hold", Exit.USAGE),
        (None, "hold", Exit.USAGE),
    ],
)
def test_gate_decides(ask: Ask, post: object, decision: str, code: Exit) -> None:
    answer = ask("gate", stdin=json.dumps(post))
    found = json.loads(answer.out)
    assert (found["decision"], answer.code) == (decision, code)
    assert set(found) >= {"decision", "verdict", "complete", "findings", "unscreened", "error"}
    assert "swears" not in answer.out
    if not (isinstance(post, dict) and CANARY in post):  # a key that looks like a field is named
        assert CANARY not in str(answer)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"text": "a", "text": "Hello"}',
        b'{"text": "a", "reply_to": {"text": "a", "text": "b"}}',
        b'{"text": "Hello"} {"text": "Hello"}',
        b'{"text": "caf\xe9"}',
        b'{"text": "a", "paid": NaN}',
        b"[" * 100_000,
        b'{"text": "' + b"a" * (17 << 20) + b'"}',
        '{"text": "Hello"}'.encode("utf-16"),
    ],
    ids=range(10),
)
def test_gate_never_publishes_what_it_cannot_read(ask: Ask, content: bytes) -> None:
    answer = ask("gate", stdin=content)
    assert json.loads(answer.out)["decision"] == "hold"
    assert answer.code == Exit.USAGE


def test_gate_never_publishes_after_a_defect(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Screener:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(line, "make_screener", broken)
    answer = ask("gate", stdin='{"text": "Hello"}')
    found = json.loads(answer.out)
    assert (found["decision"], found["error"], answer.code) == (
        "hold",
        "internal error: RuntimeError",
        Exit.INTERNAL,
    )


def test_gate_never_publishes_with_a_profile_that_cannot_be_used(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "phiguard.yaml").write_text("organization: {nme: x}\n")
    answer = ask("gate", stdin='{"text": "Hello"}')
    assert (json.loads(answer.out)["decision"], answer.code) == ("hold", Exit.USAGE)


def test_gate_answers_whatever_characters_a_post_holds(ask: Ask) -> None:
    answer = ask("gate", stdin='{"text": "a\\ud800 \\u0000 \\u202e", "id": "\\udfff"}')
    assert json.loads(answer.out)["decision"] in {"publish", "hold", "block"}


# --- scan ---------------------------------------------------------------------------------------------


def test_scan_sums_up_for_people(ask: Ask, tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "posts.jsonl",
        {"text": MIRACLE, "likes": 4},
        {"text": "Act now", "likes": 2},
        {"text": "Hello"},
        {"text": "Please help me at once", "direction": "inbound_dm", "received_at": "2026-05-01T09:00:00Z"},
        {"text": "Help me at once", "direction": "inbound_dm", "received_at": "2026-05-01T08:00:00Z"},
        {"text": "Hello", "media": [{"kind": "image"}]},
        f'{{"text": "x", "platform": "{CANARY}"}}\n',
    )
    answer = ask("scan", path)
    assert answer.code == Exit.NOT_SCREENED
    for said in (
        "6 posts screened.",
        "TST-01.miracle  Promises a miracle",
        "crisis  within 15 minutes; the first is due 2026-05-01 08:15",
        "media[0]",
        "1: field platform: is none of",
        "likes (2)",
        "posts.jsonl:1",
    ):
        assert said in answer.out, said
    assert CANARY not in str(answer)
    assert "\x1b" not in str(answer)


@pytest.mark.parametrize(
    ("posts", "code"),
    [
        (({"text": "Hello"},), Exit.CLEAN),
        (({"text": "Hello"}, {"text": "Act now"}), Exit.FINDINGS),
        (({"text": "Hello"}, "{\n"), Exit.NOT_SCREENED),
        (({"text": "Act now"}, "{\n"), Exit.NOT_SCREENED),
        (({"text": "a", "media": [{"kind": "image"}]},), Exit.NOT_SCREENED),
        ((), Exit.CLEAN),
    ],
)
def test_scan_answers_by_its_exit_code(
    ask: Ask, tmp_path: Path, posts: tuple[object, ...], code: Exit
) -> None:
    assert ask("scan", jsonl(tmp_path / "a.jsonl", *posts)).code == code


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "sarif", "github", "junit"])
def test_scan_writes_every_form_beside_its_summary(ask: Ask, tmp_path: Path, form: str) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"text": MIRACLE}, {"text": CANARY}, f'{{"text": {CANARY}\n')
    answer = ask("scan", path, "--format", form)
    assert "TST-01.miracle" in answer.out
    assert "2 posts screened" in answer.err
    assert CANARY not in str(answer)
    quiet = ask("scan", path, "--format", form, "-q")
    assert (quiet.out, quiet.err) == (answer.out, "")
    to_file = ask("scan", path, "--format", form, "-o", tmp_path / "result")
    assert (tmp_path / "result").read_bytes().decode() == answer.out
    assert "2 posts screened" in to_file.out


def test_the_suffix_of_the_output_tells_its_form(ask: Ask, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"text": MIRACLE})
    ask("scan", path, "-o", tmp_path / "r.sarif")
    assert json.loads((tmp_path / "r.sarif").read_text())["version"] == "2.1.0"
    ask("scan", path, "-o", tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_text().startswith("file,line,id,verdict")


def test_the_output_is_never_an_input_nor_a_half(ask: Ask, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"text": "a"})
    before = path.read_bytes()
    assert ask("scan", path, "-o", path).code == Exit.USAGE
    assert path.read_bytes() == before
    assert ask("scan", path, "-o", tmp_path / "no" / "r.csv").code == Exit.USAGE
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.jsonl"]


def test_scan_reads_folders_and_standard_input(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    (folder / ".git").mkdir(parents=True)
    jsonl(folder / "a.jsonl", {"text": "Act now"})
    (folder / "b.txt").write_text("Hello\nAct now\n")
    (folder / "c.pdf").write_text("no")
    (folder / ".git" / "d.txt").write_text("Act now")
    assert "3 posts screened from 2 files." in ask("scan", folder).out
    assert ask("scan", "-", stdin='{"text":"Act now"}').code == Exit.FINDINGS
    assert ask("scan", "-", "--input-format", "text", stdin="Act now").code == Exit.FINDINGS
    assert ask("scan", folder / "c.pdf").code == Exit.USAGE


def test_scan_fills_in_what_posts_leave_open(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / "comments.csv"
    path.write_text("Message,direction\nhelp me at once,\nhelp me at once,outbound_post\n")
    answer = ask(
        "scan", path, "--column-map", "text=Message", "--direction", "inbound_comment", "--format", "jsonl"
    )
    first, second = (json.loads(text) for text in answer.out.splitlines())
    assert [finding["rule"] for finding in first["findings"]] == ["TST-04.help"]
    assert second["findings"] == []


def test_jsonl_says_where_each_record_stands(ask: Ask, tmp_path: Path) -> None:
    jsonl(tmp_path / "a.jsonl", {"text": "Act now", "id": "p1"}, {"text": 1})
    answer = ask("scan", "a.jsonl", "--format", "jsonl")
    first, second = (json.loads(text) for text in answer.out.splitlines())
    assert (first["file"], first["line"], first["id"], first["verdict"]) == ("a.jsonl", 1, "p1", "review")
    assert second == {
        "type": "error",
        "error": "expected `str`, got `int`",
        "field": "text",
        "file": "a.jsonl",
        "line": 2,
    }


def test_a_suppression_that_met_nothing_is_reported(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "phiguard.yaml").write_text(
        "suppressions:\n- {rule: TST-02.hurry, key: 0123456789abcdef, reason: agreed, reviewer: Kim, expires: 2999-01-01}\n"
    )
    answer = ask("scan", jsonl(tmp_path / "a.jsonl", {"text": "Hello"}), "--format", "text")
    assert "SUP-02" in answer.out
    assert "1 suppression of the profile met nothing" in answer.err


# --- rules, init, doctor ------------------------------------------------------------------------------


def test_rules_list_and_explain(ask: Ask) -> None:
    listed = ask("rules", "list", "--severity", "high")
    assert "TST-01.miracle" in listed.out
    assert "TST-02.hurry" not in listed.out
    assert len(json.loads(ask("rules", "list", "--format", "json").out)) == 4
    explained = ask("rules", "explain", "tst-04.help")
    for said in (
        "Why: Somebody must answer.",
        "Fix: Call the person.",
        "Source:",
        "crisis, within 15 minutes",
        "- Help me.",
    ):
        assert said in explained.out, said
    assert "TST-02.hurry  Hurries" in ask("rules", "explain", "TST-02").out
    missing = ask("rules", "explain", "TST-01.mirakle")
    assert missing.code == Exit.USAGE
    assert "TST-01.miracle" in missing.err


def test_rules_test_names_the_example_that_does_not_hold(ask: Ask, tmp_path: Path) -> None:
    assert ask("rules", "test").code == Exit.CLEAN
    assert "All examples of 4 rules hold." in ask("rules", "test", PACK / "rules.yaml").out
    (tmp_path / "empty.yaml").write_text("lexicons: {}\n")
    assert ask("rules", "test", tmp_path / "empty.yaml").code == Exit.USAGE
    own = (PACK / "rules.yaml").read_text().partition("rules:\n")[2].partition("  - id: TST-02")[0]
    own = "rules:\n" + own.replace("TST-01", "OWN-01").replace("A miracle happened.", "A miracle cure.")
    (tmp_path / "own.yaml").write_text(own)
    answer = ask("rules", "test", tmp_path / "own.yaml")
    assert answer.code == Exit.FINDINGS
    assert "own.yaml:2: OWN-01.miracle: passes[1]" in answer.out


def test_init_writes_a_profile_and_never_over_one(ask: Ask, tmp_path: Path) -> None:
    assert ask("init", "--preset", "hospital").code == Exit.CLEAN
    written = (tmp_path / "phiguard.yaml").read_text()
    assert written.count("#") > 5
    (tmp_path / "phiguard.yaml").write_text("# mine\n")
    assert ask("init").code == Exit.USAGE
    assert (tmp_path / "phiguard.yaml").read_text() == "# mine\n"
    assert ask("init", "--force", "--preset", "hospital").code == Exit.CLEAN
    assert (tmp_path / "phiguard.yaml").read_text() == written


def test_doctor_says_what_works_and_how_to_fix_the_rest(ask: Ask, tmp_path: Path) -> None:
    healthy = ask("doctor")
    assert healthy.code == Exit.CLEAN
    for said in ("msgspec", "YAML loader", "4 from", "none found", "off: every start compiles"):
        assert said in healthy.out, said
    (tmp_path / "phiguard.yaml").write_text("organization: {nme: x}\n")
    broken = ask("doctor")
    assert broken.code == Exit.USAGE
    assert "FIX  profile" in broken.out


# --- the process --------------------------------------------------------------------------------------


PROGRAM = """
import pathlib, sys
import phiguard.cache, phiguard.packs, phiguard.rules
pack = pathlib.Path(sys.argv.pop(1))
for module in (phiguard.packs, phiguard.cache, phiguard.rules):
    module.shipped = lambda: pack
from phiguard.cli import main
main()
"""


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(SRC), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, "PHIGUARD_CACHE_DIR": ""}


def started(*arguments: str) -> subprocess.Popen[bytes]:
    """The command line in a process of its own, with the few rules of ``data/pack``."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(PACK), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )


def test_the_module_runs_and_help_lists_every_command() -> None:
    command = [sys.executable, "-m", "phiguard", "--help"]
    done = subprocess.run(command, env=environment(), capture_output=True, check=True)
    assert done.stderr == b""
    for name in cli.COMMANDS:
        assert name.encode() in done.stdout


@pytest.mark.parametrize(
    "arguments", [("rules", "list"), ("screen", "Act now"), ("scan", "-", "--format", "csv")]
)
def test_a_reader_that_goes_away_is_no_defect(arguments: tuple[str, ...]) -> None:
    with started(*arguments) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(b'{"text": "Act now"}\n' * 500)
        process.stdin.close()
        err = process.stderr.read()
    assert (process.returncode, err) == (Exit.BROKEN_PIPE, b"")


def test_ctrl_c_ends_it_quietly() -> None:
    with started("scan", "-", "--format", "jsonl") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"text": "Hello"}\n')
        process.stdin.flush()
        # A stream is answered record by record, so the answer says that it runs.
        assert json.loads(process.stdout.readline())["verdict"] == "pass"
        process.send_signal(signal.SIGINT)
        process.wait(
            timeout=60
        )  # its input stays open until then: the end of a stream would end the scan too
        _, err = process.communicate()
    assert (process.returncode, err) == (Exit.INTERRUPTED, b"Interrupted.\n")


def test_heavy_libraries_are_not_imported_to_screen_a_text() -> None:
    program = (
        "import sys; from phiguard import cli; cli.run(['screen', 'Hello']);"
        "print(sorted({'rich', 'spacy', 'presidio_analyzer', 'numpy', 'asyncio', 'csv', 'gzip', 'json',"
        "'importlib.metadata'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment(), check=True, capture_output=True)
    assert done.stdout.splitlines()[-1] == b"[]"


def test_the_exit_codes_are_those_of_the_manual() -> None:
    assert {code.name: code.value for code in Exit} == {
        "CLEAN": 0,
        "FINDINGS": 1,
        "USAGE": 2,
        "NOT_SCREENED": 3,
        "INTERNAL": 4,
        "INTERRUPTED": 130,
        "BROKEN_PIPE": 141,
    }


def test_every_command_and_option_has_a_help() -> None:
    def walk(command: click.Command) -> None:
        assert command.help, command.name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (command.name, parameter.name)
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                assert found is not None
                walk(found)

    walk(cli.cli)
