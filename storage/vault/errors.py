"""What can go wrong in the vault. Details carry ids, sizes and offsets, never content."""

from storage.errors import StorageError


class VaultError(StorageError):
    """The vault could not do what was asked."""

    def __init__(self, detail: str | None = None) -> None:
        message = (type(self).__doc__ or type(self).__name__).rstrip(".")
        super().__init__(f"{message}: {detail}" if detail else f"{message}.")


class TamperedBlob(VaultError):
    """The stored bytes are not the ones that were sealed for this recording and role."""

    advice = "Restore the file from a backup, or ask for the recording to be uploaded again."


class TamperedText(VaultError):
    """The stored text is not the one that was sealed for this row."""

    advice = "Restore the row from a backup."


class RegionClosed(VaultError):
    """A write went back to bytes that are already encrypted."""

    advice = "Give the writer a larger head or window."


class UploadError(VaultError):
    """The upload could not go on."""


class UploadBusy(UploadError):
    """Another process is writing to this upload."""

    advice = "Wait a moment and go on."
    retryable = True


class UploadOverrun(UploadError):
    """More bytes arrived than the upload declared."""

    advice = "Choose the file and upload it again."


class UploadDiverged(UploadError):
    """The bytes sent now differ from those sent before the interruption."""

    advice = "The file has changed since. Upload it again from its beginning."


class UploadIncomplete(UploadError):
    """Not all declared bytes have arrived."""

    advice = "Go on with the upload."


class UploadMissing(UploadError):
    """No such upload is waiting."""

    advice = "Choose the file and upload it again."


class KeyMissing(VaultError):
    """The recording has no key."""

    advice = "Check that the key store is the one that belongs to this database."


class KeyDestroyed(VaultError):
    """The recording's key is destroyed, and its content with it."""

    advice = "Nothing can be done, and nothing should be: somebody withdrew."


class KekCopyUnwritable(VaultError):
    """The second copy of the key-encryption key cannot be written."""

    advice = "See that the disk of SAMSPIL_KEK_BACKUP_DIR is there and has room."
    retryable = True


class KekElsewhere(VaultError):
    """The key-encryption key is not here, but a copy of it is."""

    advice = (
        "Say samspil restore with --keys, or put the copy in SAMSPIL_KEK_BACKUP_DIR back as "
        "keys/kek in the home. No other key is made in its place."
    )


class KekMissing(VaultError):
    """The key-encryption key that the key store names is not available."""

    advice = "Mount the key-encryption key, or restore it from where you keep its copy."


class KekInvalid(VaultError):
    """A key-encryption key is not 32 bytes in base64, or its file is open to others."""

    advice = "Correct the key file or setting; a key file belongs to its user alone (0400)."


class KeyServiceMissing(VaultError):
    """The adapter to the key service is not installed here."""

    advice = "Install it beside Samspil, or correct SAMSPIL_KEY_SERVICE."


class KekFixed(VaultError):
    """The key-encryption key comes from outside, and no newer one was given."""

    advice = "Put a new key first in the setting and keep the old one second; then rotate again."


class RotationOvertaken(VaultError):
    """Another rotation of the key-encryption key went further than this one."""

    advice = "Nothing is lost. Rotate again."
    retryable = True


class BlobMissing(VaultError):
    """The store has no such blob."""

    advice = "Check that the store is the one that belongs to this database."


class BlobExists(VaultError):
    """The store already has a blob of this name; blobs are never overwritten."""


class StoreFull(VaultError):
    """The store has no room left."""

    advice = "Make room, then try again."
    retryable = True


class StoreUnreachable(VaultError):
    """The store did not answer as expected."""

    advice = "Check that the store runs and that its address and credentials are right."
    retryable = True
