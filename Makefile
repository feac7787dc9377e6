# One line per job. What a job does is in manage.py commands, in tests/run.py and in pyproject.toml.
PYTHON ?= python3
PORT ?= 8000
export PORT

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
SOURCE := sih_portal universities practices survey benchmarks
TEMPLATES = $(shell find templates -name '*.html')
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock'
AS_PRODUCTION = PRODUCTION=true SITE_URL=https://sih.example.ac.jp ALLOWED_HOSTS=sih.example.ac.jp \
	SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))')

.PHONY: run test guards bench check check-lock fix lock backup restore

run: .venv/installed  ## The portal with the programme's cases, on http://127.0.0.1:$(PORT)
	$(MANAGE) catalogue compile
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) load_source --apply
	$(MANAGE) collectstatic --no-input --verbosity 0 --ignore redoc --ignore 'htm*-4*'
	@$(MANAGE) make_demo_staff
	@echo "SIH Portal: http://127.0.0.1:$(PORT)/   admin: http://127.0.0.1:$(PORT)/admin/   stop: Ctrl+C"
	@$(MANAGE) send_mail --watch --parent $$$$ & exec $(BIN)/gunicorn --bind 127.0.0.1:$(PORT)

test: .venv/installed-dev  ## Every test on every database and browser this machine has
	$(BIN)/python tests/run.py

guards: .venv/installed-dev  ## Removes each guard of the portal in turn: a test has to fail
	$(BIN)/python tests/remove_guards.py

bench: .venv/installed  ## The portal beside raw SQL and other software -> docs/benchmarks.md; make bench N=100000 adds a size
	$(MANAGE) catalogue compile
	$(BIN)/python -m benchmarks $(N)

check: .venv/installed-dev check-lock  ## Everything that is judged without running the portal
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive --severity-level medium $(SOURCE)
	$(MANAGE) catalogue check
	$(MANAGE) catalogue compile
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) spectacular --validate --fail-on-warn --file /dev/null
	$(AS_PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

check-lock: .venv/installed-dev
	@mkdir -p var/lock && cp requirements.txt requirements-dev.txt var/lock/
	$(COMPILE) requirements.in -o var/lock/requirements.txt
	$(COMPILE) requirements-dev.in -o var/lock/requirements-dev.txt
	@diff requirements.txt var/lock/requirements.txt && diff requirements-dev.txt var/lock/requirements-dev.txt || (echo "The lock is stale: run make lock."; exit 1)

backup: .venv/installed  ## Database and attachments in one file: make backup [TO=folder]
	@$(MANAGE) backup $(if $(TO),--to "$(TO)")

restore: .venv/installed  ## Brings a backup back: make restore FROM=file [REPLACE=1]
	@$(MANAGE) restore "$(FROM)" $(if $(REPLACE),--replace)

fix: .venv/installed-dev  ## Repairs what a machine can repair
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djade --target-version 5.2 $(TEMPLATES)
	$(MANAGE) catalogue update

lock: .venv/installed-dev  ## requirements*.in -> requirements*.txt
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

.venv/installed: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "The portal needs Python 3.11 or newer; name it: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
