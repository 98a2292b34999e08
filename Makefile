# Everything a developer does with this checkout. `make` without a target lists it.
# Each target prepares what it needs: uv, Python 3.13, the pinned packages in .venv, Chromium.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export PATH := $(PATH):$(HOME)/.local/bin:$(HOME)/.pyenv/shims
# The activated environment of another project must not be used; without bytecode every start would take seconds longer.
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE

PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
ARGS ?=
TIMES ?= 20
# Test processes: one more than the two cores they are meant for, because each often waits for PostgreSQL or Chromium.
WORKERS ?= 3
# The checks only read code. The settings need addresses to load, but nothing listens there.
NO_SERVERS := env DATABASE_URL=postgres://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 DJANGO_SETTINGS_MODULE=config.settings.test

.PHONY: help run test test-race test-browser test-browser-repeat test-hours test-long mutants check fmt attack bench test-rolling restore screenshots messages lock sbom try-pooler try-mail reset venv chromium

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | awk -F"|" '{printf "%-22s %s\n", $$1, $$2}'

run: venv ## the whole system with demo data, until Ctrl-C; PORT=8123 moves the site, EMPTY=1 begins without a theater
	@exec $(PYTHON) -m dev.run --parent $$PPID $(if $(PORT),--port $(PORT)) $(if $(EMPTY),--without-demo)

test: venv chromium ## the tests; ARGS="-k seat" narrows them
	@$(PYTEST) -n $(WORKERS) --dist worksteal -m "not long" $(ARGS)

test-long: venv chromium ## the long tests: whole worlds, every page for every role, Chromium in all variants, many more random examples
	@EXAMPLES=long $(PYTEST) -n $(WORKERS) --dist worksteal -m "long or hypothesis" $(ARGS)

test-race: venv ## only the tests with real threads
	@$(PYTEST) -m race $(ARGS)

test-browser: venv chromium ## only the tests in Chromium
	@$(PYTEST) -m browser $(ARGS)

test-browser-repeat: venv chromium ## every test in Chromium TIMES times (20), to find those that fail now and then; ARGS="-k seats" narrows them
	@$(PYTEST) -m browser --count $(TIMES) --repeat-scope session $(ARGS)

mutants: venv ## plant faults in copies of the checkout, one at a time in each: the test that is named with it must fail; ARGS="-k refund" narrows them
	@$(PYTHON) -m dev.mutants $(ARGS)

test-hours: venv chromium ## all tests under Debian's faketime at seven odd hours; HOURS="04:45 leap-day" ARGS="tests/race" narrow them
	@$(PYTHON) -m dev.hours $(if $(HOURS),--hours $(HOURS)) -- $(ARGS)

check: venv ## format, lint, types, imports, migrations, templates, words, languages, refusals: all of them, also when one fails
	@said=$$(mktemp -d); names=(); failed=(); \
	trap 'kill $$(jobs -p) 2>/dev/null || true; rm -rf "$$said"' EXIT; \
	ask() { name=$$1; names+=("$$name"); shift; { "$$@" >"$$said/$$name" 2>&1 || touch "$$said/$$name.failed"; } & }; \
	ask types $(NO_SERVERS) $(PYTHON) -m mypy .; \
	ask format $(PYTHON) -m ruff format --check --quiet .; \
	ask lint $(PYTHON) -m ruff check --quiet .; \
	ask clock $(PYTHON) -m ruff check --quiet --config ruff-clock.toml .; \
	ask imports $(PYTHON) -c 'from importlinter.cli import lint_imports_command as run; run()'; \
	ask migrations $(NO_SERVERS) $(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run; \
	ask migration-locks $(NO_SERVERS) $(PYTHON) -m dev.migration_lint; \
	ask templates $(PYTHON) -m djlint --lint --quiet templates dev/templates; \
	ask words $(PYTHON) -m dev.word_list; \
	ask languages $(PYTHON) -m dev.messages --check; \
	ask refusals $(NO_SERVERS) $(PYTHON) manage.py list_refusals --check; \
	wait; \
	for name in "$${names[@]}"; do \
		echo "-- $$name"; cat "$$said/$$name"; \
		[ ! -e "$$said/$$name.failed" ] || failed+=("$$name"); \
	done; \
	[ "$${#failed[@]}" = 0 ] && echo "All checks passed." || { echo "Failed: $${failed[*]}"; exit 1; }

messages: venv ## collect the sentences to translate into locale/, and compile what is translated
	@$(PYTHON) -m dev.messages

fmt: venv ## format the code
	@$(PYTHON) -m ruff check --fix --quiet . || true
	@$(PYTHON) -m ruff format .

attack: venv ## simulate an hour of people hoarding seats: honest buyers must still find a pair, and a school must get in
	@$(PYTHON) -m bench.attack

bench: venv ## the benchmarks of docs/performance.md, on servers of their own
	@$(PYTHON) -m bench $(ARGS)

test-rolling: venv ## two sites behind HAProxy (Debian: haproxy) are restarted in turn under load: nobody is refused
	@command -v haproxy >/dev/null || [ -x /usr/sbin/haproxy ] || { echo "haproxy is missing (Debian: apt install haproxy)"; exit 1; }
	@PATH="$$PATH:/usr/sbin" $(PYTHON) -m bench.rolling

screenshots: venv chromium ## pictures of the main pages of a running system, in screenshots/
	@$(PYTHON) -m dev.screenshots $(ARGS)

restore: ## DUMP=file: restore the database from a dump of deploy/backup.sh; sales stay paused until they are resumed
	@deploy/restore.sh "$(DUMP)"

lock: venv ## pin the newest packages that pyproject.toml allows
	@uv=$$(dev/bootstrap.sh --uv-only | tail -1); \
	for set in "requirements.txt" "requirements-dev.txt --group dev"; do \
		"$$uv" pip compile --quiet --universal --generate-hashes --no-header --upgrade --python-version 3.13 \
			pyproject.toml --output-file $$set; \
	done

sbom: ## list the packages of the product as CycloneDX in sbom.json
	@uv=$$(dev/bootstrap.sh --uv-only | tail -1); \
	"$$uv" tool run --quiet --from cyclonedx-bom==7.1.0 cyclonedx-py requirements requirements.txt --output-format JSON --output-file sbom.json
	@echo sbom.json

try-pooler: venv ## test the site behind Debian's PgBouncer in transaction pooling (apt-get install pgbouncer)
	@$(PYTEST) tests/pooler $(ARGS)

try-mail: venv ## test our mails in Debian's Thunderbird, with pictures in test-results/mail/ (apt-get install thunderbird xvfb)
	@$(PYTEST) tests/thunderbird $(ARGS)

reset: ## delete the demo world, its servers and its passwords
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m dev.reset; else rm -rf .dev; fi

venv:
	@dev/bootstrap.sh
	@$(PYTHON) -m core.texts.catalogs

chromium: venv
	@dev/chromium.sh
