"""Zips a bundle so that the same files give the same bytes on any machine."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.bundles.contents import FUNCTIONS, bundle_files

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
_REGULAR_FILE: Final = 0o100644 << 16
_UNIX: Final = 3


@dataclass(frozen=True)
class Bundle:
    """A zip on disk and the SHA-256 of its bytes, in hex."""

    path: Path
    sha256: str


def zip_bytes(files: Mapping[str, Path]) -> bytes:
    """Stored, not deflated: what deflate makes of a text differs between versions of zlib."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, source in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.create_system = _UNIX
            entry.external_attr = _REGULAR_FILE
            archive.writestr(entry, source.read_bytes())
    return target.getvalue()


def build(root: Path, folder: Path) -> Mapping[str, Bundle]:
    """Writes the bundle of each function to `folder/<function>-<sha256>.zip`. Raises ForeignFile, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    bundles: dict[str, Bundle] = {}
    for function in FUNCTIONS:
        content = zip_bytes(bundle_files(root, function))
        checksum = hashlib.sha256(content).hexdigest()
        path = folder / f"{function}-{checksum}.zip"
        path.write_bytes(content)
        bundles[function] = Bundle(path, checksum)
    return bundles


def write_variables(bundles: Mapping[str, Bundle], file: Path) -> None:
    """Writes Terraform's variable `bundles` as JSON, for `-var-file`."""
    rows = {
        name: {"path": str(bundle.path.absolute()), "sha256": bundle.sha256}
        for name, bundle in bundles.items()
    }
    file.write_text(json.dumps({"bundles": rows}, indent=2) + "\n", encoding="utf-8")
