"""What can go wrong, in four classes. No message ever holds what a user typed as text."""

from __future__ import annotations

__all__ = ["InputError", "PhiguardError", "ProfileError", "RuleError"]


class PhiguardError(Exception):
    """The root: catch this to catch everything that phiguard raises on purpose."""


class RuleError(PhiguardError):
    """A rule pack cannot be used. Names file, rule and field for every fault found."""

    def __init__(self, faults: tuple[str, ...] | list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)  # the constructor's own arguments, so that it pickles

    def __str__(self) -> str:
        count = len(self.faults)
        head = f"{count} fault{'s' if count != 1 else ''} in the rules:"
        return "\n".join([head, *(f"  {fault}" for fault in self.faults)])


class ProfileError(PhiguardError):
    """A profile (phiguard.yaml) cannot be used. Names file, line and field."""


class InputError(PhiguardError):
    """A record cannot be read as a post. Names the position and the field, never the value."""
