"""`phiguard rules`: list, explain and test rules."""

# ruff: noqa: PLC0415  imported when needed: a command must start fast

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from phiguard.cli import options
from phiguard.cli.complaints import Refusal
from phiguard.cli.exits import Exit
from phiguard.model import SEVERITIES

if TYPE_CHECKING:
    from phiguard.costing import Cost
    from phiguard.kinds.base import Example, Rule
    from phiguard.rules import RuleSet

__all__ = ["rules_command"]

_SHOWN = 10  # the costliest rules, by name


@click.group("rules")
def rules_command() -> None:
    """List, explain and test rules."""


@rules_command.command("list")
@click.option(
    "--category",
    help="Only this category: privacy, claims, brand or community.",
    type=click.Choice(("privacy", "claims", "brand", "community")),
)
@click.option("--severity", type=click.Choice(SEVERITIES), help="Only this severity and worse ones.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How to write the list.",
)
@options.pack
def list_command(*, category: str | None, severity: str | None, form: str, packs: tuple[Path, ...]) -> int:
    """List the rules by id, with severity and title."""
    least = next((at for at, name in enumerate(SEVERITIES) if name == severity), 0)
    rules = [
        rule
        for rule in _rules(packs).rules
        if category in {None, rule.category} and SEVERITIES.index(rule.severity) >= least
    ]
    if form == "json":
        import msgspec

        fields = ("id", "title", "category", "severity", "status", "source")
        facts = [{name: getattr(rule, name) for name in fields} for rule in rules]
        click.echo(msgspec.json.format(msgspec.json.encode(facts), indent=2).decode())
        return Exit.CLEAN
    wide = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        click.echo(f"{rule.id:<{wide}}  {rule.severity:<8}  {rule.category:<9}  {rule.title}")
    click.echo(f"{len(rules)} rules")
    return Exit.CLEAN


@rules_command.command("explain")
@click.argument("rule_id", metavar="ID")
@options.pack
def explain_command(*, rule_id: str, packs: tuple[Path, ...]) -> int:
    """Say in plain words what the rule ID finds, why, what to do, and on whose authority; with its own examples.

    The first part of an id (FDA-22) explains all rules that begin so.
    """
    ruleset = _rules(packs)
    wanted = rule_id.upper().split(".")[0]
    found = [rule for rule in ruleset.rules if rule.id.casefold() == rule_id.casefold()]
    found = found or [
        rule for rule in ruleset.rules if "." not in rule_id and rule.id.split(".")[0].upper() == wanted
    ]
    if not found:
        from difflib import get_close_matches

        near = get_close_matches(rule_id, [rule.id for rule in ruleset.rules], n=3, cutoff=0.5)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise Refusal(f"No such rule.{hint} See: phiguard rules list")
    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    for number, rule in enumerate(found):
        click.echo("\n" if number else "", nl=False)
        for text in _explained(rule, ruleset.places.get(rule.id, ""), width):
            click.echo(text)
    return Exit.CLEAN


def _explained(rule: Rule, place: str, width: int) -> Iterator[str]:
    yield f"{rule.id}  {rule.title}"
    yield ""
    message = re.sub(r"\{\w+\}", "…", rule.message)  # the figures of a series
    for name, text in (
        ("", message),
        ("Why: ", rule.why),
        ("Fix: ", rule.fix),
        ("Source: ", rule.source),
    ):
        yield from textwrap.wrap(f"{name}{text}", width, subsequent_indent="  " if name else "")
    yield ""
    for swap in getattr(rule, "swap", ()):
        if swap.say and swap.instead_of:
            said = f'Say "{swap.say}" instead of: {_first_forms(swap.instead_of)}'
            yield from textwrap.wrap(said, width, subsequent_indent="  ")
    is_ours = any(name in {"outbound", "outbound_post", "outbound_reply", "ad"} for name in _directions(rule))
    yield f"How grave: {rule.severity}" + (f" ({_MEANS[rule.severity]})" if is_ours else "")
    if rule.route is not None:
        yield f"Goes to: {rule.route.queue}, within {rule.route.within}"
    yield from textwrap.wrap(f"Holds for: {_held_for(rule)}", width, subsequent_indent="  ")
    if rule.unless:
        said = ", ".join(label.replace("_", " ") for label in rule.unless)
        yield from textwrap.wrap(f"Lets pass what is: {said}", width, subsequent_indent="  ")
    yield f"Kind: {rule.category}, {rule.status}" + (f"  ({place})" if place else "")
    for name, examples in (
        ("Finds", rule.flags),
        ("Lets pass", rule.passes),
        ("Known misses", rule.misses),
        ("Known false alarms", rule.false_alarms),
    ):
        if examples:
            yield f"{name}:"
        for example in examples:
            yield from textwrap.wrap(
                _example(example), width, initial_indent="  - ", subsequent_indent="    "
            )


_MEANS = {
    "critical": "stops the post; page somebody at once",
    "high": "stops the post until somebody clears it",
    "medium": "somebody should look at it first",
    "low": "good advice; the post may go out",
    "info": "for the record",
}
"""What the severities mean, unless the profile decides otherwise."""
_CALLED = {
    "outbound": "what we publish",
    "outbound_post": "posts",
    "outbound_reply": "replies",
    "ad": "ads",
    "inbound": "what others write to us",
    "inbound_comment": "comments",
    "inbound_review": "reviews",
    "inbound_dm": "direct messages",
}


_MOST_FORMS = 8


def _directions(rule: Rule) -> tuple[str, ...]:
    return rule.applies_to.get("direction", ("outbound",))


