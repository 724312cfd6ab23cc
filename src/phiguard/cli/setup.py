"""`phiguard init` and `phiguard doctor`: the first profile, and what works here."""

# ruff: noqa: PLC0415  imported when needed: a command must start fast

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

import click
import msgspec

from phiguard.cli import line
from phiguard.cli.complaints import Refusal, shown_path
from phiguard.cli.exits import Exit
from phiguard.errors import PhiguardError
from phiguard.profile import PRESETS, brand_starter, find_profile, load_profile, preset

__all__ = ["doctor_command", "init_command"]


@click.command("init")
@click.option(
    "--preset",
    "name",
    type=click.Choice(PRESETS),
    default="practice",
    show_default=True,
    help="The kind of organization.",
)
@click.option("--brand", is_flag=True, help="Write a house style (brand.yaml) instead: words, names, tone.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it.  [default: phiguard.yaml; with --brand, brand.yaml]",
)
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
def init_command(*, name: str, brand: bool, output: Path | None, force: bool) -> int:
    """Write a commented profile for your kind of organization: fill in names, addresses, products, consents.

    With --brand, write a commented house style instead: the words that you use and those that you don't, how
    names are spelled, how hard a post may be to read. docs/brand.md shows how to fill it in, in ten minutes.
    """
    content = brand_starter() if brand else preset(name)
    output = output or Path("brand.yaml" if brand else "phiguard.yaml")
    try:
        with output.open("w" if force else "x", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        raise Refusal(f"{shown_path(output)} is there already. Use --force to overwrite it.") from None
    except OSError as error:
        raise Refusal(f"{shown_path(output)}: cannot be written ({error.strerror}).") from None
    if brand:
        click.echo(f"Wrote {shown_path(output)}. Edit it, then: phiguard rules test {shown_path(output)}")
        click.echo(f"To use it for every post, write into phiguard.yaml:  brand: {output.name}")
    else:
        click.echo(f"Wrote {shown_path(output)} (preset {name}). Edit it, then: phiguard doctor")
    return Exit.CLEAN


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at. ``fix`` says what to do if it is not right."""

    name: str
    state: str
    fix: str = ""
    is_needed: bool = True


@click.command("doctor")
def doctor_command() -> int:
    """Say which versions, rules, profile and cache are in use, and how to fix what is missing.

    Exit code 0 if phiguard can screen, 2 if something that it needs is missing.
    """
    broken = False
    for check in _checks():
        mark = "ok " if not check.fix else "FIX" if check.is_needed else "-- "
        click.echo(f"{mark}  {check.name:<22}{check.state}")
        if check.fix:
            click.echo(f"     {'':<22}{check.fix}")
        broken = broken or bool(check.fix and check.is_needed)
    return Exit.USAGE if broken else Exit.CLEAN


def _checks() -> Iterator[Check]:
    yield Check("phiguard", line.version())
    supported = (3, 10) <= sys.version_info[:2] <= (3, 13)
    yield Check("Python", platform.python_version(), "" if supported else "Use Python 3.10 to 3.13.")
    for name in ("msgspec", "google-re2", "PyYAML", "regex", "click", "rich"):
        yield _package(name)
    for name in ("spacy", "presidio-analyzer", "presidio-anonymizer"):
        yield _package(name, what_for="names of persons and redaction")
    yield _c_loader()
    yield from map(_tried, (_rules, _profile, _screening))
    yield _cache()


def _package(name: str, *, what_for: str = "") -> Check:
    try:
        return Check(name, installed(name))
    except PackageNotFoundError:
        told = f"missing (needed for {what_for})" if what_for else "missing"
        return Check(name, told, f"pip install {name}", is_needed=not what_for)


def _c_loader() -> Check:
    import yaml

    if yaml.__with_libyaml__:
        return Check("YAML loader", "C")
    fix = "Install PyYAML from its wheel (pip install --only-binary :all: PyYAML): rules load 8 times faster."
    return Check("YAML loader", "Python only, slow", fix, is_needed=False)


def _tried(check: Callable[[], Check]) -> Check:
    name = check.__name__.strip("_")
    try:
        return check()
    except PhiguardError as error:
        first, *rest = str(error).splitlines()
        shown = [*rest[:5], *(["  …"] if len(rest) > 5 else [])]
        return Check(name, first, "\n".join(["Correct it:", *shown]))
    except Exception as error:  # noqa: BLE001  a broken installation may raise anything
        return Check(
            name,
            f"fails with {type(error).__name__}",
            "Install phiguard again: pip install --force-reinstall phiguard",
        )


def _rules() -> Check:
    from phiguard.packs import shipped
    from phiguard.rules import load_rules

    rules = load_rules()
    return Check("rules", f"{len(rules.rules)} from {shipped()} (digest {rules.digest[:12]})")


def _profile() -> Check:
    path = find_profile(Path())
    if path is None:
        return Check(
            "profile",
            "none found from here upwards: safe defaults",
            "phiguard init --preset practice",
            is_needed=False,
        )
    profile = load_profile(path)
    from phiguard.policy import unknown_rules
    from phiguard.rules import load_rules

    unknown = unknown_rules(profile, [rule.id for rule in load_rules(profile.packs).rules])
    if unknown:
        return Check("profile", str(path), f"It names rules that do not exist: {', '.join(unknown)}")
    return Check("profile", str(path))


def _screening() -> Check:
    from phiguard.screener import Screener

    screening = Screener().screen("Flu shots are here.")
    if screening.complete:
        return Check("screening", "works")
    gap = screening.unscreened[0]
    return Check(
        "screening", f"incomplete: {gap.what} {gap.reason}", "Install phiguard again, or correct your rules."
    )


def _cache() -> Check:
    from phiguard.cache import cache_folder

    folder = cache_folder()
    if folder is None:
        named = os.environ.get("PHIGUARD_CACHE_DIR")
        fix = (
            "Unset PHIGUARD_CACHE_DIR."
            if named == ""
            else "Let PHIGUARD_CACHE_DIR name a folder that only you can open (mode 0700)."
        )
        return Check("cache", "off: every start compiles the rules", fix, is_needed=False)
    packs = list(folder.glob("*.pack"))
    size = sum(pack.stat().st_size for pack in packs) / 1e6
    return Check("cache", f"{folder} ({len(packs)} packs, {size:.1f} MB)")
