"""Where documents lie whose ids are not ours."""

import hashlib
import re
from typing import Final

LONGEST_ID: Final = 1500
"""Bytes. https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields"""
_RESERVED: Final = re.compile(r"\.\.?|__.*__|", re.DOTALL)


def org_path(org: str) -> str:
    """An organisation's document: the CRM's id may hold a slash, or be longer than a document id may be."""
    return f"orgs/{hashlib.sha256(org.encode()).hexdigest()[:40]}"


def share_path(mailbox: str, contact_id: str) -> str:
    """A pick's document, found by mailbox and the CRM's contact id without a query."""
    return f"shares/{mailbox}-{hashlib.sha256(contact_id.encode()).hexdigest()[:40]}"


def is_possible(path: str) -> bool:
    """Whether a document can have this path: what a caller names may be no id to Firestore, which then answers with an
    error instead of nothing.
    """
    ids = path.split("/")[1::2]
    return not any(_RESERVED.fullmatch(part) or len(part.encode()) > LONGEST_ID for part in ids)
