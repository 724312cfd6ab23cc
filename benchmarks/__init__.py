"""Measurements of phiguard. Each ``python -m benchmarks.bench_<name>`` prints a table and writes a JSON file."""
