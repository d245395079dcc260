"""No request, however odd, gets an answer that is not Google's."""

import json
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from local.gmail.discovery import Routes, document
from local.gmail.methods import HANDLERS
from tests.local.gmail.running import ALICE, FULL, Running, deliver, mail

SEED = 20261124
ODD_TEXTS = [
    "",
    "0",
    "-1",
    "99999999999999999999",
    "me",
    "INBOX",
    "%00",
    "ü\u202e",
    "a" * 2000,
    "' OR 1=1 --",
    "null",
]
ODD_VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    "",
    "x",
    [],
    {},
    [None],
    ["INBOX"],
    {"id": 1},
    "\ud800",
    "eA==",
]


@pytest.mark.parametrize("name", sorted(HANDLERS))
def test_odd_parameters_and_bodies_get_an_answer_in_googles_shape(gmail: Running, name: str) -> None:
    print("seed", SEED)
    chance = random.Random(f"{SEED} {name}")  # noqa: S311 - repeatable, no secret
    token, message_id = gmail.tokens.grant(ALICE, FULL), deliver(gmail, mail())["id"]
    for _ in range(15):
        http_method, path, body = _odd_call(name, message_id, chance)
        status, _, answer = gmail.request(http_method, path, body, token=token)
        assert status in (200, 204, 400, 403, 404, 409), (http_method, path, body, answer)
        if status >= 400:
            assert json.loads(answer)["error"]["code"] == status


def _odd_call(name: str, message_id: str, chance: random.Random) -> tuple[str, str, bytes]:
    described = _described(name)
    method = Routes(document()).methods[name]
    path = "/" + described["path"].replace("{userId}", "me")
    for parameter in described["parameters"]:
        value = chance.choice([message_id, *ODD_TEXTS[1:]])
        path = path.replace(f"{{{parameter}}}", quote(value, safe=""))
    query = [
        f"{parameter}={quote(chance.choice(ODD_TEXTS), safe='')}"
        for parameter, about in method.parameters.items()
        if about["location"] == "query" and chance.random() < 0.15
    ]
    schema = document()["schemas"].get(method.request or "", {}).get("properties", {})
    body = {field: chance.choice(ODD_VALUES) for field in schema if chance.random() < 0.6}
    return method.http_method, f"{path}?{'&'.join(query)}", json.dumps(body).encode()


def _described(name: str) -> Any:
    found = [method for method in _methods(document()) if method["id"] == f"gmail.users.{name}"]
    return found[0]


def _methods(resource: Any) -> Iterator[Any]:
    yield from resource.get("methods", {}).values()
    for child in resource.get("resources", {}).values():
        yield from _methods(child)


@pytest.mark.parametrize("token", ["WyJtZXNzYWdlcyJd", "bnVsbA", "e30", "%%%", "WzEsMiwzLDRd", "x" * 5000])
def test_page_tokens_that_were_never_given_out_are_400(gmail: Running, token: str) -> None:
    bearer = gmail.tokens.grant(ALICE, FULL)
    for kind in ("messages", "threads", "drafts"):
        path = f"/gmail/v1/users/me/{kind}?pageToken={quote(token)}"
        assert gmail.request("GET", path, token=bearer)[0] == 400
