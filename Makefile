# `make lab` opens the course, `make test` runs every check, `make bench` measures; each first sets up what is missing.
# Needed beforehand: Python 3.11 or newer, git, make. Choose an interpreter with `make lab PYTHON=/path/to/python`.

ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python, \
            $(shell $(name) -c '$(ENOUGH)' >/dev/null 2>&1 && echo $(name))))
BIN    := .venv/bin
READY  := .venv/.ready
BENCH  := build/bench

.PHONY: help lab test soak faults bench bench-browser screenshots clean
.DEFAULT_GOAL := help

help:                   ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /make \1	/p' Makefile

lab: $(READY)           ## open the course in JupyterLab (FOLDER=course)
	@$(BIN)/secondsource lab "$(or $(FOLDER),course)"

test: $(READY)          ## every check: style, types, units, browser, notebooks, a real JupyterLab
	@$(BIN)/python tools/system.py browser node
	@$(BIN)/python tools/checks.py

soak: $(READY)          ## kill programs while they save, 2,000 times (minutes; OPTIONS=--rounds=200 for a look)
	@PYTHONPATH=tests $(BIN)/python tools/soak.py $(OPTIONS)

faults: $(READY)        ## stopped, busy and cut-off kernels, lost tabs and browsers, in a real JupyterLab
	@$(BIN)/python tools/system.py browser
	@$(BIN)/python -m pytest -q tests/lab/test_faults.py

bench: $(BENCH)/.ready  ## our speed beside other libraries' (minutes; OPTIONS=--quick for a look)
	@PYTHONPATH=src $(BENCH)/bin/python benchmarks/run.py $(OPTIONS)

bench-browser: $(READY) ## our widgets' speed beside other tools' in Chromium (minutes; OPTIONS=--quick for a look)
	@$(BIN)/python tools/system.py browser node
	@PYTHONPATH=src:tools $(BIN)/python benchmarks/browser/run.py $(OPTIONS)

screenshots: $(READY)   ## the pictures of the README, from the running widgets
	@$(BIN)/python tools/system.py browser
	@PYTHONPATH=tests $(BIN)/python tools/screenshots.py

clean:                  ## remove what these commands made; the course folder stays
	rm -rf .venv build dist htmlcov .coverage* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# $(call environment,FOLDER,LOCK) makes an environment of exactly what LOCK names. `touch` comes last: a set-up that
# broke off is done again.
define environment
@"$(PYTHON)" -c '$(ENOUGH)' 2>/dev/null || \
  { echo "secondsource needs Python 3.11 or newer; $(or $(PYTHON),no Python of that age) was found." \
         "Name another: make $(or $(MAKECMDGOALS),lab) PYTHON=/path/to/python3.12" >&2; exit 1; }
@if command -v uv >/dev/null; then set -ex; \
  uv venv -q --clear --python "$(PYTHON)" $(1); \
  uv pip sync -q --require-hashes --compile-bytecode --python $(1)/bin/python $(2); \
else \
  "$(PYTHON)" tools/system.py venv; set -ex; \
  "$(PYTHON)" -m venv --clear $(1); \
  $(1)/bin/python -m pip install -q --disable-pip-version-check --use-pep517 --require-hashes -r $(2); \
fi
endef

$(READY): requirements.lock pyproject.toml
	$(call environment,.venv,requirements.lock)
	@if command -v uv >/dev/null; then \
	  uv pip install -q --no-deps --no-build-isolation --python $(BIN)/python -e .; \
	else \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@touch $@

$(BENCH)/.ready: benchmarks/requirements.lock
	$(call environment,$(BENCH),benchmarks/requirements.lock)
	@touch $@
