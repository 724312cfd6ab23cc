"""Adapters outward: nothing of phiguard imports them."""
