# Every target sets up what it needs. Only Python 3.11, make and git are assumed.
PYTHON ?= python3.11
BIN := .venv/bin
PORT ?= 8000
UV := $(BIN)/uv
# A file's tests share what they make, so they stay on one core. Bytecode is kept, or each run compiles all of them.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n 2 --dist loadfile

.PHONY: run setup develop quick test check fmt bench lock migrations rebase-migration screenshots clean

run: setup  ## set up, make the demonstration, serve it on http://127.0.0.1:8000 (PORT changes it)
	@$(BIN)/commonhold demo --serve --port $(PORT)

setup: .venv/ready  ## what running needs

develop: .venv/ready-to-develop  ## what the checks and tests need as well

.venv/bin/uv:
	@command -v $(PYTHON) >/dev/null || { echo "Commonhold needs Python 3.11 ($(PYTHON) was not found)."; exit 1; }
	@$(PYTHON) -m venv .venv
	@grep -A80 '^uv==' requirements/dev.txt | awk 'NR>1 && /^[a-z]/{exit} {print}' > .venv/uv.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt

.venv/ready: requirements/base.txt pyproject.toml | .venv/bin/uv
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/base.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q commonhold
	@touch $@

.venv/ready-to-develop: requirements/dev.txt .venv/ready
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

quick: develop  ## SQLite, no browser, under four minutes
	@$(PYTEST) -m "not browser and not long"

test: develop  ## the whole suite on SQLite and on PostgreSQL, browser included
	@$(PYTEST) -m "not browser"
	@$(PYTEST) -m browser
	@COMMONHOLD_TEST_DATABASE=postgresql $(PYTEST) -m "not browser"

check: develop  ## style, types, import contracts, templates, migrations in step
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --quiet --lint commonhold --extension=html
	@COMMONHOLD_HOME=.venv/check COMMONHOLD_DEVELOPMENT=1 $(BIN)/python manage.py makemigrations --check --dry-run
	@COMMONHOLD_HOME=.venv/check COMMONHOLD_DEVELOPMENT=1 $(BIN)/python manage.py check --fail-level WARNING

fmt: develop
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

bench: develop  ## size and repetition in full; prints ratios measured in one run
	@for file in bench/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

migrations: develop
	@COMMONHOLD_HOME=.venv/check COMMONHOLD_DEVELOPMENT=1 $(BIN)/python manage.py makemigrations $(APP) --name $(NAME)

rebase-migration: develop  ## after a git rebase that stopped at max_migration.txt
	@COMMONHOLD_HOME=.venv/check COMMONHOLD_DEVELOPMENT=1 $(BIN)/python manage.py rebase_migration $(APP)

lock: develop  ## compile the hashed requirements anew
	@$(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header --no-annotate --extra dev pyproject.toml -o requirements/dev.txt
	@$(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header --no-annotate -c requirements/dev.txt pyproject.toml -o requirements/base.txt
screenshots: develop  ## take the documents' pictures anew, from the demonstration; some minutes
	@$(BIN)/python docs/screenshots/make.py

clean:
	@rm -rf .venv var
