"""``python -m phiguard``: the command line."""

from __future__ import annotations

from phiguard.cli import main

if __name__ == "__main__":
    main()
