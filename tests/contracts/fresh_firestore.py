"""The stores over both Firestore servers: each test gets a project of its own, so no test sees another's rows."""

import uuid
from dataclasses import replace
from typing import Any

from shared.adapters.firestore.documents import Documents
from tests.contracts.firestore_servers import Firestore


def fresh_documents(firestore: Firestore) -> Documents:
    """The door to an empty project."""
    client: Any = replace(firestore, project=f"test-{uuid.uuid4().hex[:8]}").client()
    return Documents(lambda: client)
