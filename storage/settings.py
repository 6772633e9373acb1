"""The only reader of the environment. Every setting has a default that works on one machine."""

import re
from pathlib import Path
from typing import Final

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_ORIGIN: Final = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")


class Settings(BaseSettings):
    """What a site may choose. Each is read from ``SAMSPIL_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="SAMSPIL_", extra="ignore", frozen=True)

    home: Path = Field(
        default=Path(".samspil"), description="Folder of the embedded form: database, vault, keys."
    )
    database_url: str = Field(
        default="", description="SQLAlchemy URL; empty means SQLite in the home."
    )
    keys_url: str = Field(
        default="",
        description="Database of the recording keys, kept apart so that no backup holds both.",
    )
    jobs_url: str = Field(
        default="",
        description="Database of the durable engine; empty means where the database is.",
    )
    key_encryption_key: SecretStr | None = Field(
        default=None, description="Base64 of 32 bytes; empty means a 0400 file in the home."
    )
    key_service: str = Field(
        default="",
        description="Your adapter to a key service, as module:name of what makes a "
        "storage.vault.kek.KekProvider; it comes before key and file.",
    )
    s3_bucket: str = Field(default="", description="Bucket of the vault; empty means a folder.")
    s3_endpoint: str = Field(default="", description="Address of the S3-compatible store.")
    s3_region: str = Field(default="us-east-1", description="Region of the bucket.")
    s3_access_key: SecretStr | None = Field(default=None, description="Key id for the bucket.")
    s3_secret_key: SecretStr | None = Field(default=None, description="Secret for the bucket.")
    model: str = Field(
        default="rehearsal", description="Name or folder of the speech model in use."
    )
    models_dir: Path | None = Field(
        default=None, description="Where fetched speech models lie; empty means in the home."
    )
    diarizer: str = Field(
        default="measured",
        description="What tells voices apart: measured (our own way), sherpa-onnx, "
        "pyannote.audio, or your adapter, as module:name of what makes a "
        "pipeline.engines.ports.Diarizer from a folder.",
    )
    diarizer_dir: Path | None = Field(
        default=None,
        description="Folder of the diarizer's model files; empty means voices in that of the "
        "speech models.",
    )
    host: str = Field(default="127.0.0.1", description="Address the app listens on.")
    port: int = Field(default=8501, description="Port the app listens on.")
    secure_cookies: bool = Field(
        default=False, description="True behind TLS: cookies are sent over https only."
    )
    max_upload_gib: float = Field(default=8.0, description="Largest film accepted.")
    session_idle_minutes: int = Field(default=30, description="Sign-out after this long idle.")
    session_hours: int = Field(default=8, description="Sign-out after this long in any case.")
    jurisdictions_dir: Path | None = Field(
        default=None, description="The site's own jurisdiction profiles; they come before ours."
    )
    proof_dir: Path | None = Field(
        default=None,
        description="Folder of the audit anchors and the deletion log, best on another disk; "
        "empty means in the home. No backup of the database may replace it.",
    )
    keys_backup_dir: Path | None = Field(
        default=None, description="Folder that gets a fresh copy of the key store each day."
    )
    kek_backup_dir: Path | None = Field(
        default=None,
        description="Folder on a third disk that always has an exact copy of the key-encryption "
        "key. Never the folder of SAMSPIL_KEYS_BACKUP_DIR: the two together open everything.",
    )
    rotate_on_withdrawal: bool = Field(
        default=True,
        description="A new key-encryption key after each erasure: old key backups open nothing.",
    )
    downloads: bool = Field(
        default=False, description="True lets the two take a copy out, for a stated reason."
    )
    training_copy_days: int = Field(
        default=7, description="Days after which a training copy is erased, fetched or not."
    )
    public_address: str = Field(
        default="", description="Where people reach the consent page; empty means host and port."
    )
    controller: str = Field(
        default="Kommunen", description="The authority that is responsible for the data."
    )
    controller_address: str = Field(default="", description="Its postal address.")
    controller_contact: str = Field(
        default="", description="Telephone or e-mail of a human who answers questions."
    )
    meeting: str = Field(
        default="",
        description="Origin of your own Jitsi, such as https://jitsi.kommune.example, shown beside "
        "the film in the joint room; empty means that you meet in another tool.",
    )
    jurisdiction: str = Field(default="DK", description="Profile used for new recordings.")
    language: str = Field(default="da", description="Language of the sign-in page.")
    workers: int = Field(default=1, description="Recordings processed at once by one worker.")

    @field_validator("meeting")
    @classmethod
    def _is_an_origin(cls, address: str) -> str:
        """Take https, a host and perhaps a port, and nothing that could carry anything else."""
        if address and _ORIGIN.fullmatch(address) is None:
            raise ValueError("an origin such as https://jitsi.kommune.example is needed")
        return address

    def database(self) -> str:
        """Return the URL of the application database."""
        return self.database_url or self._sqlite("samspil.db")

    def keys(self) -> str:
        """Return the URL of the key store."""
        return self.keys_url or self._sqlite("keys/keys.db")

    def jobs(self) -> str:
        """Return the URL of the durable engine's database: one for all workers of a site."""
        database = self.database()
        embedded = self._sqlite("jobs.db")
        return self.jobs_url or (embedded if database.startswith("sqlite") else database)

    def search(self) -> str:
        """Return the URL of the search index: a file of its own, or a table that no backup has."""
        database = self.database()
        return self._sqlite("search.db") if database.startswith("sqlite") else database

    def models_folder(self) -> Path:
        """Return the folder of fetched speech models."""
        return self.models_dir or self.home / "models"

    def diarizer_folder(self) -> Path:
        """Return the folder of the models that tell voices apart."""
        return self.diarizer_dir or self.models_folder() / "voices"

    def proof_folder(self) -> Path:
        """Return the folder of what proves: audit anchors and the deletion log."""
        return self.proof_dir or self.home / "proof"

    def address(self) -> str:
        """Return where people reach the consent page."""
        return self.public_address.rstrip("/") or f"http://{self.host}:{self.port}"

    def _sqlite(self, name: str) -> str:
        return f"sqlite:///{self.home.resolve() / name}"
