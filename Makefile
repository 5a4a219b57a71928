# Everything runs from nothing: each target creates .venv and installs what it needs, once.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: demo install test test-all check format bench clean

demo: .venv/installed  ## the main job: a labelling campaign on handwritten digits
	$(BIN)/parley run quickstart

install: .venv/installed  ## .venv with the parley command

test: .venv/installed-test  ## the fast tests
	$(BIN)/python -m pytest --numprocesses=logical

test-all: .venv/installed-test  ## all tests, the slow ones too
	$(BIN)/python -m pytest --numprocesses=logical -m "" --hypothesis-profile=default

check: .venv/installed-dev  ## lint, format, types, and the rules of the house: the direction of imports above all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_house.py

format: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/installed-bench .venv-crowdkit/installed .venv-elders/installed  ## ratios against what people use today
	$(BIN)/python benchmarks/kernel.py
	$(BIN)/python benchmarks/week.py
	$(BIN)/python benchmarks/digits_loop.py
	$(BIN)/python benchmarks/log.py --events 1000000
	$(BIN)/python benchmarks/verify.py
	$(BIN)/python benchmarks/whatif.py
	$(BIN)/python benchmarks/aggregation.py
	$(BIN)/python benchmarks/calibration.py
	$(BIN)/python benchmarks/people.py
	$(BIN)/python -m benchmarks.negotiation
	$(BIN)/python benchmarks/contract_net.py
	$(BIN)/python benchmarks/scoring.py
	$(BIN)/python benchmarks/k_center.py
	$(BIN)/python -m benchmarks.selection_loop
	$(BIN)/python -m benchmarks.million
	$(BIN)/python -m benchmarks.elders
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python benchmarks/study.py
	$(BIN)/python -m benchmarks.watch

clean:
	rm -rf .venv .venv-crowdkit .venv-elders .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	$(PIP) install --editable .
	touch $@

.venv/installed-%: .venv/installed
	$(PIP) install --editable '.[$*]'
	touch $@

# crowd-kit needs older versions than Parley, so it is measured in an environment of its own.
.venv-crowdkit/installed: benchmarks/crowdkit.txt
	$(PYTHON) -m venv .venv-crowdkit
	.venv-crowdkit/bin/python -m pip --quiet --disable-pip-version-check install --requirement $<
	touch $@

# The elders of active learning need older versions than Parley; libact builds only without pip's isolation.
.venv-elders/installed: benchmarks/elders.txt
	$(PYTHON) -m venv .venv-elders
	.venv-elders/bin/python -m pip --quiet --disable-pip-version-check install --requirement $<
	LIBACT_BUILD_HINTSVM=0 LIBACT_BUILD_VARIANCE_REDUCTION=0 .venv-elders/bin/python -m pip --quiet \
		--disable-pip-version-check install --no-deps --no-build-isolation libact==0.1.6
	touch $@
