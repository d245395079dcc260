"""What docs/embedding.md tells a CRM's developer: the page's policy, and the custom properties with their defaults."""

import re
from pathlib import Path
from typing import Final, NamedTuple

_PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "embedding.md"
_ROW: Final = re.compile(r"^\| `--gmail-([a-z-]+)` \| `([^`]+)` \| (?:`([^`]+)` )?\|", re.MULTILINE)
_POLICY: Final = re.compile(r"^```text\n(default-src .*?)\n```$", re.MULTILINE | re.DOTALL)


class Default(NamedTuple):
    """A property's value where the host sets none. `dark` is empty where it is no colour."""

    light: str
    dark: str


def documented() -> dict[str, Default]:
    """The properties of the table, without `--gmail-`."""
    return {
        name: Default(light, dark) for name, light, dark in _ROW.findall(_PAGE.read_text(encoding="utf-8"))
    }


def documented_policy(endpoint: str) -> str:
    """The Content-Security-Policy of the example, for this endpoint."""
    found = _POLICY.search(_PAGE.read_text(encoding="utf-8"))
    assert found is not None
    return " ".join(found[1].split()).replace("https://mail.example.com", endpoint)
