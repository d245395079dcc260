"""The popup's two pages: one hands the ticket to the page that opened it, the other says what was missing.

No script of the page is inline but one with a nonce; nothing is loaded; nobody may frame it.
"""

import html
import json
import secrets
from typing import Final

from functions.oauth.connect import Authorized
from functions.oauth.refusals import explain_refusal
from shared.errors import AppError
from shared.web import Answer

_TEXTS: Final = {
    "en": {
        "done": "Google's consent has arrived. Go back to the CRM, which connects Gmail now.",
        "close": "You can close this window now.",
        "alone": "This window has no way back to the page that opened it, so nothing was connected. Allow it again "
        "from a page of the CRM that has registered a return URL.",
        "failed": "Gmail was not connected",
        "again": "Close this window and press Authenticate again in the CRM.",
    },
    "fr": {
        "done": "L'autorisation de Google est arrivée. Retournez au CRM, qui connecte Gmail maintenant.",
        "close": "Vous pouvez fermer cette fenêtre.",
        "alone": "Cette fenêtre n'a plus de lien avec la page qui l'a ouverte ; rien n'a donc été connecté. Donnez de "
        "nouveau l'autorisation depuis une page du CRM qui a enregistré une URL de retour.",
        "failed": "Gmail n'a pas été connecté",
        "again": "Fermez cette fenêtre et appuyez de nouveau sur S'authentifier dans le CRM.",
    },
}

_SCRIPT: Final = (
    "const handed=JSON.parse(document.getElementById('authorization').textContent);"
    "const go=handed.return_url&&handed.return_url+'#ticket='+encodeURIComponent(handed.ticket);"
    "if(window.opener){window.opener.postMessage({type:handed.type,ticket:handed.ticket},handed.origin);"
    "setTimeout(()=>window.close(),200)}else if(go){location.replace(go)}"
    "else{document.getElementById('arrived').hidden=true;document.getElementById('alone').hidden=false}"
)


def authorized_page(authorized: Authorized, language: str) -> Answer:
    """Posts `{type, ticket}` to the opener at the origin that began, and to no other, then closes.

    Where the browser has severed the opener (Cross-Origin-Opener-Policy), the ticket goes to the return URL, a page
    of that same origin, in the fragment: it reaches no server and no log. Without either the page says so.
    """
    texts = _TEXTS[language]
    handed = {
        "type": "crm-gmail:authorized",
        "ticket": authorized.ticket,
        "origin": authorized.origin,
        "return_url": authorized.return_url,
    }
    # `<` escaped, so that no value can end the element.
    data = json.dumps(handed).replace("<", "\\u003c")
    body = (
        f"<div id='arrived'><p role='status'>{html.escape(texts['done'])}</p><p>{html.escape(texts['close'])}</p></div>"
        f"<p role='alert' id='alone' hidden>{html.escape(texts['alone'])}</p>"
        f"<script type='application/json' id='authorization'>{data}</script>"
    )
    return _page(200, texts["done"], body, language, _SCRIPT)


def failed_page(error: AppError, status: int, language: str) -> Answer:
    """Says in a sentence why nothing was connected and what to do."""
    texts = _TEXTS[language]
    body = (
        f"<h1>{html.escape(texts['failed'])}</h1><p role='alert'>{html.escape(explain_refusal(error, language))}</p>"
        f"<p>{html.escape(texts['again'])}</p>"
    )
    return _page(status, texts["failed"], body, language, None)


def language_of(accept_language: str | None) -> str:
    """English or French, as the browser prefers."""
    for part in (accept_language or "").lower().split(","):
        tag = part.split(";")[0].strip()[:2]
        if tag in _TEXTS:
            return tag
    return "en"


def _page(status: int, title: str, body: str, language: str, script: str | None) -> Answer:
    nonce = secrets.token_urlsafe(16)
    style = "body{font:1rem/1.5 system-ui,sans-serif;margin:3rem auto;max-width:32rem;padding:0 1rem}"
    run = f"<script nonce='{nonce}'>{script}</script>" if script else ""
    document = (
        f"<!doctype html><html lang='{language}'><head><meta charset='utf-8'>"
        f"<meta name='viewport' content='width=device-width'><title>{html.escape(title)}</title>"
        f"<style nonce='{nonce}'>{style}</style></head><body><main>{body}</main>{run}</body></html>"
    )
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; frame-ancestors 'none'"
    )
    headers = {"Content-Security-Policy": f"{policy}; base-uri 'none'; form-action 'none'"}
    return Answer(
        status=status, headers=headers, content=document.encode(), content_type="text/html; charset=utf-8"
    )
