"""The protobuf classes of google.firestore.v1, without the slow proto-plus wrappers around them.

The types that a type checker sees are in messages.pyi, because protobuf makes these classes at run time.
"""

from google.cloud.firestore_v1.types import aggregation_result, common, document, firestore, query, write
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc.status_pb2 import Status

__all__ = ["Empty", "Message", "Status", "Timestamp"]

# A name for annotations only: protobuf gives map fields a class of its own.
Fields = object


def _raw(wrapper):
    return wrapper.pb(wrapper()).__class__


Document = _raw(document.Document)
Value = _raw(document.Value)

TransactionOptions = _raw(common.TransactionOptions)
Precondition = _raw(common.Precondition)

StructuredQuery = _raw(query.StructuredQuery)
AggregationResult = _raw(aggregation_result.AggregationResult)

Write = _raw(write.Write)
WriteResult = _raw(write.WriteResult)
DocumentChange = _raw(write.DocumentChange)
DocumentDelete = _raw(write.DocumentDelete)
DocumentRemove = _raw(write.DocumentRemove)

BatchGetDocumentsRequest = _raw(firestore.BatchGetDocumentsRequest)
BatchGetDocumentsResponse = _raw(firestore.BatchGetDocumentsResponse)
BatchWriteRequest = _raw(firestore.BatchWriteRequest)
BatchWriteResponse = _raw(firestore.BatchWriteResponse)
BeginTransactionRequest = _raw(firestore.BeginTransactionRequest)
BeginTransactionResponse = _raw(firestore.BeginTransactionResponse)
CommitRequest = _raw(firestore.CommitRequest)
CommitResponse = _raw(firestore.CommitResponse)
CreateDocumentRequest = _raw(firestore.CreateDocumentRequest)
DeleteDocumentRequest = _raw(firestore.DeleteDocumentRequest)
GetDocumentRequest = _raw(firestore.GetDocumentRequest)
ListCollectionIdsRequest = _raw(firestore.ListCollectionIdsRequest)
ListCollectionIdsResponse = _raw(firestore.ListCollectionIdsResponse)
ListDocumentsRequest = _raw(firestore.ListDocumentsRequest)
ListDocumentsResponse = _raw(firestore.ListDocumentsResponse)
ListenRequest = _raw(firestore.ListenRequest)
ListenResponse = _raw(firestore.ListenResponse)
PartitionQueryRequest = _raw(firestore.PartitionQueryRequest)
PartitionQueryResponse = _raw(firestore.PartitionQueryResponse)
RollbackRequest = _raw(firestore.RollbackRequest)
RunAggregationQueryRequest = _raw(firestore.RunAggregationQueryRequest)
RunAggregationQueryResponse = _raw(firestore.RunAggregationQueryResponse)
RunQueryRequest = _raw(firestore.RunQueryRequest)
RunQueryResponse = _raw(firestore.RunQueryResponse)
Target = _raw(firestore.Target)
TargetChange = _raw(firestore.TargetChange)
UpdateDocumentRequest = _raw(firestore.UpdateDocumentRequest)
