"""Posts about patients that never were."""
