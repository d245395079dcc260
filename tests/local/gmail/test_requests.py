"""What every call has in common: paths, parameters, scopes, users, masks, errors, uploads."""

import base64
import io
import json
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

from local.gmail import fields
from local.gmail.errors import GoogleError
from tests.local.gmail.running import (
    ALICE,
    BOB,
    FULL,
    METADATA,
    READONLY,
    SEND,
    Running,
    deliver,
    mail,
    raw,
    reason,
)

PROFILE = "/gmail/v1/users/me/profile"


def error_of(answer: bytes) -> dict[str, Any]:
    error: dict[str, Any] = json.loads(answer)["error"]
    assert set(error) >= {"code", "message", "status", "errors"}
    assert set(error["errors"][0]) == {"domain", "reason", "message"}
    return error


def test_healthz_answers_without_a_token(gmail: Running) -> None:
    assert gmail.request("GET", "/healthz")[0] == 200


@pytest.mark.parametrize("token", [None, "forged"])
def test_a_call_without_a_known_token_is_401(gmail: Running, token: str | None) -> None:
    status, headers, answer = gmail.request("GET", PROFILE, token=token)

    assert status == 401
    assert error_of(answer)["status"] == "UNAUTHENTICATED"
    assert headers["www-authenticate"].startswith("Bearer")


def test_an_unknown_path_or_verb_is_404_in_googles_shape(gmail: Running) -> None:
    token = gmail.tokens.grant(ALICE, FULL)
    for method, path in (("GET", "/gmail/v1/users/me/nothing"), ("PUT", PROFILE), ("GET", "/")):
        status, _, answer = gmail.request(method, path, token=token)
        assert (status, error_of(answer)["errors"][0]["reason"]) == (404, "notFound")


def test_a_gmail_method_that_is_not_there_is_501_and_named(gmail: Running) -> None:
    with pytest.raises(HttpError, match=r"settings\.filters\.list") as refused:
        gmail.users().settings().filters().list(userId="me").execute()

    assert reason(refused) == (501, "notImplemented")


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "maxResults=many",
        "maxResults=-1",
        "includeSpamTrash=yes",
        "maxResults=1&maxResults=2",
        "alt=xml",
        "alt=media",
        "fields=messages(id",
        "fields=,",
        "fields=messages/colour",
        "fields=colour",
    ],
)
def test_a_query_that_the_discovery_document_does_not_allow_is_400(gmail: Running, query: str) -> None:
    token = gmail.tokens.grant(ALICE, FULL)
    status, _, answer = gmail.request("GET", f"/gmail/v1/users/me/messages?{query}", token=token)

    assert status == 400
    assert error_of(answer)["status"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"colour": "red"}',
        b'{"addLabelIds": "INBOX"}',
        b'{"addLabelIds": [7]}',
        b'{"addLabelIds": null}',
        b'{"addLabelIds": ["\\ud800"]}',
        b"[" * 100_000,
    ],
)
def test_a_body_that_does_not_fit_its_schema_is_400(gmail: Running, body: bytes) -> None:
    token, message_id = gmail.tokens.grant(ALICE, FULL), deliver(gmail, mail())["id"]
    path = f"/gmail/v1/users/me/messages/{message_id}/modify"
    status, _, answer = gmail.request("POST", path, body, token=token)

    assert status == 400
    assert error_of(answer)["errors"][0]["reason"] == "invalidArgument"


def test_the_enum_of_a_parameter_is_enforced(gmail: Running) -> None:
    token, message_id = gmail.tokens.grant(ALICE, FULL), deliver(gmail, mail())["id"]
    status, _, _ = gmail.request("GET", f"/gmail/v1/users/me/messages/{message_id}?format=huge", token=token)

    assert status == 400


def test_a_method_needs_one_of_its_scopes(gmail: Running) -> None:
    message_id = deliver(gmail, mail())["id"]
    readonly, sender = gmail.users(ALICE, READONLY), gmail.users(ALICE, SEND)

    assert readonly.messages().get(userId="me", id=message_id).execute()["id"] == message_id
    for call in (
        readonly.messages().modify(userId="me", id=message_id, body={"addLabelIds": ["STARRED"]}),
        sender.messages().list(userId="me"),
        gmail.users(ALICE, METADATA).messages().attachments().get(userId="me", messageId=message_id, id="x"),
    ):
        with pytest.raises(HttpError) as refused:
            call.execute()
        assert reason(refused) == (403, "insufficientPermissions")
        details = json.loads(refused.value.content)["error"]["details"][0]
        assert details["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_only_the_own_mailbox_can_be_named(gmail: Running) -> None:
    assert gmail.users().getProfile(userId=ALICE.upper()).execute()["emailAddress"] == ALICE
    with pytest.raises(HttpError, match="Delegation denied") as refused:
        gmail.users().getProfile(userId=BOB).execute()

    assert reason(refused)[0] == 403


def test_get_profile_counts_messages_and_threads(gmail: Running) -> None:
    deliver(gmail, mail("Offer", Message_ID="<1@c.test>"))
    deliver(gmail, mail("Re: Offer", In_Reply_To="<1@c.test>"))
    profile = gmail.users().getProfile(userId="me").execute()

    assert (profile["messagesTotal"], profile["threadsTotal"]) == (2, 1)
    assert isinstance(profile["historyId"], str)
    assert int(profile["historyId"]) > 2**53


def test_a_fields_mask_leaves_only_what_it_names(gmail: Running) -> None:
    message_id = deliver(gmail, mail("masked"))["id"]
    messages = gmail.users().messages()
    listed = messages.list(userId="me", fields="messages/id,nextPageToken").execute()
    read = messages.get(userId="me", id=message_id, fields="id,payload(headers/name,body/size)").execute()

    assert listed == {"messages": [{"id": message_id}]}
    assert set(read) == {"id", "payload"}
    assert set(read["payload"]) == {"headers", "body"}
    assert all(set(header) == {"name"} for header in read["payload"]["headers"])


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("a,b(c,d/e),items/id", {"a": {}, "b": {"c": {}, "d": {"e": {}}}, "items": {"id": {}}}),
        ("a/b,a/c", {"a": {"b": {}, "c": {}}}),
        ("a,a/b", {"a": {}}),
        ("a/b,a", {"a": {}}),
        ("*", {"*": {}}),
        (" a , b ", {"a": {}, "b": {}}),
    ],
)
def test_masks_are_read_as_google_writes_them(text: str, mask: fields.Mask) -> None:
    assert fields.parse(text) == mask


