"""Bars for the documentation: an SVG file, the same bytes for the same figures."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

__all__ = ["bars"]


def bars(groups: Mapping[str, Mapping[str, float]], *, unit: str, path: Path) -> None:
    """One panel a group and one bar a name, on a logarithmic axis; nothing but a message if matplotlib is missing."""
    if not find_spec("matplotlib"):
        print("matplotlib is not installed: no plot (pip install 'phiguard[bench]')", file=sys.stderr)
        return
    import matplotlib as mpl  # noqa: PLC0415 (an extra, and slow to import)

    mpl.use("svg")
    mpl.rcParams.update(
        {"svg.hashsalt": "phiguard", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9}
    )
    from matplotlib import pyplot as plt  # noqa: PLC0415 (after the backend is chosen)

    least = min(min(values.values()) for values in groups.values())
    most = max(max(values.values()) for values in groups.values())
    rows = max(map(len, groups.values()))
    figure, panels = plt.subplots(
        1,
        len(groups),
        figsize=(5.2 * len(groups), 0.34 * rows + 1.1),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    for panel, (title, values) in zip(panels[0], groups.items(), strict=True):
        names = sorted(values, key=values.__getitem__)
        drawn = panel.barh(
            names,
            [values[name] for name in names],
            color=["#b5482f" if name == "phiguard" else "#8a97a3" for name in names],
        )
        panel.bar_label(drawn, [f" {values[name]:,.0f}" for name in names], padding=2)
        panel.set_xscale("log")
        panel.set_xlim(least / 3, most * 6)
        panel.set_title(title, loc="left")
        panel.set_xlabel(unit)
        panel.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    print(f"  plot written to {path}", file=sys.stderr)
