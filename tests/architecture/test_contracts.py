"""Every contract on imports is broken on purpose: one that cannot be broken protects nothing."""

import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

CONFIGURATION = read_configuration(str(Path(__file__).parents[2] / "pyproject.toml"))
CONTRACTS: dict[str, dict[str, Any]] = {
    options["name"]: options for options in CONFIGURATION["contracts_options"]
}
PACKAGES: list[str] = CONFIGURATION["session_options"]["root_packages"]
KINDS = {
    kind.type_name: kind
    for kind in (ForbiddenContract, IndependenceContract, LayersContract, ProtectedContract)
}
OFFENCES = [
    ("The house", "consent.gate", "storage.home"),
    ("The house", "storage.home", "pipeline.workflow"),
    ("The house", "review_app.commands.access", "pipeline.worker"),
    ("The house", "pipeline.intake", "review_app.permissions"),
    ("The pipeline, from command to value", "pipeline.analysis.roles", "pipeline.engines.whisper"),
    ("The pipeline, from command to value", "pipeline.stages.tag", "pipeline.workflow"),
    ("The pipeline, from command to value", "pipeline.helpers", "pipeline.errors"),
    ("Stages do not know each other", "pipeline.stages.tag", "pipeline.stages.segment"),
    ("Stages do not know each other", "pipeline.stages.tag", "pipeline.stages.order"),
    ("The recipe is run by hand", "pipeline.cli", "pipeline.rehearsal.recipe.train"),
    ("Rows stay at home", "review_app.commands.access", "storage.tables"),
    ("SQL only in storage", "pipeline.intake", "sqlalchemy"),
    ("Ciphers and blobs only in the vault", "storage.passwords", "cryptography"),
    ("Models and programs only in engines", "pipeline.stages.proxy", "av"),
    ("A click never loads a model", "storage.media", "faster_whisper"),
    ("The durable engine only in the workflow", "pipeline.worker", "dbos"),
    ("Streamlit only where pages are drawn", "review_app.commands.access", "streamlit"),
    ("The method and its permissions know no web", "review_app.permissions", "starlette"),
    ("The method and its permissions know no web", "review_app.supervision.cycle", "streamlit"),
    ("Consent needs nothing but Python", "consent.rules", "numpy"),
    ("Consent reads no clock, file or network", "consent.gate", "time"),
]


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


def is_kept(name: str, imports: grimp.ImportGraph) -> bool:
    options = CONTRACTS[name]
    contract = KINDS[options["type"]](
        name=name, session_options=CONFIGURATION["session_options"], contract_options=options
    )
    return contract.check(deepcopy(imports), verbose=False).kept


@pytest.mark.parametrize("name", CONTRACTS)
def test_contract_is_kept(name: str, imports: grimp.ImportGraph) -> None:
    assert is_kept(name, imports)


@pytest.mark.parametrize(("name", "importer", "imported"), OFFENCES)
def test_contract_notices_an_import_that_it_forbids(
    name: str, importer: str, imported: str, imports: grimp.ImportGraph
) -> None:
    broken = deepcopy(imports)
    for module in {importer, imported} - broken.modules:
        broken.add_module(module, is_squashed=module == imported)
    broken.add_import(importer=importer, imported=imported)
    assert not is_kept(name, broken)


def test_every_contract_has_been_broken() -> None:
    assert {name for name, *_ in OFFENCES} == set(CONTRACTS)


def test_every_library_in_use_is_forbidden_to_consent(imports: grimp.ImportGraph) -> None:
    libraries = {
        module
        for module in imports.modules
        if imports.is_module_squashed(module) and module not in sys.stdlib_module_names
    }
    assert libraries <= set(CONTRACTS["Consent needs nothing but Python"]["forbidden_modules"])
