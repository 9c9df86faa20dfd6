"""Where a backup lies: a folder, or one tar file. It appears under its name only when it is whole."""

import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

MANIFEST = "manifest.json"
_FILE_ENDINGS = (".tar",)


class BackupFault(Exception):
    """A backup cannot be made, read or restored; the text says why and what to do."""


class BackupWriter:
    """Takes members one by one; `finish` writes the manifest and gives the backup its name."""

    def __init__(self, target: Path) -> None:
        if target.exists():
            raise BackupFault(f"{target} exists already. A backup is never written over another.")
        self.target, self.draft = target, target.with_name(target.name + ".part")
        self.is_file = target.suffix in _FILE_ENDINGS
        target.parent.mkdir(parents=True, exist_ok=True)
        _discard(self.draft)
        self.spool = target.with_name(target.name + ".spool") if self.is_file else self.draft
        _discard(self.spool)
        self.spool.mkdir(mode=0o700)
        self._tar: tarfile.TarFile | None = None
        if self.is_file:
            handle = os.fdopen(os.open(self.draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
            self._tar = tarfile.open(fileobj=handle, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def path(self, name: str) -> Path:
        """Where the member `name` is to be written before `add`."""
        path = self.spool / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def add(self, name: str) -> None:
        """Take the member that has been written to `path(name)`."""
        if self._tar is not None:
            self._tar.add(self.spool / name, arcname=name)
            (self.spool / name).unlink()

    def finish(self, manifest: dict[str, Any]) -> bytes:
        """Write the manifest last, put everything on the disk, and let the backup appear."""
        raw = json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n"
        self.path(MANIFEST).write_bytes(raw)
        self.add(MANIFEST)
        if self._tar is not None:
            self._tar.close()
            handle: Any = self._tar.fileobj
            handle.flush()
            os.fsync(handle.fileno())
            handle.close()
            shutil.rmtree(self.spool)
        os.sync()
        self.draft.rename(self.target)
        return raw

    def discard(self) -> None:
        """Leave nothing behind of a backup that failed."""
        if self._tar is not None:
            handle: Any = self._tar.fileobj
            handle.close()
        _discard(self.draft)
        _discard(self.spool)


@contextmanager
def backup_writing(target: Path) -> Iterator[BackupWriter]:
    """A writer whose traces vanish when the block fails."""
    writer = BackupWriter(target)
    try:
        yield writer
    except BaseException:
        writer.discard()
        raise


class BackupReader:
    """Reads the members of a backup, wherever it lies."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self._tar: tarfile.TarFile | None = None
        try:
            if source.is_file():
                self._tar = tarfile.open(source, mode="r:")  # noqa: SIM115  (open as long as the reader)
            elif not source.is_dir():
                raise BackupFault(f"{source} does not exist.")
            raw = self.open(MANIFEST).read()
            self.manifest_raw, self.manifest = raw, json.loads(raw)
        except (tarfile.TarError, ValueError) as error:
            raise BackupFault(f"{source} is no backup, or was cut short: {error}") from error

    def open(self, name: str) -> BinaryIO:
        """One member, for reading."""
        if self._tar is None:
            path = self.source / name
            if not path.is_file():
                raise BackupFault(f"{self.source} lacks {name}: it is not a whole backup.")
            return path.open("rb")
        try:
            member = self._tar.extractfile(name)
        except (KeyError, tarfile.TarError) as error:
            raise BackupFault(f"{self.source} lacks {name}: it is not a whole backup.") from error
        return io.BufferedReader(member) if member else io.BytesIO()  # type: ignore[type-var]


def _discard(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