@pytest.mark.parametrize("text", ["", "a,", "a(b", "a)", "a//b", "(a)", "a(b))", "a;b", "a" + "(a" * 500])
def test_broken_masks_are_refused(text: str) -> None:
    with pytest.raises(GoogleError):
        fields.parse(text)


def test_pretty_print_can_be_turned_off(gmail: Running) -> None:
    token = gmail.tokens.grant(ALICE, FULL)

    assert b"\n" in gmail.request("GET", PROFILE, token=token)[2]
    assert b"\n" not in gmail.request("GET", f"{PROFILE}?prettyPrint=false", token=token)[2]


def test_alt_media_answers_the_mail_itself(gmail: Running) -> None:
    content = mail("as a file")
    token, message_id = gmail.tokens.grant(ALICE, FULL), deliver(gmail, content)["id"]
    _, headers, answer = gmail.request(
        "GET", f"/gmail/v1/users/me/messages/{message_id}?alt=media", token=token
    )

    assert answer == content
    assert headers["content-type"].startswith("message/rfc822")


def test_the_token_may_stand_in_the_query(gmail: Running) -> None:
    token = gmail.tokens.grant(ALICE, FULL)

    assert gmail.request("GET", f"{PROFILE}?access_token={token}")[0] == 200


@pytest.mark.parametrize("resumable", [False, True])
@pytest.mark.parametrize("metadata", [None, {"labelIds": ["STARRED"]}])
def test_a_mail_can_be_uploaded_as_a_file(
    gmail: Running, resumable: bool, metadata: dict[str, Any] | None
) -> None:
    content = mail("uploaded", body="x" * 700_000)
    media = MediaIoBaseUpload(
        io.BytesIO(content), "message/rfc822", chunksize=256 * 1024, resumable=resumable
    )
    messages = gmail.users().messages()
    made = messages.insert(userId="me", body=metadata, media_body=media).execute()
    stored = messages.get(userId="me", id=made["id"], format="raw").execute()

    assert base64.urlsafe_b64decode(stored["raw"]) == content
    assert stored.get("labelIds", []) == (metadata or {}).get("labelIds", [])


def test_sending_and_drafting_take_uploads_too(gmail: Running) -> None:
    content = mail("uploaded", sender=ALICE, to=BOB)

    def media() -> MediaIoBaseUpload:
        return MediaIoBaseUpload(io.BytesIO(content), "message/rfc822", resumable=True)

    users = gmail.users()
    draft = users.drafts().create(userId="me", body={}, media_body=media()).execute()
    sent = users.messages().send(userId="me", media_body=media()).execute()

    assert draft["message"]["labelIds"] == ["DRAFT"]
    assert sent["labelIds"] == ["SENT"]


def test_an_upload_of_a_wrong_kind_is_400(gmail: Running) -> None:
    token = gmail.tokens.grant(ALICE, FULL)
    path = "/upload/gmail/v1/users/me/messages?uploadType="
    for kind, content_type in (("floppy", "message/rfc822"), ("multipart", "message/rfc822")):
        status, _, _ = gmail.request("POST", path + kind, b"x", token=token, Content_Type=content_type)
        assert status == 400
    gone = gmail.request("PUT", path.replace("messages", "messages/import") + "resumable", b"x", token=token)
    assert gone[0] == 404


def test_an_error_of_the_mailbox_changes_nothing(gmail: Running) -> None:
    before = gmail.users().getProfile(userId="me").execute()
    with pytest.raises(HttpError):
        gmail.users().messages().insert(
            userId="me", body={"raw": raw(mail()), "labelIds": ["Label_gone"]}
        ).execute()

    assert gmail.users().getProfile(userId="me").execute() == before


def test_a_get_whose_uri_is_too_long_comes_as_an_overridden_post(gmail: Running) -> None:
    message_id = deliver(gmail, mail(sender="ann@quill.example", subject="Found"))["id"]
    senders = " OR ".join(["ann@quill.example", *(f"nobody-{n:03}@a-long-domain.example" for n in range(80))])
    messages = gmail.client(ALICE).users().messages()

    found = messages.list(userId="me", q=f"from:({senders})").execute()

    # The control: google-api-python-client leaves GET where a URI has over 2,048 characters.
    assert len(messages.list(userId="me", q=f"from:({senders})").uri) > 2048
    assert [row["id"] for row in found["messages"]] == [message_id]
