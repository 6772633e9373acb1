"""``samspil audit`` and ``samspil certificate``: showing and checking what proves."""

from contextlib import closing
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from consent.model import RecordingId
from pipeline.bootstrap import open_home
from pipeline.words import error_in_words, errors_in_words
from storage import anchors, certificates
from storage.anchors import Checked
from storage.errors import (
    BrokenChain,
    CertificateFalse,
    LogCut,
    LogReplaced,
    ProofBroken,
    ProofCut,
    StorageError,
)
from storage.home import Home
from storage.proof import Proof
from storage.vault.keys import SiteKey

TAMPERED: Final = 4
"""Exit code when something was changed outside Samspil."""
_TAMPERING = (BrokenChain, LogCut, LogReplaced, ProofBroken, ProofCut, CertificateFalse)

app = typer.Typer(help="The audit log.", no_args_is_help=True)
console = Console()


@app.callback()
def audit() -> None:
    """Look after the audit log: who did what to which recording, in ids and times."""


@app.command()
def verify(
    *,
    anchors_in: Annotated[
        Path | None,
        typer.Option("--anchors", help="A copy of the proof folder that you kept elsewhere."),
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="A certificate of erasure to check against the log.")
    ] = None,
) -> None:
    """Check that no entry of the audit log was changed and that none is missing."""
    with errors_in_words(), closing(open_home()) as home:
        proof = home.proof
        if anchors_in is not None:
            if not anchors_in.is_dir():
                raise typer.BadParameter("there is no such folder", param_hint="--anchors")
            proof = Proof(anchors_in, key=lambda: home.keys.site_key(SiteKey.PROOF))
        try:
            checked = _check(home, proof, certificate)
        except _TAMPERING as error:
            _say_tampered(error)
            raise typer.Exit(TAMPERED) from error
    console.print(f"audit log is whole: {checked.entries} entries, {checked.anchors} anchors fit")
    for each in checked.restored:
        console.print(
            f"a backup was put back on {each.day}: what followed entry {each.seq} is gone"
        )
    if not checked.anchors:
        console.print("no anchor yet, so a cut-off end would not show: samspil worker writes one")
    if certificate is not None:
        console.print("certificate is true")


def print_certificate(
    recording: Annotated[str, typer.Argument(help="Id of an erased recording.")],
) -> None:
    """Print the certificate of a recording's erasure: no personal data, signed by this site."""
    with errors_in_words(), closing(open_home()) as home:
        made = certificates.certificate_of(home, RecordingId(recording))
        typer.echo(certificates.certificate_to_json(made))


def _check(home: Home, proof: Proof, certificate: Path | None) -> Checked:
    with home.reading() as tx:
        checked = anchors.verify(tx, proof)
        if certificate is not None:
            try:
                untrusted = certificate.read_bytes()
            except OSError as error:
                raise typer.BadParameter("there is no such file") from error
            made = certificates.certificate_from_json(untrusted)
            certificates.verify_certificate(tx, made)
    return checked


def _say_tampered(error: StorageError) -> None:
    console.print(f"!! {error}", soft_wrap=True, markup=False)
    console.print("  ", error_in_words(error), soft_wrap=True, markup=False)
