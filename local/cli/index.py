"""Fetches one file of a Python package index (PEP 503 pages, PEP 691 JSON), with nothing but urllib."""

import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from local.cli.fault import Fault
from local.cli.wheels import Wheel

PYPI = "https://pypi.org/simple"
_TIMEOUT_S = 60.0
_ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"


def chosen_index(environment: Mapping[str, str]) -> str | None:
    """The index that the caller's environment names (uv's settings before pip's), else None."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if value := environment.get(name, "").strip():
            return value
    return None


def fetch(wheel: Wheel, project: str, index: str) -> bytes:
    """The wheel's bytes, checked. Raises Fault: index unreachable, file not listed, wrong SHA-256."""
    page_url = f"{index.rstrip('/')}/{project}/"
    page, kind, base = _get(page_url)
    links = _json_links(page) if "json" in kind else _html_links(page)
    link = links.get(wheel.file)
    if link is None:
        raise Fault(f"The package index {_shown(index)} does not list {wheel.file}: use another index.")
    content, _, _ = _get(urljoin(base, link))
    if hashlib.sha256(content).hexdigest() != wheel.sha256:
        raise Fault(f"{wheel.file} from {_shown(index)} is not the pinned file (its SHA-256 differs).")
    return content


def _get(url: str) -> tuple[bytes, str, str]:
    """(body, content type, the URL after redirects)"""
    request = urllib.request.Request(url, headers={"Accept": _ACCEPT})  # noqa: S310  the caller's own index
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
            return answer.read(), answer.headers.get_content_type(), answer.url
    except urllib.error.HTTPError as error:
        raise Fault(f"{_shown(url)} answered {error.code} {error.reason}.") from None
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise Fault(
            f"{_shown(url)} cannot be reached ({reason}): check the network, HTTPS_PROXY and SSL_CERT_FILE."
        ) from None


def _shown(url: str) -> str:
    """The URL without the user name and password that a private index may carry."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _json_links(page: bytes) -> dict[str, str]:
    return {file["filename"]: file["url"] for file in json.loads(page)["files"]}


def _html_links(page: bytes) -> dict[str, str]:
    parser = _Links()
    parser.feed(page.decode("utf-8", "replace"))
    return parser.found


class _Links(HTMLParser):
    """Collects the href of each link under its last path segment, the file's name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found[urlsplit(href).path.rpartition("/")[2]] = href
