"""The pages: a shell rendered here, its content by plain ES modules under `static/`. No inline script or style."""

import json
import string
from html import escape
from pathlib import Path

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from local.crm.models import Organisation

_STATIC = Path(__file__).with_name("static")
# The product's web components, built: what a CRM loads with one script tag.
_COMPONENTS = Path(__file__).parents[2] / "web" / "dist" / "crm-gmail.js"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_NAVIGATION = (
    ("/", "contacts"),
    ("/deals", "deals"),
    ("/notices", "notices"),
    ("/settings", "settings"),
    ("/admin", "admin"),
)
LANGUAGES = {"en": "English", "fr": "Français"}
# A mail is shown in a srcdoc frame, which inherits this policy (HTML, 7.8 "policy containers"): style attributes and
# remote pictures are allowed for its sake, the pictures only where mail is read; the frame's own policy forbids them
# until the reader asks for them. Style elements, scripts and forms are not allowed, neither here nor there.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src-elem 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "require-trusted-types-for 'script'",
        # Those of the components, and of Lit within them; our own scripts parse no HTML.
        "trusted-types crm-gmail lit-html",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Pages:
    """The pages and their assets."""

    def __init__(self, org: Organisation) -> None:
        self._org = org
        self._shell = string.Template((_STATIC / "shell.html").read_text(encoding="utf-8"))
        self._words = {
            language: json.loads((_STATIC / "words" / f"{language}.json").read_text(encoding="utf-8"))
            for language in LANGUAGES
        }

    def contacts(self, request: Request) -> Response:
        """The list of contacts."""
        return self._page(request, "contacts")

    def record(self, request: Request, contact_id: str) -> Response:
        """One contact; the script reads the id from the path."""
        return self._page(request, "record")

    def deals(self, request: Request) -> Response:
        """The board of deals."""
        return self._page(request, "deals")

    def admin(self, request: Request) -> Response:
        """The organisation's policy and the health of its mailboxes."""
        return self._page(request, "admin")

    def settings(self, request: Request) -> Response:
        """The user's mail settings."""
        return self._page(request, "settings")

    def connected(self, request: Request) -> Response:
        """The end of a consent whose popup has lost its opener."""
        return self._page(request, "connected")

    def notices(self, request: Request) -> Response:
        """Notices of new mail."""
        return self._page(request, "notices")

    def asset(self, request: Request, name: str) -> Response:
        """A script, stylesheet or catalogue. Raises NotFound for anything else."""
        file = _COMPONENTS if name == _COMPONENTS.name else (_STATIC / name).resolve()
        is_ours = file == _COMPONENTS or file.is_relative_to(_STATIC)
        if not is_ours or file.suffix not in _TYPES or not file.is_file():
            raise NotFound
        response = Response(file.read_bytes(), headers=_HEADERS, content_type=_TYPES[file.suffix])
        response.add_etag()
        return response.make_conditional(request.environ)

    def _page(self, request: Request, page: str) -> Response:
        language = _language(request)
        words = self._words[language]
        fields = {
            "language": language,
            "page": page,
            "org": escape(self._org.name),
            "title": escape(words[f"title.{page}"]),
            "skip": escape(words["shell.skip"]),
            "needs_script": escape(words["shell.needs_script"]),
            "loading": escape(words["shell.loading"]),
            "navigation": "\n".join(
                _link(path, words[f"title.{name}"], current=name == page) for path, name in _NAVIGATION
            ),
            "user_label": escape(words["shell.user"]),
            "language_label": escape(words["shell.language"]),
            "languages": "".join(_option(code, name, code == language) for code, name in LANGUAGES.items()),
            "bar_label": escape(words["bar.title"]),
        }
        html = self._shell.substitute(fields)
        policy = (
            _POLICY.replace("img-src 'self'", "img-src https: http: 'self'") if page == "record" else _POLICY
        )
        headers = {**_HEADERS, "Content-Security-Policy": policy, "Vary": "Accept-Language, Cookie"}
        return Response(html, headers=headers, content_type="text/html; charset=utf-8")


def _language(request: Request) -> str:
    chosen = request.cookies.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    # By primary subtag, in the browser's order: `fr-CH` before `en` means French.
    wanted = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((tag for tag in wanted if tag in LANGUAGES), "en")


def _link(path: str, text: str, current: bool) -> str:
    mark = ' aria-current="page"' if current else ""
    return f'<a href="{path}"{mark}>{escape(text)}</a>'


def _option(value: str, text: str, selected: bool) -> str:
    mark = " selected" if selected else ""
    return f'<option value="{value}"{mark}>{escape(text)}</option>'
