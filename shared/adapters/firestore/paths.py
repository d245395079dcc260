"""Where documents lie whose ids are not ours."""

import hashlib


def org_path(org: str) -> str:
    """An organisation's document: the CRM's id may hold a slash, or be longer than a document id may be."""
    return f"orgs/{hashlib.sha256(org.encode()).hexdigest()[:40]}"


def share_path(mailbox: str, contact_id: str) -> str:
    """A pick's document, found by mailbox and the CRM's contact id without a query."""
    return f"shares/{mailbox}-{hashlib.sha256(contact_id.encode()).hexdigest()[:40]}"
