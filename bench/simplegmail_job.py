"""The labeler's job as simplegmail does it: run by `bench.labeler` in a process that has that package.

Called with Gmail's root URL and an access token; prints the seconds that the work took.
"""

import functools
import json
import sys
import time
from pathlib import Path

import googleapiclient
import simplegmail.gmail  # type: ignore[import-not-found]
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document


def main(root_url: str, token: str) -> None:
    """Sorts the Inbox into three labels by sender."""
    documents = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
    document = json.loads((documents / "gmail.v1.json").read_text(encoding="utf-8"))
    document |= {"rootUrl": root_url, "baseUrl": root_url}
    # simplegmail builds its client here, one more for each of its threads.
    simplegmail.gmail.build = functools.partial(_build, document)
    started = time.monotonic()
    gmail = simplegmail.gmail.Gmail(credentials=Credentials(token))  # type: ignore[no-untyped-call]
    taken = {label.name for label in gmail.list_labels()}
    labels = {}
    # As many on a page as Gmail allows; without this it would be two pages.
    for message in gmail.get_messages(labels=["INBOX"], max_results=500):
        name = f"From {message.sender}"
        if name not in labels:
            assert name not in taken
            labels[name] = gmail.create_label(name)
        message.move_from_inbox(labels[name])
    print(json.dumps({"seconds": time.monotonic() - started, "labels": len(labels)}))


def _build(document: dict[str, object], *_: str, credentials: Credentials, **__: object) -> object:
    return build_from_document(document, credentials=credentials)


if __name__ == "__main__":
    main(*sys.argv[1:])
