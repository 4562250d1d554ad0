# make run: serve the demonstration school. make test: run every test, browser journeys included.
# make bench: measure, for hours (OPTIONS="--sizes 60x2 --seeds 1" for less).
# Each makes its environment in .venv first, with the versions of constraints.txt.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: run test lint bench clean

run: .venv/for-run
	$(BIN)/python app.py

test: .venv/for-test lint
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: .venv/for-test
	$(BIN)/ruff check .

bench: .venv/for-bench
	$(BIN)/python -m tests.benchmarks $(OPTIONS)

clean:
	rm -rf .venv

.venv/for-run: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "APdash demande Python 3.11 ou plus récent (ici : %s). Essayez : make PYTHON=python3.11" % sys.version.split()[0])'
	$(PYTHON) -m venv .venv
	$(INSTALL) -e .
	touch $@

.venv/for-test: .venv/for-run
	$(INSTALL) -e '.[test]'
	touch $@

.venv/for-bench: .venv/for-test
	$(INSTALL) -e '.[bench]'
	touch $@
