"""Parameters of Content-Type and Content-Disposition (RFC 2045, RFC 2231), and names for files made from them."""

import re
from email.message import Message
from email.utils import collapse_rfc2231_value
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from shared.domain.header_text import decode_header, showable

NAME_LIMIT: Final = 150
_MIME_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
_UNSAFE_IN_NAME: Final = re.compile(r'[/\\:*?"<>|%]+')
_DEVICE: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)")
_EXTENSIONS: Final = {
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
    "text/vcard": ".vcf",
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
    "message/delivery-status": ".txt",
}


def parameter(value: str, name: str) -> str:
    """A parameter of a Content-Type or Content-Disposition value, in any of RFC 2231's forms; empty if absent."""
    message = Message()
    try:
        message["Content-Disposition"] = re.sub(r"[\r\n]+", " ", value[:8000])
        found = message.get_param(name, "", "content-disposition")
        return collapse_rfc2231_value(found) if isinstance(found, tuple) else str(found)
    except Exception:  # the standard library's parser raises a dozen kinds on hostile input
        return ""


def mime_type(text: str) -> str:
    """A type fit for an answer: lower case, no parameters, or application/octet-stream."""
    plain = text.split(";", maxsplit=1)[0].strip().lower()
    return plain if _MIME_TYPE.fullmatch(plain) else "application/octet-stream"


def file_name(wanted: str, kind: str) -> str:
    """A name that is safe to save under: no path, control or bidi characters, no device name, 150 characters.

    A part without a name is called `attachment` with the extension of its type.
    """
    name = _UNSAFE_IN_NAME.sub("_", decode_header(wanted)).strip(". ")
    name = _DEVICE.sub(r"_\1", name, count=1) if _DEVICE.match(name) else name
    if not name.strip("_"):
        name = "attachment" + _EXTENSIONS.get(kind, "")
    if len(name) > NAME_LIMIT:
        suffix = PurePosixPath(name).suffix[:20]
        name = name[: NAME_LIMIT - len(suffix)].rstrip(". ") + suffix
    return name


def attachment_disposition(name: str) -> str:
    """A Content-Disposition that makes browsers save, never show (RFC 6266): ASCII form and UTF-8 form."""
    plain = re.sub(r"[^\x20-\x7e]|[\"\\%;]", "_", showable(name))
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
