# The whole command list. Each target sets up .venv by itself: only Python 3.11 or newer is needed.
#
#   make demo             the main job on real records   (ARGS=--once to end after the table)
#   make test             lint, then every test          (ARGS="tests/kit -k http" for some)
#   make dev              the server with a home of its own in ./data
#   make bench            every measurement in bench/    (ARGS=--json for machine-readable last lines)
#   make lint             style, format, types

.PHONY: demo test dev bench lint
.DEFAULT_GOAL := test
.DELETE_ON_ERROR:

UV_VERSION := 0.13.9
READY := .venv/.ready
export PYTHONDONTWRITEBYTECODE := 1

demo: $(READY)
	.venv/bin/penstock demo $(ARGS)

# Tests reach loopback only, so the real model that they run (93 MB, kept in the cache folder) is fetched before.
test: lint
	.venv/bin/python -m penstock.llm.local.weights smollm2-135m >/dev/null
	.venv/bin/pytest $(ARGS)

dev: $(READY)
	PENSTOCK_HOME="$${PENSTOCK_HOME:-$(CURDIR)/data}" PENSTOCK_LOG_LEVEL="$${PENSTOCK_LOG_LEVEL:-DEBUG}" .venv/bin/penstock serve $(ARGS)

# A bench is a program with a --json option; the other files in bench/ are parts of them.
bench: $(READY)
	@set -e; for file in $$(grep -l -e '"--json"' bench/*.py); do \
		name=$$(basename "$$file" .py); echo "== $$name"; .venv/bin/python -m "bench.$$name" $(ARGS); \
	done

lint: $(READY)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

# Everything pinned by uv.lock. --inexact keeps uv itself, which is not part of the lock.
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
	UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV= .venv/bin/uv sync --frozen --inexact --python .venv/bin/python; \
	touch $(READY)
