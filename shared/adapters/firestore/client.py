"""Builds Firestore's client on first use: importing it costs a cold start some 0.3 s."""

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from google.cloud.firestore import Client


class LazyClient:
    """Answers the one client of the process, built when first asked; gRPC clients are thread-safe."""

    def __init__(self, project: str, database: str) -> None:
        self._project = project
        self._database = database
        self._lock = threading.Lock()
        self._client: Client | None = None

    def __call__(self) -> "Client":
        with self._lock:
            if self._client is None:
                from google.cloud.firestore import Client  # noqa: PLC0415 - see above

                self._client = Client(project=self._project, database=self._database)
            return self._client
