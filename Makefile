# Environment in .venv; uv where it is present, else pip.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)

.PHONY: demo test check bench app worker

$(VENV)/.installed: pyproject.toml
	$(if $(UV),test -d $(VENV) || uv venv -q --python $(PYTHON) $(VENV),test -d $(VENV) || $(PYTHON) -m venv $(VENV))
	$(if $(UV),uv pip install -q --python $(BIN)/python -e '.[test]',$(BIN)/python -m pip install -q -e '.[test]')
	touch $@
