"""The Publisher service of Pub/Sub, just enough to receive what Google's client publishes."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.pubsub_v1.types import PublishRequest, PublishResponse


class TopicServer:
    """Keeps the messages it got: (topic, content)."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []
        self._lock = threading.Lock()
        self._server = grpc.server(ThreadPoolExecutor(max_workers=2))
        publish = grpc.unary_unary_rpc_method_handler(
            self._publish,
            request_deserializer=PublishRequest.deserialize,
            response_serializer=PublishResponse.serialize,
        )
        handler = grpc.method_handlers_generic_handler("google.pubsub.v1.Publisher", {"Publish": publish})
        self._server.add_generic_rpc_handlers((handler,))
        self.port = self._server.add_insecure_port("127.0.0.1:0")

    def _publish(self, request: Any, context: Any) -> Any:
        with self._lock:
            start = len(self.received)
            self.received += [(request.topic, message.data) for message in request.messages]
            ids = [str(number) for number in range(start, len(self.received))]
        return PublishResponse(message_ids=ids)

    @contextmanager
    def serving(self) -> Iterator["TopicServer"]:
        self._server.start()
        try:
            yield self
        finally:
            self._server.stop(grace=None).wait()
