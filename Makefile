# Needs python3 >= 3.11 with venv and pip; everything else goes into .venv.
.PHONY: demo test check docs bench bench-check fuzz help
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

help:
	@echo 'make demo   install into .venv and run the main job, end to end'
	@echo 'make test   the tests'
	@echo 'make check  formatting, lint, types, layers, sizes, tests: what CI runs'
	@echo 'make docs   the documentation, into site/'
	@echo 'make bench  the benchmarks'
	@echo 'make bench-check  what proof-reading is worth: mutants, false alarms, time; half an hour or so'
	@echo 'make fuzz   random expressions against the prover, and every mistake in every row; an hour or so'

# The stamps live inside .venv, so that removing the folder is enough to start anew.
$(BIN)/python:
	@python=$$(sh scripts/find_python.sh) && echo "$$python -m venv $(VENV)" && "$$python" -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo 'installing into $(VENV), which takes about half a minute'
	@$(PIP) install --quiet --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo 'installing into $(VENV), with the tools of the tests'
	@$(PIP) install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: pyproject.toml | $(BIN)/python
	@echo 'installing into $(VENV), with what the benchmarks compare with'
	@$(PIP) install --quiet --editable '.[bench]'
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed
	$(BIN)/gradproof demo

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/check_sizes.py
	@$(MAKE) --no-print-directory test

docs: $(VENV)/.installed-dev
	$(BIN)/mkdocs build --strict --quiet --site-dir site
	@echo 'docs: site/index.html'

bench: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.lowering
	$(BIN)/python -m benchmarks.beside
	$(BIN)/python -m benchmarks.learners
	$(BIN)/python -m benchmarks.streaming
	$(BIN)/python -m benchmarks.checkers

bench-check: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.checking

fuzz: $(VENV)/.installed-dev
	GRADPROOF_FUZZ=3000 $(BIN)/python -m pytest tests/derive/calculus/test_random.py tests/derive/test_random_models.py
	$(BIN)/python -m benchmarks.mistakes
