# The environment lives in .venv: made by uv from uv.lock where uv is present, else by pip.
# Needs Python 3.11 or newer, and make. Arguments: make demo ARGS=--no-serve, make test ARGS=tests/unit,
# make bench ROW=vault.
.PHONY: demo test check bench app worker

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
UV := $(shell command -v uv 2>/dev/null)
VENV := .venv
BIN := $(VENV)/bin

# Kept compiled even where the machine says otherwise: tests start hundreds of processes, and to
# compile what each imports takes as long again as to import it.
export PYTHONDONTWRITEBYTECODE :=

demo: $(VENV)/.run
	$(BIN)/samspil demo $(ARGS)

app: $(VENV)/.run
	$(BIN)/python -m review_app

worker: $(VENV)/.run
	$(BIN)/samspil worker

test: $(VENV)/.test
	@$(BIN)/python tests/browser/ready.py
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)
	@$(BIN)/python tests/browser/ready.py --say-what-was-left-out

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

bench: $(VENV)/.test
	$(BIN)/python -m tests.bench $(ROW) $(ARGS)

$(VENV)/.run: pyproject.toml uv.lock
	$(call install,,.)
	touch $@

$(VENV)/.test: pyproject.toml uv.lock
	$(call install,--extra test,.[test])
	touch $(VENV)/.run $@

define install
	$(if $(PYTHON),,$(error Samspil needs Python 3.11 or newer; name it with PYTHON=...))
	$(if $(UV),$(UV) sync --quiet --frozen --python $(PYTHON) $(1),test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV))
	$(if $(UV),,$(BIN)/pip install --quiet --disable-pip-version-check --editable '$(2)')
endef
