# Everything one does with this repository. `make help` lists it.
PORT ?= 8000
SIZE ?= municipality
SECONDS ?= 3600
PYTHON ?= python3
BIN := .venv/bin
LETTERS := U+0020-007E,U+00A0,U+00A7,U+00AB,U+00B0,U+00B7,U+00BB,U+00BD,U+00C0-00D6,U+00D8-00F6,U+00F8-00FF,U+0131,U+2013,U+2014,U+2018-201A,U+201C-201E,U+2022,U+2026,U+2039,U+203A,U+2212
export PIP_DISABLE_PIP_VERSION_CHECK := 1
.DEFAULT_GOAL := help
.PHONY: help run test test-attack test-faults check format lock messages migration pictures bench names plans bench-planner font clean

help: ## List what one can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: .venv/runtime ## Serve the portal with its demo school on http://127.0.0.1:8000 (PORT=9000 for another port)
	@PORTAL_PORT=$(PORT) PORTAL_BASE_URL=$${PORTAL_BASE_URL:-http://127.0.0.1:$(PORT)} $(BIN)/python app.py

test: .venv/development ## Run every test
	@$(BIN)/python -m pytest

test-faults: .venv/development ## Kill the portal, fill its disk, crowd it: the long forms, some ten minutes
	@$(BIN)/python -m pytest -n 0 -rP -m "" -k "not short" tests/faults

test-attack: .venv/development ## Everybody reads everything, sends every form and types anything: the long forms
	@$(BIN)/python -m pytest -rP --durations=12 -m "" -k "not short" tests/leaks tests/attack tests/database/test_races.py tests/text/test_linear.py tests/operations/test_serving.py tests/events/test_answers.py tests/playdates/test_coming.py

check: .venv/development ## Format, lint, types, and the tests about the code itself
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -m check

format: .venv/development ## Lay the code out as it should be
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lock: .venv/development ## Compile the locks again from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --upgrade -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --group test --group dev -c requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --group solver -c requirements-dev.txt -o bench/requirements.txt

messages: .venv/development ## Collect the texts to translate into translations/
	@$(BIN)/pybabel -q extract -F translations/babel.cfg -k N_ --no-location --sort-output -o translations/messages.pot portal templates
	@$(BIN)/pybabel -q update -i translations/messages.pot -d translations -l da --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@rm translations/messages.pot

migration: .venv/development ## Write a migration for changed models: make migration NAME="what changed"
	$(BIN)/flask --app app db migrate -m "$(NAME)"

font: .venv/development ## Cut the font down to our letters and weights: make font SOURCE=the whole one, as .ttf
	$(BIN)/fonttools varLib.instancer --no-recalc-timestamp -o instance/font.ttf "$(SOURCE)" wght=400:700
	$(BIN)/pyftsubset instance/font.ttf --unicodes="$(LETTERS)" --layout-features=kern,mark,ccmp,locl,tnum --no-hinting --name-IDs=0,1,2,13,14 --flavor=woff2 --output-file=portal/static/fonts/atkinson-hyperlegible-next.woff2
	@rm instance/font.ttf

pictures: .venv/development ## Take README's picture, and all others into build/pictures, with Chromium
	$(BIN)/python -m docs.take_pictures

bench: .venv/development ## Measure beside a bare Flask page (SIZE=school: no municipality; AGAINST=commit: an earlier build)
	@$(BIN)/python -m bench $(if $(AGAINST),against $(AGAINST),$(SIZE))

names: .venv/development ## Measure how well the name guard reads what class teams write
	@$(BIN)/python -m bench.names

plans: .venv/development ## Search for better playgroup plans and keep them: make plans SECONDS=3600
	@$(BIN)/python -m bench.plans $(SECONDS)

bench-planner: .venv/development ## Measure the playgroup planner beside a constraint solver
	@$(BIN)/pip install --quiet --only-binary :all: --require-hashes -r bench/requirements.txt
	@$(BIN)/python -m bench.planner

clean: ## Remove the virtual environment, caches and build/, never instance/
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The stamps stand for installed locks: they are made again when a lock changes.
.venv/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Trivselsportalen needs Python 3.11 or newer; this is %d.%d. Try: make run PYTHON=python3.12" % sys.version_info[:2])'
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/runtime: requirements.txt .venv/python
	@echo "Installing (once)..."
	@$(BIN)/pip install --quiet --only-binary :all: --require-hashes -r requirements.txt
	@touch $@

.venv/development: requirements-dev.txt .venv/runtime
	@$(BIN)/pip install --quiet --only-binary :all: --require-hashes -r requirements-dev.txt
	@touch $@
