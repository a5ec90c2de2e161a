# Two commands matter: `make run` and `make test`. Both need only Python >= 3.11 (with venv) and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run install test quick coverage mutants lock migration clean

run: .venv/run.stamp
	@exec $(BIN)/qianqi up

install: .venv/run.stamp  ## what `make run` installs, without starting it

test: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/python -m pytest -n 2 --dist loadscope

quick: .venv/dev.stamp  ## what to run before each commit: all but the browser
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/vulture
	$(BIN)/python -m pytest -q -m "not browser"

coverage: .venv/dev.stamp  ## branch coverage of all tests; the last lines are what docs/quality.md shows
	$(BIN)/python -m pytest -q -n 2 --dist loadscope --cov --cov-branch --cov-report=term:skip-covered

mutants: .venv/dev.stamp  ## change the rules one spot at a time and see whether a test notices: docs/quality.md
	$(BIN)/mutmut run --max-children 1
	$(BIN)/mutmut results

lock: .venv/dev.stamp  ## renew both lock files; they carry hashes and no address
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-header --no-strip-extras --generate-hashes pyproject.toml build.in -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-header --no-strip-extras --generate-hashes --extra dev pyproject.toml build.in -o requirements-dev.lock

migration: .venv/dev.stamp  ## write a migration from the models: make migration m="add a column"
	$(BIN)/python -m core.migrate "$(m)"

# pip comes last: an environment that failed for want of Debian's python3-venv has a python and no pip, and is made anew.
.venv/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Qianqi needs Python 3.11 or newer")'
	$(PYTHON) -m venv --clear .venv

.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/pip
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements-dev.lock pyproject.toml | .venv/bin/pip
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .venv/run.stamp

clean:
	rm -rf .venv mutants .mypy_cache .ruff_cache .pytest_cache
