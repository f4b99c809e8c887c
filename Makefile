# What a developer or a curious office types. `make help` prints itself from the `##` remarks below.
# Nothing here needs root, Docker, Redis, PostgreSQL or a compiler: only CPython 3.11 to 3.13 with venv, and make.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test test-slow lint bench clean

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
PORT ?= 8000
DATA ?= demo-data
WORKERS ?= 2
# A third of the slow suite is waiting for a browser, a server, a mail: on two cores three do it sooner.
SLOW_WORKERS ?= 3
ARGS ?=

FIND_PYTHON = for p in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	"$$p" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& { echo "$$p"; break; }; done
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --prefer-binary

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

$(BIN)/python:
	@p=$$($(FIND_PYTHON)); \
	if [ -z "$$p" ]; then \
		echo "No Python 3.11, 3.12 or 3.13 with venv was found. Install one (Debian: apt install python3-venv)," >&2; \
		echo "or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$p"; "$$p" -m venv $(VENV)

$(VENV)/.installed-run: requirements/run.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@echo "Installing what it runs on (versions and hashes from requirements/run.txt)"
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --require-hashes -r requirements/build.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements/dev.txt $(VENV)/.installed-run
	@echo "Installing what the tests need (versions and hashes from requirements/dev.txt)"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

install: $(VENV)/.installed-run ## make .venv with what is needed to run
	@echo "Installed in $(VENV). Next: make run"

run: $(VENV)/.installed-run ## start the demo on 127.0.0.1 (PORT=8000, DATA=demo-data); Ctrl-C stops it
	@$(BIN)/delegations demo --data $(DATA) --port $(PORT)

test: $(VENV)/.installed-dev ## the tests of every day, PostgreSQL and Redis included (ARGS="-k visas")
	@$(BIN)/python -m pytest -n $(WORKERS) -m "not slow and not browser" -rs $(ARGS)

test-slow: $(VENV)/.installed-dev ## kill tests, Schemathesis, browser, validators, simulations
	@$(BIN)/python -m pytest -n $(SLOW_WORKERS) --dist worksteal -m "slow or browser" -rs $(ARGS)

lint: $(VENV)/.installed-dev ## ruff, mypy --strict, the floors (import-linter), templates and translations
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@PYTHONPATH=. $(BIN)/lint-imports
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/python -m pytest tests/structure/test_templates.py tests/structure/test_translations.py

$(VENV)/.installed-bench: requirements/bench.txt $(VENV)/.installed-dev
	@echo "Installing the peer that papers are measured against (versions and hashes from requirements/bench.txt)"
	@$(PIP) --require-hashes -r requirements/bench.txt
	@touch $@

bench: $(VENV)/.installed-bench ## measure queries, pages, a step, a mail and papers; prints a table (ARGS="--only papers")
	@$(BIN)/python -m tests.benchmarks $(ARGS)

clean: ## remove .venv, caches and the demo's data (never ./data)
	rm -rf $(VENV) $(DATA) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
	find workflow tasks tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +
