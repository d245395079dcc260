"""Makes the protobuf classes of google-cloud-firestore importable without the client around them.

`google.cloud.firestore_v1` imports the whole client on its first line, which takes most of a second; the
server needs its `types` only. For the server's own process: a client imported later finds an empty package.
"""

import sys
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

_PACKAGE = "google.cloud.firestore_v1"


def skip_client() -> None:
    """Puts a bare package in the client's place, unless the client is already imported or not to be found."""
    if _PACKAGE in sys.modules:
        return
    spec = PathFinder.find_spec(_PACKAGE, import_module("google.cloud").__path__)
    if spec is None or spec.origin is None:
        return
    spec.loader = None
    spec.submodule_search_locations = [str(Path(spec.origin).parent)]
    sys.modules[_PACKAGE] = module_from_spec(spec)
