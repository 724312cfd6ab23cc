# phiguard: the commands of a fresh checkout. Needs python3 (3.10 to 3.13), make and git; the rest is installed into .venv.
#   make demo   scan a hospital's month of posts and comments and show the summary
#   make test   everything that CI runs; the last line is pytest's own
#   make bench  the figures of docs/benchmarks.md (DATA=folder of the third-party data, if there is one)
#   make model  train the names pipeline again (DATA=...; about half an hour)

PYTHON ?= python3
VENV   ?= .venv
DATA   ?= ../shared/data

BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
WHEELS := $(VENV)/wheels
SHELL  := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

.PHONY: help demo test lint types rules suite bench model constraints clean
.DELETE_ON_ERROR:

help:
	@sed -n '2,5s/^#   //p' Makefile

# --- The virtual environment, made once and again when the requirements change -------------------------

$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13) and "phiguard needs Python 3.10 to 3.13; name one: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	touch $@

# Every wheel once: the virtual environment and the bare one of tests/test_wheel.py install from this
# folder, without network.
$(VENV)/.wheels: $(VENV)/.made pyproject.toml constraints.txt
	rm -rf $(WHEELS)
	$(PIP) wheel --quiet --constraint constraints.txt --wheel-dir $(WHEELS) ".[dev]"
	rm -rf $(WHEELS)/phiguard-*.whl build
	touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.wheels
	$(PIP) install --quiet --no-index --find-links $(WHEELS) --upgrade setuptools
	$(PIP) install --quiet --no-index --find-links $(WHEELS) --no-build-isolation --editable ".[dev]"
	touch $@ $(VENV)/.installed

# Spark's package is its source (450 MB), Ray's a large wheel: installed once, beside the wheels of all else.
$(VENV)/.cluster: $(VENV)/.dev
	$(PIP) install --quiet --constraint constraints.txt --editable ".[spark,ray]"
	touch $@

# --- Commands ------------------------------------------------------------------------------------------

# Findings are what a demo is for: exit status 1 (findings) and 3 (something not screened) are no failure.
demo: $(VENV)/.installed
	@status=0; $(BIN)/phiguard scan corpora/demo.jsonl --profile corpora/demo-profile.yaml || status=$$?; \
	case $$status in 0|1|3) ;; *) exit $$status ;; esac

test: lint types rules suite

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

rules: $(VENV)/.dev
	$(BIN)/phiguard rules test

# Spark needs Java 17; without it, or without Ray, their tests are skipped, and CI fails then (PHIGUARD_TESTS_COMPLETE=1).
suite: $(VENV)/.dev $(VENV)/.cluster
	PHIGUARD_WHEELS=$(abspath $(WHEELS)) $(BIN)/python -m pytest

bench: $(VENV)/.dev
	for name in screen startup adversarial growth quality rules names presidio scan peers memory; do $(BIN)/python -m benchmarks.bench_$$name --data $(DATA); done
	$(BIN)/python -m benchmarks.score
	$(BIN)/python -m benchmarks.tables

# The names pipeline in src/phiguard/entities/model, from the sets below DATA and from generated sentences; the same for the same
# versions and seeds. A few minutes on one core.
NAMES := build/names

model: $(VENV)/.dev
	$(PIP) install --quiet --constraint constraints.txt --editable ".[train]"
	mkdir -p $(NAMES)
	$(BIN)/python -m corpora.names.gazetteer $(DATA) $(NAMES)/gazetteer.bin
	$(BIN)/python -m corpora.names.generate $(NAMES)/sentences.jsonl
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m phiguard.entities.train --data $(DATA) --generated-file $(NAMES)/sentences.jsonl \
	  --gazetteer $(NAMES)/gazetteer.bin

constraints: $(VENV)/.made
	$(BIN)/python .ci/constraints.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis src/*.egg-info