def _first_forms(terms: tuple[str, ...]) -> str:
    """Some of the words that terms stand for, as people write them."""
    from phiguard.terms import expand

    forms = [form for term in terms if not term.startswith(("/", "<", "{")) for form in expand(term, {})]
    plain = list(dict.fromkeys(form.strip() for form in forms))
    if len(plain) <= _MOST_FORMS:
        return ", ".join(plain)
    return ", ".join(plain[:: len(plain) // _MOST_FORMS + 1]) + " …"


def _held_for(rule: Rule) -> str:
    """Which posts a rule is asked for, in words."""
    table = {"direction": _directions(rule), **rule.applies_to}
    told = [", ".join(_CALLED.get(value, value) for value in table.pop("direction"))]
    told += [f"{field.replace('_', ' ')} {', '.join(map(str, values))}" for field, values in table.items()]
    return "; ".join(told).replace("_", " ")


def _example(example: Example) -> str:
    """An example as one line: its text, and what else it says."""
    if isinstance(example, str):
        return example
    if "posts" in example:
        return _series(example)
    rest = {key: value for key, value in example.items() if key != "text"}
    told = ", ".join(f"{key}: {value}" for key, value in rest.items())
    return f"{example.get('text', '')}  [{told}]" if told else str(example.get("text", ""))


def _series(example: dict[str, Any]) -> str:
    """An example of several posts: what each entry says, how often and when."""
    told = []
    for post in example["posts"]:
        times = f"{post['times']} times " if "times" in post else ""
        every = f" every {post['every']}" if times and "every" in post else ""
        at = post.get("posted_at") or post.get("received_at") or ""
        where = ", ".join(
            str(post[name]) for name in ("direction", "platform", "author", "thread") if name in post
        )
        told.append(
            f"{times}“{post.get('text', '')}”{every}"
            + (f" ({', '.join(filter(None, (where, at)))})" if where or at else "")
        )
    return "; ".join(told) + (f" [as of {example['as_of']}]" if "as_of" in example else "")


@rules_command.command("test")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--cost",
    is_flag=True,
    help="Also measure what each rule costs, and refuse one whose time grows faster than the text (a second a rule).",
)
def test_command(*, paths: tuple[Path, ...], cost: bool) -> int:
    """Hold rules against their own examples: all rules, or those in PATHS (files or folders of rules).

    PATHS may be your own packs; they are then loaded on top of the shipped rules. Exit code 1: an example does not hold, or (with
    --cost) a rule is not linear.
    """
    from phiguard.packs import shipped
    from phiguard.proving import prove
    from phiguard.screener import Screener

    home = shipped().resolve()
    wanted = [path.resolve() for path in paths]
    own = tuple(path for path in wanted if not path.is_relative_to(home))
    screener = Screener(packs=own)
    places = screener.rules.places
    chosen = [rule for rule in screener.rules.rules if _is_in(places[rule.id], wanted, [home, *own])]
    if not (count := len(chosen)):
        raise Refusal("There are no rules in these files.")
    failures = prove(screener, [str(path) for path in wanted])
    for failure in failures:
        click.echo(f"{failure.file}:{failure.line}: {failure.rule}: {failure.field}: {failure.message}")
    if failures:
        rules = len({failure.rule for failure in failures})
        click.echo(f"{len(failures)} examples of {rules} rules do not hold (of {count} rules).")
    else:
        click.echo(f"All examples of {count} rules hold.")
    is_refused = cost and _is_costly(screener.rules, chosen)
    return Exit.FINDINGS if failures or is_refused else Exit.CLEAN


def _is_costly(rules: RuleSet, chosen: Sequence[Rule]) -> bool:
    """Tells what the rules ``chosen`` cost; whether one of them is not linear."""
    import sys

    from phiguard.costing import costs

    found: list[Cost] = []
    with click.progressbar(
        costs(rules, chosen),
        length=len(chosen),
        label="Measuring",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as measured:
        found += measured
    found.sort(key=lambda one: (-one.seconds, one.rule))
    shown = found[:_SHOWN]
    click.echo("\nSeconds of one core for a million characters, each rule alone, without the names pipeline:")
    wide = max(len(one.rule) for one in shown)
    for one in shown:
        click.echo(f"  {one.rule:<{wide}}  {one.seconds:7.2f}")
    if len(found) > _SHOWN:
        rest = sum(one.seconds for one in found[_SHOWN:])
        click.echo(f"  {f'the other {len(found) - _SHOWN:,}':<{wide}}  {rest:7.2f}")
    faults = [(one, fault) for one in sorted(found, key=lambda one: one.place) for fault in one.faults]
    for one, (field, message) in faults:
        click.echo(f"{one.place}: {one.rule}: {field}: {message}")
    if faults:
        refused = len({one.rule for one, _ in faults})
        click.echo(
            f"{refused} of {len(found)} rules are not linear in the text: a long post could hold up all others."
        )
    else:
        click.echo(f"The cost of {len(found)} rules grows with the text, and no faster.")
    return bool(faults)


def _is_in(place: str, wanted: list[Path], packs: list[Path]) -> bool:
    """Whether a rule at ``place`` stands in one of the files or folders ``wanted`` (in any, if there are none)."""
    name = place.rpartition(":")[0]  # from the folder that holds the pack
    files = [pack.parent / name for pack in packs]
    return not wanted or any(
        file.is_relative_to(path) and file.is_file() for file in files for path in wanted
    )


def _rules(packs: tuple[Path, ...]) -> RuleSet:
    from phiguard.cache import compiled

    return compiled(packs)[0]
