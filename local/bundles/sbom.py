"""Makes a bundle's list of components (CycloneDX): what its requirements.txt installs, and the checksum of its zip."""

import json
import subprocess
from pathlib import Path
from typing import Any, Final

from local.bundles.archive import Bundle
from local.bundles.requirements import EXPORT, unused

_AS_COMPONENTS: Final = ("--preview-features", "sbom-export", "--format", "cyclonedx1.5")


def sbom(root: Path, function: str, bundle: Bundle, uv: Path) -> str:
    """JSON, the same for the same sources and lock. Raises subprocess.CalledProcessError where uv takes no lock."""
    command: list[str | Path] = [uv, *EXPORT, *_AS_COMPONENTS]
    for name in unused(root, function):
        command += ["--prune", name]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)  # noqa: S603  our own uv
    return json.dumps(_of_bundle(json.loads(answer.stdout), function, bundle), indent=1) + "\n"


def _of_bundle(document: dict[str, Any], function: str, bundle: Bundle) -> dict[str, Any]:
    """The document without the moment and the number that differ each time, and with the zip as what it is about."""
    about = document["metadata"]
    root_of_project = about["component"]["bom-ref"]
    about["component"] = {
        "type": "application",
        "bom-ref": root_of_project,
        "name": f"crm-gmail-{function}",
        "version": bundle.sha256,
        "hashes": [{"alg": "SHA-256", "content": bundle.sha256}],
    }
    about.pop("timestamp", None)
    document.pop("serialNumber", None)
    return document
