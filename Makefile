# Everything runs from .venv, which these targets make with python3 alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST_ARGS ?=
PROCESSES ?= 1
PARALLEL := $(if $(filter-out 1,$(PROCESSES)),-n $(PROCESSES) --dist loadgroup --no-loadscope-reorder)

.DEFAULT_GOAL := help
.PHONY: help run test test-fast coverage test-client-8 lint types contracts check quality wheel clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.runtime: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(PIP) install --upgrade pip
	$(PIP) install -c constraints.txt --group dev
	@touch $@

run: $(VENV)/.runtime ## Show what Vigie does: a recorded news site through the real pipeline
	@$(BIN)/vigie demo $(ARGS)

test: $(VENV)/.dev ## Run all tests, real services included; PROCESSES=2 for two at a time
	$(BIN)/python -m pytest $(PARALLEL) $(PYTEST_ARGS)

coverage: $(VENV)/.dev ## The same with branch coverage, which doubles the processor time
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered $(PYTEST_ARGS)

$(VENV)/client-8: $(VENV)/.dev
	$(PIP) install --no-deps --target $@ "elasticsearch>=8.19,<9" "elastic-transport>=8.15,<9"
	@touch $@

test-client-8: $(VENV)/client-8 ## Run the index contract on Elasticsearch with its 8.19 client
	PYTHONPATH=$(CURDIR)/$(VENV)/client-8 $(BIN)/python -c "import elasticsearch as e; assert e.VERSION[0] == 8"
	PYTHONPATH=$(CURDIR)/$(VENV)/client-8 $(BIN)/python -m pytest -k elastic \
		tests/index/test_contract.py tests/index/test_search_contract.py $(PYTEST_ARGS)

test-fast: $(VENV)/.dev ## Run the tests that need no service and little time
	$(BIN)/python -m pytest -m "not service and not slow" $(PYTEST_ARGS)

lint: $(VENV)/.dev ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## Check types
	$(BIN)/mypy

contracts: $(VENV)/.dev ## Check who may import whom
	$(BIN)/lint-imports

check: lint types contracts test test-client-8 ## Everything CI checks but the demo and the wheel

quality: $(VENV)/.dev ## Score detection, times, claims and stories on the labelled data
	$(BIN)/python tools/quality.py

wheel: $(VENV)/.dev ## Build the wheel into dist/
	rm -rf dist
	$(PIP) wheel --no-deps --wheel-dir dist .

clean: ## Remove what the targets made, but not the index
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .coverage
