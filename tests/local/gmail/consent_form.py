"""Google's consent page as a plain HTTP client sees it: one form, its fields as they stand."""

from collections.abc import Collection
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import urllib3

HTTP = urllib3.PoolManager(retries=False)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Form:
    """The fields of a page's form. `fields` are those that a browser would send without a button."""

    action: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def untick(self, name: str, value: str) -> None:
        """Takes a ticked box out. Raises ValueError if it is not ticked."""
        self.fields.remove((name, value))

    def choose(self, name: str, value: str) -> None:
        """Moves a radio button. Raises StopIteration if there is no such choice."""
        next(choice for choice in self.choices[name] if choice == value)
        self.fields = [pair for pair in self.fields if pair[0] != name] + [(name, value)]

    def values(self, name: str) -> list[str]:
        return [value for field_name, value in self.fields if field_name == name]


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            assert values["method"] == "post"
            self.forms.append(Form(values["action"]))
        elif tag == "button" and "name" in values:
            self.forms[-1].buttons.append((values["name"], values["value"]))
        elif tag == "input":
            pair = (values["name"], values["value"])
            if values["type"] != "hidden":
                self.forms[-1].choices.setdefault(pair[0], []).append(pair[1])
            if values["type"] == "hidden" or "checked" in values:
                self.forms[-1].fields.append(pair)


def read_forms(url: str) -> list[Form]:
    """The forms of the page at `url`, which must not need scripts."""
    answer = HTTP.request("GET", url)
    assert answer.status == 200, answer.data.decode()
    reader = _FormReader()
    reader.feed(answer.data.decode())
    assert "script" not in reader.tags
    for form in reader.forms:
        form.action = urljoin(url, form.action)
    return reader.forms


def read_form(url: str) -> Form:
    """The one form of the page at `url`."""
    (form,) = read_forms(url)
    return form


def submit(form: Form, decision: str) -> dict[str, str]:
    """Presses a button; the parameters that the redirect takes back to the client."""
    assert ("decision", decision) in form.buttons
    return send(form, ("decision", decision))


def send(form: Form, *more: tuple[str, str]) -> dict[str, str]:
    """Sends the fields as they stand; the parameters that the redirect takes back to the client."""
    body = urlencode([*form.fields, *more])
    return redirected(HTTP.request("POST", form.action, body=body, headers=FORM, redirect=False))


def redirected(answer: urllib3.BaseHTTPResponse) -> dict[str, str]:
    """The query parameters of a redirect's target."""
    assert answer.status == 302, answer.data.decode()
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def click_through(url: str, email: str | None = None, unticked: Collection[str] = ()) -> dict[str, str]:
    """Allows, as `email` (else as the page proposes), all scopes but the `unticked`; what the client gets."""
    form = read_form(url)
    if email is not None:
        form.choose("email", email)
    for scope in unticked:
        form.untick("scope", scope)
    return submit(form, "allow")
