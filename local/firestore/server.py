"""The gRPC server around the service: method table, errors to statuses, start and stop."""

from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc

from local.firestore import messages
from local.firestore.engine import Engine
from local.firestore.errors import FirestoreError
from local.firestore.indexes import IndexCatalog
from local.firestore.listeners import ListenStream
from local.firestore.messages import ListenRequest, ListenResponse, Message
from local.firestore.service import FirestoreService
from local.firestore.sqlite_store import SqliteStore

_SERVICE = "google.firestore.v1.Firestore"
# Every open Listen stream holds a thread for as long as it lives; threads are made when they are needed.
_THREADS = 256
_MAX_REQUEST_BYTES = 11 << 20


class FirestoreServer:
    """A Firestore for this machine. Documents are in memory, and in `store` too if it names an SQLite file.

    With `indexes`, a query whose index is not among them fails as in the cloud.
    """

    def __init__(self, indexes: IndexCatalog | None = None, store: Path | None = None) -> None:
        self._store = SqliteStore(store) if store else None
        self._engine = Engine(indexes, self._store)
        self._server: Any = None

    def start(self, port: int = 0, host: str = "127.0.0.1") -> int:
        """Serves from now on; the port (a free one for 0). Raises RuntimeError if the port is taken."""
        self._server = grpc.server(
            futures.ThreadPoolExecutor(_THREADS),
            options=[("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", _MAX_REQUEST_BYTES)],
        )
        self._server.add_generic_rpc_handlers([_handlers(self._engine)])
        bound: int = self._server.add_insecure_port(f"{host}:{port}")
        self._server.start()
        return bound

    def stop(self, grace_s: float = 0.2) -> None:
        """Lets running calls end for `grace_s` seconds, then stops and closes the store."""
        if self._server is not None:
            self._server.stop(grace_s).wait()
        # Nothing may be half written when the file is closed.
        with self._engine.lock:
            if self._store:
                self._store.close()

    def reset(self) -> None:
        """Forgets every document of every project."""
        self._engine.reset()


def _handlers(engine: Engine) -> Any:
    service = FirestoreService(engine)
    return grpc.method_handlers_generic_handler(
        _SERVICE,
        {
            "BatchGetDocuments": _streaming(messages.BatchGetDocumentsRequest, service.batch_get_documents),
            "BatchWrite": _unary(messages.BatchWriteRequest, service.batch_write),
            "BeginTransaction": _unary(messages.BeginTransactionRequest, service.begin_transaction),
            "Commit": _unary(messages.CommitRequest, service.commit),
            "CreateDocument": _unary(messages.CreateDocumentRequest, service.create_document),
            "DeleteDocument": _unary(messages.DeleteDocumentRequest, service.delete_document),
            "GetDocument": _unary(messages.GetDocumentRequest, service.get_document),
            "ListCollectionIds": _unary(messages.ListCollectionIdsRequest, service.list_collection_ids),
            "ListDocuments": _unary(messages.ListDocumentsRequest, service.list_documents),
            "Listen": _listen(engine),
            "PartitionQuery": _unary(messages.PartitionQueryRequest, service.partition_query),
            "Rollback": _unary(messages.RollbackRequest, service.rollback),
            "RunAggregationQuery": _streaming(
                messages.RunAggregationQueryRequest, service.run_aggregation_query
            ),
            "RunQuery": _streaming(messages.RunQueryRequest, service.run_query),
            "UpdateDocument": _unary(messages.UpdateDocumentRequest, service.update_document),
        },
    )


def _serialize(message: Message) -> bytes:
    return message.SerializeToString()


def _unary(request_type: type[Message], method: Callable[[Any], Message]) -> Any:
    def answer(request: Message, context: Any) -> Message | None:
        try:
            return method(request)
        except FirestoreError as error:
            context.abort(error.code, error.message)
            return None

    return grpc.unary_unary_rpc_method_handler(answer, request_type.FromString, _serialize)


def _streaming(request_type: type[Message], method: Callable[[Any], Iterator[Message]]) -> Any:
    def answer(request: Message, context: Any) -> Iterator[Message]:
        try:
            yield from method(request)
        except FirestoreError as error:
            context.abort(error.code, error.message)

    return grpc.unary_stream_rpc_method_handler(answer, request_type.FromString, _serialize)


def _listen(engine: Engine) -> Any:
    def answer(requests: Iterable[ListenRequest], context: Any) -> Iterator[ListenResponse]:
        stream = ListenStream(engine)
        if context.add_callback(stream.close):
            yield from stream.responses(requests)

    return grpc.stream_stream_rpc_method_handler(answer, ListenRequest.FromString, _serialize)
