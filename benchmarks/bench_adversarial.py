"""The worst a short string can do when a 2,000-character comment repeats it."""

from __future__ import annotations

import gc
import itertools
import random
import statistics
import time

from benchmarks.report import arguments, publish
from phiguard import Post, Screener, load_rules
from phiguard.indexing import build_index

LENGTH = 2000
TRIES = 3

BY_HAND = (
    "a", " ", ".", "-", "1", "5 ", "\n", "#", "@", "'", '"', "’", "(", "))", "<", "&", "/", "\\", "[at]", "(dot)",
    "no ", "not ", "you ", "your ", "we ", "the ", "but ", "; ", "! ", "? ", "A", "Aa", "AB ", "I ", "a.", "a ", "a-",
    "c u r e ", "c.u.r.e. ", "cure ", "cures ", "no cure ", "not cure but ", "cure diabetes ", "cure d1abetes ",
    "d1abetes ", "0", "0 ", "3 ", "five ", "five five five ", "one two three ", "2 1 9 ", "219-09-9999 ",
    "219 09 9999", "(212) 555-0147 ", "555-0147", "+1 ", "a@b.co ", "a at b dot com ", "http://a.b/ ", "1.2.3.4 ",
    "::1 ", "1:", "a:", "MRN ", "MRN 1 ", "DOB 1/1/11 ", "94-year-old ", "1931 ", "#a", "#aa", "#curecancer",
    "#CureCancer", "#cancercure ", "#noSideEffects", "thank you for ", "thank you for choosing us ", "our patient ",
    "my patient ", "patient ", "she ", "he was treated ", "guarantee ", "we guarantee ", "best ", "the best doctor ",
    "#1 ", "FDA approved ", "FDA ", "clinically proven ", "studies show ", "lose 10 lb a week ", "without diet ",
    "is it normal ", "should i take ", "i want to die ", "chest pain ", "lawyer ", "sue ", "#ad ", "ad ", "100% safe ",
    "\u200b", "c\u200bu\u200br\u200be ", "\u00ad", "\u0301", "e\u0301", "a\u0301\u0301\u0301", "с", "сure ", "𝓬", "𝓬𝓾𝓻𝓮 ",
    "Ｃ", "ｃｕｒｅ ", "①", "1️⃣", "5️⃣5️⃣", "😀", "👩‍⚕️", "❤️", "✅ ", "🏥 a ", "é", "ß", "ŀ", "İ", "ﬁ", "ﷺ", "中", "ا", "\u202e", "\ud800",
    "\x00", "\u2028", "Ⅷ", "½", "²", "™", "@@", "##", "# ", "@ ", "!!!", "???", "...", "…", "——", "~", "*", "**a** ", "_a_ ",
)  # fmt: skip


def strings(count: int) -> list[str]:
    """The strings above, pairs of characters, and words of the shipped terms alone and joined; seeded."""
    chance = random.Random(7)
    words = build_index(load_rules()).words
    alphabet = "ab1 .-'#@\u200bс😀é"
    pairs = ["".join(pair) for pair in itertools.product(alphabet, repeat=2)]
    singles = [f"{word} " for word in chance.sample(words, min(count, len(words)))]
    joined = [f"{chance.choice(words)} {chance.choice(words)} " for _ in range(count)]
    spaced = [" ".join(word) + " " for word in chance.sample(words, min(60, len(words)))]
    tags = [f"#{chance.choice(words)}{chance.choice(words)} " for _ in range(60)]
    return list(dict.fromkeys([*BY_HAND, *pairs, *singles, *joined, *spaced, *tags]))


def main() -> None:
    """Measure and publish."""
    parser = arguments(__doc__ or "")
    parser.add_argument(
        "--words", type=int, default=150, help="how many of the terms' words to try, alone and in pairs"
    )
    options = parser.parse_args()
    screener = Screener()
    clock = time.perf_counter_ns
    worst: list[tuple[float, str, str]] = []
    tried = strings(options.words)
    for direction in ("outbound_post", "inbound_comment"):
        for text in tried:
            post = Post(text=(text * LENGTH)[:LENGTH], direction=direction)
            times = []
            for _ in range(TRIES):
                gc.collect(0)
                start = clock()
                screener.screen(post)
                times.append((clock() - start) / 1e6)
            worst.append((min(times), text, direction))
    worst.sort(reverse=True)
    figures = {
        "strings": len(tried),
        "characters": LENGTH,
        "milliseconds_median": round(statistics.median(time for time, _, _ in worst), 2),
        "milliseconds_worst": round(worst[0][0], 2),
        "over_10_milliseconds": sum(time > 10 for time, _, _ in worst),
        "worst_strings": [
            {"repeated": ascii(text), "direction": direction, "milliseconds": round(time, 2)}
            for time, text, direction in worst[:15]
        ],
    }
    rows = [
        (
            "strings tried",
            f"{len(tried)}, each repeated to {LENGTH:,} characters, as a post and as a comment",
        ),
        ("median", f"{figures['milliseconds_median']} ms"),
        ("worst (best of 3 tries)", f"{worst[0][0]:.2f} ms"),
        ("over 10 ms", str(figures["over_10_milliseconds"])),
        *((f"  {ascii(text)[:40]}", f"{time:.2f} ms ({direction})") for time, text, direction in worst[:8]),
    ]
    publish("adversarial", figures, rows, out=options.out)


if __name__ == "__main__":
    main()
