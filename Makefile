# Everything a person or CI does with a checkout. Needs Python 3.11 or later, make and the package registries;
# the rest is installed into .venv and node_modules, and with apt where that is possible (CCEZONE_NO_APT=1: never).

# A distribution's own Python comes first: it is built with profile-guided optimisation, which those that version managers compile
# are not, and the whole chain runs 15 % faster on it. `make run PYTHON=python3.13` chooses another, as long as .venv is not there.
PYTHON := $(shell for needs in "sys, ensurepip" sys; do \
	for name in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c "import $$needs; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && { echo $$name; exit; }; done; done)
BIN := .venv/bin
PYTHON_SOURCES := ccezone schemas integrations tests
# Processes that test at once; each starts a PostgreSQL of its own, and a browser when it comes to that.
PROCESSES := 2
TESTS = $(BIN)/pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder
# What Python compiled is kept, whatever the machine asks for: a hub's processes would each compile the whole source again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test check bench sequences contract setup setup-test format quality style
.DEFAULT_GOAL := help

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## Run the whole system with demo data (Ctrl-C stops it)
	$(BIN)/ccezone up --demo

test: setup-test style ## Run every check and every test
	$(BIN)/hadolint Dockerfile
	@echo "$(BIN)/mypy runs beside the tests; what it finds stands below what they find"; \
	found=$$(mktemp); trap 'kill $$types 2>/dev/null; rm -f "$$found"' EXIT; trap 'exit 130' INT TERM; \
	$(BIN)/mypy > "$$found" 2>&1 & types=$$!; \
	$(TESTS); tested=$$?; \
	wait $$types; typed=$$?; echo "mypy:"; cat "$$found"; \
	exit $$((tested || typed))

check: setup-test quality ## Check format, lint, types and import contracts only

bench: setup ## Measure the whole chain
	$(BIN)/ccezone bench pipeline

sequences: setup-test ## Try the ledgers with thousands of random sequences of events
	HYPOTHESIS_PROFILE=long $(BIN)/pytest -q --timeout 7200 tests/*/test_sequences*.py

contract: setup-test ## Try the API with thousands of generated requests
	$(BIN)/python -m tests.api.contract

setup: require-python ## Install what running needs
	@$(PYTHON) -m ccezone.setup run

setup-test: require-python
	@$(PYTHON) -m ccezone.setup test

quality: style
	$(BIN)/mypy

style:
	$(BIN)/ruff format --check $(PYTHON_SOURCES)
	$(BIN)/ruff check $(PYTHON_SOURCES)
	$(BIN)/lint-imports

format: setup-test ## Format the source and mend what the linter can
	$(BIN)/ruff check --fix $(PYTHON_SOURCES)
	$(BIN)/ruff format $(PYTHON_SOURCES)

.PHONY: require-python
require-python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed (Debian: apt-get install python3 python3-venv)" >&2; exit 1; }
