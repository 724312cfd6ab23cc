"""`phiguard reply`: replies that are safe to give."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from phiguard.cli import line, options
from phiguard.cli.complaints import Refusal, shown_path
from phiguard.cli.exits import Exit
from phiguard.model import Platform, Post

if TYPE_CHECKING:
    from phiguard.replying import Library, Offers, Replier

__all__ = ["reply_command"]


@click.command("reply", context_settings={"ignore_unknown_options": True})
@click.option(
    "--for",
    "situation",
    metavar="SITUATION|ROUTE",
    help="What to reply to: praise, complaint-billing, emergency, or a route such as clinical. --list shows all.",
)
@click.option(
    "--comment",
    metavar="-|FILE|TEXT",
    help="The comment to reply to: a file (text, or one post as JSON), standard input for `-`, or the words themselves.",
)
@options.platform
@click.option(
    "--key", default="", help="Decides which reply comes first (default: the id or the text of the comment)."
)
@click.option(
    "--last",
    multiple=True,
    metavar="NAME",
    help="A reply that was used last, such as praise/2. May be repeated.",
)
@click.option(
    "--most", type=click.IntRange(1, 50), default=3, show_default=True, help="How many replies to offer."
)
@click.option("--list", "is_list", is_flag=True, help="List the situations and the routes that they answer.")
@click.option("--check", "is_check", is_flag=True, help="Screen the profile's own replies.")
@options.profile
@options.pack
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How to write it.",
)
def reply_command(
    *,
    situation: str | None,
    comment: str | None,
    platform: Platform | None,
    key: str,
    last: tuple[str, ...],
    most: int,
    is_list: bool,
    is_check: bool,
    profile: Path | None,
    packs: tuple[Path, ...],
    form: str,
) -> int:
    """Offer replies for a comment or a situation: each one is screened before you see it.

    Replies are filled from the profile (`replies:`, `contacts:`), name no reviewer unless it allows that, and fit
    the platform. With --comment the situation is chosen by what the rules find in the comment, and each reply is
    screened as an answer to it. What is held back is told, with the reason.

    \b
    Examples:
      phiguard reply --for praise --platform x
      phiguard reply --for clinical
      phiguard reply --comment "Waited 3 hours, nobody said a word" --platform facebook
      phiguard reply --comment comment.json --last complaint-wait/2 --format json

    The exit code is 1 if there is no reply to offer. docs/replying.md tells how to add replies of your own.
    """  # noqa: D301  click reads the escape
    if is_list:
        return _list(profile, form)
    if situation is None and comment is None and not is_check:
        raise Refusal("Say what to reply to: --for praise, or --comment FILE. --list shows the situations.")
    post = None if comment is None else _comment(comment)
    replier = _replier(profile, packs)
    if is_check:
        return _check(replier)
    found = replier.offers(post, situation=situation, platform=platform, key=key, last=last, most=most)
    _write_json(found) if form == "json" else _write(found, platform)
    if found.unscreened:
        return Exit.NOT_SCREENED
    return Exit.CLEAN if found.offers else Exit.FINDINGS


def _replier(profile: Path | None, packs: tuple[Path, ...]) -> Replier:
    from phiguard.replying import Replier  # noqa: PLC0415  a command must start fast

    return Replier(screener=line.make_screener(profile, packs))


def _comment(given: str) -> Post:
    """The post that is answered."""
    if given == "-":
        content = sys.stdin.buffer.read()
    elif _is_file(given):
        try:
            content = Path(given).read_bytes()
        except OSError as error:
            raise Refusal(f"{shown_path(Path(given))}: cannot be read ({error.strerror}).") from None
    elif any(map(str.isspace, given)):
        return Post(text=given)
    else:
        raise Refusal("--comment names no file that there is. Words of a comment go in quotation marks.")
    if content.lstrip().startswith(b"{"):
        from phiguard.readers.decode import decode_post  # noqa: PLC0415

        post, fault, _ = decode_post(content.strip())
        if post is None:
            raise Refusal(f"The comment is no post: {fault}.")
        return post
    return Post(text=content.decode("utf-8", "surrogateescape").removeprefix("\ufeff").rstrip("\r\n"))


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except OSError:  # words that are too long for a name
        return False


# --- what is written -------------------------------------------------------------------------------------


def _write(found: Offers, platform: Platform | None) -> None:
    for name, advice in zip(found.situations, found.advice, strict=True):
        click.echo(f"{name}: {advice}")
    for text in _offered(found, platform):
        click.echo(text)
    if not found.offers:
        click.echo("\nNo reply can be offered: write one by hand, and screen it with --reply-to.")
    for held in found.withheld:
        rules = f": {', '.join(held.rules)}" if held.rules else ""
        click.echo(f"  held back  {held.key}  {held.reason}{rules}", err=True)
    for gap in found.unscreened:
        click.echo(f"  not screened  {gap.what}: {gap.reason}", err=True)
    rest = [name for name in found.situations if name not in {offer.situation for offer in found.offers}]
    if found.offers and rest:
        click.echo(f"Also: {', '.join(rest)}. Replies for it: --for {rest[0]}", err=True)


def _offered(found: Offers, platform: Platform | None) -> Iterator[str]:
    for offer in found.offers:
        fits = "" if platform else f", fits {_platforms(offer.platforms)}"
        yield f"\n{offer.key}  ({offer.characters} characters{fits})"
        yield textwrap.indent(offer.text, "  ")


def _platforms(names: tuple[Platform, ...]) -> str:
    from phiguard.platforms import PLATFORMS  # noqa: PLC0415

    missing = [name for name in PLATFORMS if name not in names]
    if not missing:
        return "every platform"
    return f"all but {', '.join(missing)}" if len(missing) < len(names) else ", ".join(names) or "none"


def _write_json(found: Offers) -> None:
    import msgspec  # noqa: PLC0415

    encoded = msgspec.json.Encoder(order="deterministic").encode(found)
    line.stdout().write(msgspec.json.format(encoded, indent=2) + b"\n")


def _list(profile: Path | None, form: str) -> int:
    from phiguard.profile import load_profile  # noqa: PLC0415
    from phiguard.replying import load_library  # noqa: PLC0415

    library = load_library(load_profile(profile))
    if form == "json":
        import msgspec  # noqa: PLC0415

        told = [
            {"id": one.id, "about": one.about, "advice": one.advice, "routes": one.routes, "rules": one.rules}
            for one in library.situations.values()
        ]
        line.stdout().write(msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")
        return Exit.CLEAN
    for text in _situations(library):
        click.echo(text)
    return Exit.CLEAN


def _situations(library: Library) -> Iterator[str]:
    wide = max(map(len, library.situations))
    for one in library.situations.values():
        count = len(library.templates[one.id])
        routes = f" (route {', '.join(one.routes)})" if one.routes else ""
        yield f"{one.id:<{wide}}  {count:>2} replies  {one.about}{routes}"


def _check(replier: Replier) -> int:
    own = sum(one.is_own for templates in replier.library.templates.values() for one in templates)
    faults = replier.faults()
    for fault in faults:
        rules = f": {', '.join(fault.rules)}" if fault.rules else ""
        click.echo(f"{fault.key}  {fault.reason}{rules}")
    if not own:
        click.echo("The profile has no replies of its own. docs/replying.md tells how to add them.")
    else:
        click.echo(f"{own - len(faults)} of {own} own replies can be offered.")
    return Exit.FINDINGS if faults else Exit.CLEAN
