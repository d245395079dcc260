"""google.firestore.v1.Firestore over gRPC: requests into calls of the engine, answers into messages."""

import secrets
from collections.abc import Iterator

from local.firestore.aggregations import aggregate, aggregated_paths
from local.firestore.engine import Engine
from local.firestore.errors import FirestoreError, not_found
from local.firestore.messages import (
    BatchGetDocumentsRequest,
    BatchGetDocumentsResponse,
    BatchWriteRequest,
    BatchWriteResponse,
    BeginTransactionRequest,
    BeginTransactionResponse,
    CommitRequest,
    CommitResponse,
    CreateDocumentRequest,
    DeleteDocumentRequest,
    Document,
    Empty,
    GetDocumentRequest,
    ListCollectionIdsRequest,
    ListCollectionIdsResponse,
    ListDocumentsRequest,
    ListDocumentsResponse,
    Message,
    PartitionQueryRequest,
    PartitionQueryResponse,
    Precondition,
    RollbackRequest,
    RunAggregationQueryRequest,
    RunAggregationQueryResponse,
    RunQueryRequest,
    RunQueryResponse,
    Status,
    UpdateDocumentRequest,
    Write,
)
from local.firestore.paths import project
from local.firestore.snapshot import Snapshot
from local.firestore.times import to_timestamp
from local.firestore.values import reference_key

_DEFAULT_PAGE = 100


class FirestoreService:
    """One method a call of the API; each raises FirestoreError for the statuses that clients see."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def commit(self, request: CommitRequest) -> CommitResponse:
        results, time = self._engine.commit(request.writes, request.transaction)
        return CommitResponse(write_results=results, commit_time=to_timestamp(time))

    def batch_write(self, request: BatchWriteRequest) -> BatchWriteResponse:
        response = BatchWriteResponse()
        for outcome in self._engine.batch_write(request.writes):
            if isinstance(outcome, FirestoreError):
                response.write_results.add()
                response.status.append(Status(code=outcome.number, message=outcome.message))
            else:
                response.write_results.append(outcome)
                response.status.append(Status())
        return response

    def begin_transaction(self, request: BeginTransactionRequest) -> BeginTransactionResponse:
        return BeginTransactionResponse(transaction=self._engine.begin(request.options))

    def rollback(self, request: RollbackRequest) -> Empty:
        self._engine.rollback(request.transaction)
        return Empty()

    def batch_get_documents(self, request: BatchGetDocumentsRequest) -> Iterator[BatchGetDocumentsResponse]:
        with self._engine.lock:
            view = self._engine.view(request)
            read = [(name, self._engine.document(name, view)) for name in request.documents]
        read_time = to_timestamp(view.read_time)
        if view.begun:
            yield BatchGetDocumentsResponse(transaction=view.begun)
        for name, snapshot in read:
            if snapshot is None:
                yield BatchGetDocumentsResponse(missing=name, read_time=read_time)
            else:
                yield BatchGetDocumentsResponse(found=_shown(snapshot, request), read_time=read_time)

    def run_query(self, request: RunQueryRequest) -> Iterator[RunQueryResponse]:
        with self._engine.lock:
            view = self._engine.view(request)
            query, snapshots = self._engine.query(request.parent, request.structured_query, view)
        read_time = to_timestamp(view.read_time)
        if view.begun:
            yield RunQueryResponse(transaction=view.begun)
        for each in snapshots:
            document = each.document if query.selected is None else project(each.document, query.selected)
            yield RunQueryResponse(document=document, read_time=read_time)
        if not snapshots:
            yield RunQueryResponse(read_time=read_time)

    def run_aggregation_query(
        self, request: RunAggregationQueryRequest
    ) -> Iterator[RunAggregationQueryResponse]:
        asked = request.structured_aggregation_query
        with self._engine.lock:
            view = self._engine.view(request)
            fields = aggregated_paths(asked.aggregations)
            _, snapshots = self._engine.query(request.parent, asked.structured_query, view, fields)
        response = RunAggregationQueryResponse(read_time=to_timestamp(view.read_time), transaction=view.begun)
        for alias, value in aggregate(asked.aggregations, snapshots).items():
            response.result.aggregate_fields[alias].CopyFrom(value)
        yield response

    def get_document(self, request: GetDocumentRequest) -> Document:
        with self._engine.lock:
            snapshot = self._engine.document(request.name, self._engine.view(request))
        if snapshot is None:
            raise not_found(f"Document ({request.name}) not found.")
        return _shown(snapshot, request)

    def create_document(self, request: CreateDocumentRequest) -> Document:
        name = f"{request.parent}/{request.collection_id}/{request.document_id or secrets.token_hex(10)}"
        write = Write(update=request.document, current_document=Precondition(exists=False))
        write.update.name = name
        return self._written(write, name, request)

    def update_document(self, request: UpdateDocumentRequest) -> Document:
        write = Write(update=request.document)
        if request.HasField("update_mask"):
            write.update_mask.CopyFrom(request.update_mask)
        if request.HasField("current_document"):
            write.current_document.CopyFrom(request.current_document)
        return self._written(write, request.document.name, request)

    def delete_document(self, request: DeleteDocumentRequest) -> Empty:
        write = Write(delete=request.name)
        if request.HasField("current_document"):
            write.current_document.CopyFrom(request.current_document)
        self._engine.commit([write])
        return Empty()

    def list_documents(self, request: ListDocumentsRequest) -> ListDocumentsResponse:
        """Pages by name: the token is the last name given."""
        size = request.page_size or _DEFAULT_PAGE
        with self._engine.lock:
            view = self._engine.view(request)
            names = self._engine.list_documents(
                request.parent, request.collection_id, view, request.show_missing
            )
            if request.page_token:
                after = reference_key(request.page_token)
                names = [name for name in names if reference_key(name) > after]
            page = [(name, self._engine.document(name, view)) for name in names[:size]]
        documents = [_shown(each, request) if each else Document(name=name) for name, each in page]
        more = page[-1][0] if len(names) > size else ""
        return ListDocumentsResponse(documents=documents, next_page_token=more)

    def list_collection_ids(self, request: ListCollectionIdsRequest) -> ListCollectionIdsResponse:
        return ListCollectionIdsResponse(collection_ids=self._engine.list_collections(request.parent))

    def partition_query(self, _request: PartitionQueryRequest) -> PartitionQueryResponse:
        """No cut points: one partition holds everything, which the API allows for any query."""
        return PartitionQueryResponse()

    def _written(self, write: Write, name: str, request: Message) -> Document:
        with self._engine.lock:
            self._engine.commit([write])
            snapshot = self._engine.storage.get(name)
        if snapshot is None:
            raise not_found(f'Document "{name}" not found.')
        return _shown(snapshot, request)


def _shown(snapshot: Snapshot, request: Message) -> Document:
    """The document, reduced to the request's mask if it has one."""
    if not request.HasField("mask"):
        return snapshot.document
    return project(snapshot.document, list(request.mask.field_paths))
