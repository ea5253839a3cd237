# The whole command list. Each target sets up .venv by itself: only Python 3.11 or newer is needed.
#
#   make demo             the main job on real records   (ARGS=--once to end after the table)
#   make test             lint, then every test          (ARGS="tests/kit -k http" for some)
#   make dev              the server with a home of its own in ./data
#   make bench            every measurement in bench/    (ARGS=--json for machine-readable last lines)
#   make lint             style, format, types
#   make web              the screens, if their sources have changed (demo, test and dev do it too)
#   make screenshots      a picture of every screen in ./screenshots (ARGS=--readme for those of the README)
#   make web-api          the client of the API that the screens use, after a change of routes

.PHONY: demo test dev bench lint web web-api screenshots
.DEFAULT_GOAL := test
.DELETE_ON_ERROR:

UV_VERSION := 0.13.9
READY := .venv/.ready
SCREENS := .venv/bin/python web/bundle.py
# One process for each core, each with a PostgreSQL and a Chromium of its own; who is done takes tests from the others.
SIDE_BY_SIDE := -n logical --maxprocesses 4 --dist worksteal

demo: web
	.venv/bin/penstock demo $(ARGS)

# Tests reach loopback only, so the real model that they run (93 MB, kept in the cache folder) is fetched before.
# The browser tests need Chromium: found, or installed by apt when we are root, or they are skipped with a word why.
test: lint web
	.venv/bin/python -m penstock.llm.local.weights smollm2-135m >/dev/null
	$(if $(ARGS),,$(SCREENS) test)
	.venv/bin/python -m tests.e2e.chromium
	.venv/bin/pytest $(or $(ARGS),$(SIDE_BY_SIDE))

dev: web
	PENSTOCK_HOME="$${PENSTOCK_HOME:-$(CURDIR)/data}" PENSTOCK_LOG_LEVEL="$${PENSTOCK_LOG_LEVEL:-DEBUG}" .venv/bin/penstock serve $(ARGS)

web: $(READY)
	@$(SCREENS)

web-api: $(READY)
	.venv/bin/penstock openapi | $(SCREENS) api

screenshots: web
	.venv/bin/python -m tests.e2e.chromium
	.venv/bin/python -m docs.screenshots $(ARGS)

# A bench is a program with a --json option; the other files in bench/ are parts of them.
bench: $(READY)
	@set -e; for file in $$(grep -l -e '"--json"' bench/*.py); do \
		name=$$(basename "$$file" .py); echo "== $$name"; .venv/bin/python -m "bench.$$name" $(ARGS); \
	done

lint: $(READY)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	$(SCREENS) types lint

# Everything pinned by uv.lock. --inexact keeps uv itself, which is not part of the lock. The screens are built
# after it, by `web`, where one sees what happens.
$(READY): pyproject.toml uv.lock Makefile
	@set -e; \
	suits() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }; \
	if ! { [ -x .venv/bin/python ] && suits .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then \
		for name in $$PYTHON python3.14 python3.13 python3.12 python3.11 python3 python; do \
			if suits "$$name"; then python="$$name"; break; fi; \
		done; \
		if [ -z "$${python:-}" ]; then \
			echo "Penstock needs Python 3.11 or newer; found: $$(python3 --version 2>&1 || echo none)." >&2; \
			echo "Install it (for example: apt install python3.11 python3.11-venv) or name one: make PYTHON=/path/to/python3" >&2; exit 1; \
		fi; \
		echo "Creating .venv with $$($$python --version)"; \
		"$$python" -m venv --clear .venv || { \
			rm -rf .venv; \
			echo "$$python cannot create virtual environments; on Debian and Ubuntu: apt install $$(basename $$python)-venv" >&2; exit 1; }; \
	fi; \
	.venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"; \
	PENSTOCK_SKIP_WEB=1 UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV= .venv/bin/uv sync --frozen --inexact --python .venv/bin/python; \
	touch $(READY)
