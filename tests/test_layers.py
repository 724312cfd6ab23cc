"""Imports go down only: the floors of docs/design.md, read from the source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"

# From the ground up. A module may import what stands on a lower floor, and its own folder. A folder's name stands
# for all modules in it that have no floor of their own.
FLOORS = (
    "errors model placeholders entities.base checks_dates checks_words titles hours keys own_values reading rewrites trie yaml_source",
    "text platforms checks gates arrow_schema pumping protected",
    "disguise lettering terms engine",
    "kinds.view",
    "kinds.base",
    "kinds",
    "packs profile_sections entities house",
    "house_rules",
    "rules profile",
    "parts products",
    "index",
    "indexing",
    "cache scan",
    "context crisis adverse",
    "policy",
    "plan known series",
    "identifying",
    "screener",
    "readers proving redaction replying",
    "writers hook costing fixing",
    "arrow",
    "batch importers",
    "cli extra",
    "phiguard",
)


def modules() -> dict[str, Path]:
    """Module name, as imported, to file."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports_of(name: str) -> set[str]:
    """The modules of this package that ``name`` imports anywhere, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from phiguard.kinds import near` names a module, `from phiguard.kinds import AnyRule` does not
            found |= {
                inner if (inner := f"{node.module}.{alias.name}") in MODULES else node.module
                for alias in node.names
            }
    return {target for target in found if target in MODULES and target != name}


def floor_of(name: str) -> int | None:
    """The floor of a module; ``None`` when the table does not name it."""
    short = name.removeprefix("phiguard").removeprefix(".")
    table = {key: floor for floor, names in enumerate(FLOORS) for key in names.split()}
    if short in {"", "__main__"}:
        return table["phiguard"]
    while short:
        if short in table:
            return table[short]
        short = short.rpartition(".")[0]
    return None


def is_same_package(one: str, other: str) -> bool:
    """Whether both are modules of one folder below phiguard, as ``readers`` and ``readers.jsonl`` are."""
    first, second = (name.split(".") for name in (one, other))
    return len(first) > 1 and len(second) > 1 and first[1] == second[1]


def test_every_module_has_a_floor() -> None:
    assert [name for name in MODULES if floor_of(name) is None] == []


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_down(name: str) -> None:
    own = floor_of(name)
    assert own is not None
    wrong = [
        target
        for target in sorted(imports_of(name))
        if (floor := floor_of(target)) is not None and floor >= own and not is_same_package(name, target)
    ]
    assert wrong == [], f"{name} (floor {own}) imports {wrong}"


def test_there_is_no_import_cycle() -> None:
    graph = {name: imports_of(name) for name in MODULES}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path, name))
        if name not in done:
            for target in graph[name]:
                visit(target, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_nothing_imports_the_adapters() -> None:
    outside = [name for name in MODULES if not name.startswith("phiguard.extra")]
    assert [name for name in outside if any(".extra" in target for target in imports_of(name))] == []


def test_no_module_is_longer_than_400_lines() -> None:
    long = {
        name: count for name, path in MODULES.items() if (count := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_no_module_has_an_empty_name() -> None:
    vague = {"util", "utils", "helpers", "helper", "common", "manager", "misc"}
    assert [name for name in MODULES if vague & set(name.split("."))] == []
