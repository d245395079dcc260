"""The demo CRM's pages as the server sends them; how they behave in a browser is tested elsewhere."""

import json
import re
from pathlib import Path

import pytest
from werkzeug.test import Client

from local.crm.app import CrmApp
from local.crm.models import Seed
from local.crm.records import Records
from local.crm.tokens import TokenSigner
from tests.contracts.connector_contract import RECORDS
from tests.local.crm.ticking import TickingClock

PATHS = ("/", "/contacts/one", "/deals", "/settings", "/notices", "/admin")
STATIC = Path(__file__).parents[3] / "local" / "crm" / "static"


@pytest.fixture
def client() -> Client:
    records = Records(Seed.model_validate(RECORDS), TickingClock().now)
    return Client(CrmApp(records, TokenSigner("http://localhost/crm", "acme"), lambda: "service"))


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_a_strict_policy_and_nothing_inline(client: Client, path: str) -> None:
    answer = client.get(path)
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src-elem"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["trusted-types"] == "crm-gmail lit-html"
    html = answer.get_data(as_text=True)
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=|javascript:", html)


@pytest.mark.parametrize("path", PATHS)
def test_every_asset_that_a_page_needs_is_there(client: Client, path: str) -> None:
    wanted = re.findall(r'(?:src|href)="(/assets/[^"]+)"', client.get(path).get_data(as_text=True))
    assert len(wanted) >= 4
    for asset in wanted:
        assert client.get(asset).status_code == 200


def test_modules_import_only_modules_that_exist() -> None:
    for module in STATIC.glob("*.js"):
        for name in re.findall(r'from "\./([\w.]+)"', module.read_text(encoding="utf-8")):
            assert (STATIC / name).is_file(), f"{module.name} imports {name}"


@pytest.mark.parametrize(
    ("accepted", "cookie", "language"),
    [
        ("fr-CH, en;q=0.5", None, "fr"),
        ("en-GB", None, "en"),
        ("ja", None, "en"),
        ("", None, "en"),
        ("en", "fr", "fr"),
        ("fr", "xx", "fr"),
    ],
)
def test_the_language_follows_the_browser_until_the_user_chooses(
    client: Client, accepted: str, cookie: str | None, language: str
) -> None:
    if cookie:
        client.set_cookie("language", cookie)
    html = client.get("/settings", headers={"Accept-Language": accepted}).get_data(as_text=True)
    assert f'<html lang="{language}">' in html


def test_both_catalogues_hold_the_same_sentences_with_the_same_gaps() -> None:
    english, french = (
        json.loads((STATIC / "words" / f"{language}.json").read_text(encoding="utf-8"))
        for language in ("en", "fr")
    )
    assert set(english) == set(french)
    for key, sentence in english.items():
        assert set(re.findall(r"\{\w+\}", sentence)) == set(re.findall(r"\{\w+\}", french[key])), key


def test_every_sentence_that_the_scripts_name_is_in_the_catalogue() -> None:
    catalogue = json.loads((STATIC / "words" / "en.json").read_text(encoding="utf-8"))
    for module in STATIC.glob("*.js"):
        for key in re.findall(r'say\("([^"]+)"', module.read_text(encoding="utf-8")):
            assert key in catalogue, f"{module.name}: {key}"


def test_every_sentence_of_the_catalogue_is_used() -> None:
    catalogue = json.loads((STATIC / "words" / "en.json").read_text(encoding="utf-8"))
    sources = [*STATIC.glob("*.js"), STATIC.parent / "pages.py"]
    text = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    literal = set(re.findall(r'"([a-z_]+(?:\.[a-z_]+)+)"', text))
    # A template such as `state.${name}` stands for every key that begins and ends like it.
    pieces = [re.split(r"\$\{[^}]*\}", one) for one in re.findall(r"`([a-z_.]+\.\$\{[^`]*)`", text)]
    templates = ["[a-z_]+".join(map(re.escape, one)) for one in pieces] + [r"title\.[a-z]+"]
    unused = {
        key for key in catalogue if key not in literal and not any(re.fullmatch(t, key) for t in templates)
    }
    assert unused == set()


def test_no_script_parses_html_or_keeps_the_token() -> None:
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|localStorage")
    for module in STATIC.glob("*.js"):
        assert not forbidden.search(module.read_text(encoding="utf-8")), module.name
    kept = [
        line for file in STATIC.glob("*.js") for line in file.read_text().splitlines() if "setItem" in line
    ]
    assert [line.strip() for line in kept] == ["sessionStorage.setItem(USER, select.value);"]


@pytest.mark.parametrize(
    "name", ["../app.py", "%2e%2e/app.py", "shell.html", "words", "none.js", "/etc/passwd"]
)
def test_only_assets_are_served(client: Client, name: str) -> None:
    assert client.get(f"/assets/{name}").status_code == 404


def test_an_asset_that_did_not_change_is_not_sent_again(client: Client) -> None:
    first = client.get("/assets/base.css")
    again = client.get("/assets/base.css", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
