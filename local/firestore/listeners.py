"""The Listen stream: the answer to each target, then what changes in it.

https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#listenresponse
"""

import threading
from collections.abc import Iterable, Iterator
from queue import SimpleQueue

from local.firestore.engine import Engine
from local.firestore.errors import FirestoreError
from local.firestore.messages import (
    DocumentChange,
    DocumentDelete,
    DocumentRemove,
    ListenRequest,
    ListenResponse,
    Message,
    Status,
    Target,
    TargetChange,
    Timestamp,
)
from local.firestore.queries import Query
from local.firestore.snapshot import Snapshot
from local.firestore.times import to_timestamp

_NO_CHANGE, _ADD, _REMOVE, _CURRENT, _RESET = range(5)
_CHANGED = "changed"
_END = "end"

State = dict[str, Snapshot]


class _Watched:
    """One target and the documents that the client knows of it."""

    def __init__(self, target: Target, query: Query | None) -> None:
        self.id: int = target.target_id or 1
        self.names: list[str] = list(target.documents.documents)
        self.state: State = {}
        self._query = query
        self._fingerprint: list[tuple[str, int]] | None = None

    def answer(self, engine: Engine) -> State | None:
        """The documents at present, None where nothing can have changed since the last call."""
        if self._query is None:
            found = ((name, engine.storage.get(name)) for name in self.names)
            return {name: snapshot for name, snapshot in found if snapshot is not None}
        database = engine.storage.database(self._query.scope.parent)
        fingerprint = [(each.name, each.changed_at) for each in database.in_scope(self._query.scope)]
        if fingerprint == self._fingerprint:
            return None
        self._fingerprint = fingerprint
        return {each.name: each for each in self._query.run(database.scan(self._query.scope))}


class ListenStream:
    """One client's stream. `responses` runs in the thread of the call; `close` may be called from any."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._events: SimpleQueue[ListenRequest | str] = SimpleQueue()
        self._targets: dict[int, _Watched] = {}

    def close(self) -> None:
        """Ends `responses`."""
        self._events.put(_END)

    def responses(self, requests: Iterable[ListenRequest]) -> Iterator[ListenResponse]:
        """Answers `requests` and reports changes until the client goes."""
        threading.Thread(target=self._receive, args=(requests,), daemon=True).start()
        self._engine.subscribe(self._changed)
        try:
            while (event := self._events.get()) != _END:
                yield from self._handle(event)
        finally:
            self._engine.unsubscribe(self._changed)

    def _receive(self, requests: Iterable[ListenRequest]) -> None:
        try:
            for request in requests:
                self._events.put(request)
        except Exception:  # noqa: S110 - grpc raises a bare Exception when the client is gone
            pass
        finally:
            self.close()

    def _changed(self) -> None:
        self._events.put(_CHANGED)

    def _handle(self, event: ListenRequest | str) -> list[ListenResponse]:
        # Under the lock, so that the state and its read time belong together.
        with self._engine.lock:
            now = to_timestamp(self._engine.clock.present())
            if isinstance(event, str):
                return self._changes(now)
            if event.WhichOneof("target_change") == "add_target":
                return self._add(event.add_target, now)
            self._targets.pop(event.remove_target, None)
            return [_target_change(_REMOVE, target_ids=[event.remove_target])]

    def _add(self, target: Target, now: Timestamp) -> list[ListenResponse]:
        try:
            query = None
            if target.WhichOneof("target_type") == "query":
                query = self._engine.compile(target.query.parent, target.query.structured_query)
            watched = _Watched(target, query)
            watched.state = watched.answer(self._engine) or {}
        except FirestoreError as error:
            cause = Status(code=error.number, message=error.message)
            return [_target_change(_REMOVE, target_ids=[target.target_id], cause=cause)]
        self._targets[watched.id] = watched
        responses = [_target_change(_ADD, target_ids=[watched.id])]
        if target.WhichOneof("resume_type") is not None:
            # All is sent again, so the client must forget what it had.
            responses.append(_target_change(_RESET, target_ids=[watched.id]))
        responses += [_changed_document(each, watched.id) for each in watched.state.values()]
        responses += [_deleted(name, watched.id, now) for name in watched.names if name not in watched.state]
        responses.append(
            _target_change(_CURRENT, target_ids=[watched.id], read_time=now, resume_token=_token(now))
        )
        responses.append(_consistent(now))
        return responses

    def _changes(self, now: Timestamp) -> list[ListenResponse]:
        responses: list[ListenResponse] = []
        for watched in self._targets.values():
            state = watched.answer(self._engine)
            if state is not None:
                responses += self._difference(watched, state, now)
                watched.state = state
        return [*responses, _consistent(now)] if responses else []

    def _difference(self, watched: _Watched, state: State, now: Timestamp) -> Iterator[ListenResponse]:
        for name, snapshot in state.items():
            known = watched.state.get(name)
            if known is None or known.update_time != snapshot.update_time:
                yield _changed_document(snapshot, watched.id)
        for name in watched.state.keys() - state.keys():
            if self._engine.storage.get(name) is None:
                yield _deleted(name, watched.id, now)
            else:
                removed = DocumentRemove(document=name, removed_target_ids=[watched.id], read_time=now)
                yield ListenResponse(document_remove=removed)


def _target_change(kind: int, **fields: object) -> ListenResponse:
    return ListenResponse(target_change=TargetChange(target_change_type=kind, **fields))


def _consistent(now: Timestamp) -> ListenResponse:
    """Says that everything sent so far makes a snapshot of all targets at `now`."""
    return _target_change(_NO_CHANGE, read_time=now, resume_token=_token(now))


def _changed_document(snapshot: Snapshot, target: int) -> ListenResponse:
    change: Message = DocumentChange(document=snapshot.document, target_ids=[target])
    return ListenResponse(document_change=change)


def _deleted(name: str, target: int, now: Timestamp) -> ListenResponse:
    deleted = DocumentDelete(document=name, removed_target_ids=[target], read_time=now)
    return ListenResponse(document_delete=deleted)


def _token(now: Timestamp) -> bytes:
    return f"{now.seconds}.{now.nanos}".encode()
