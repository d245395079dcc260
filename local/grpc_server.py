"""Serves gRPC methods in plain text on a local port, with Google's status codes, until SIGTERM."""

import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc

from local.stop_signal import StopSignal

# More than Google's limit for one publish (10 MB), so that the service can answer INVALID_ARGUMENT
# where the transport would otherwise cut the request off.
_MAX_MESSAGE_BYTES = 24 * 1024 * 1024
# A waiting pull holds a thread; threads are made when they are needed.
_THREADS = 64
_GRACE_S = 0.2


class StatusError(Exception):
    """What the caller is told: a gRPC status and one sentence."""

    def __init__(self, code: grpc.StatusCode, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def not_found(detail: str) -> StatusError:
    """NOT_FOUND: what the request names does not exist."""
    return StatusError(grpc.StatusCode.NOT_FOUND, detail)


def already_exists(detail: str) -> StatusError:
    """ALREADY_EXISTS: what the request would create is there."""
    return StatusError(grpc.StatusCode.ALREADY_EXISTS, detail)


def invalid_argument(detail: str) -> StatusError:
    """INVALID_ARGUMENT: the request would be wrong at any time."""
    return StatusError(grpc.StatusCode.INVALID_ARGUMENT, detail)


def failed_precondition(detail: str) -> StatusError:
    """FAILED_PRECONDITION: the state of what the request names forbids it."""
    return StatusError(grpc.StatusCode.FAILED_PRECONDITION, detail)


def unimplemented(detail: str) -> StatusError:
    """UNIMPLEMENTED: Google has it, this server does not."""
    return StatusError(grpc.StatusCode.UNIMPLEMENTED, detail)


def unary(method: Callable[[Any, Any], Any], request_type: Any, response_type: Any) -> Any:
    """The gRPC handler of a method `(request, context) -> response`; None as `response_type` means Empty.

    The types are Google's own: proto-plus (with `deserialize`, `serialize`) or plain protobuf.
    """

    def answer(request: Any, context: Any) -> Any:
        with _reported(context):
            return method(request, context)

    return grpc.unary_unary_rpc_method_handler(answer, _parser(request_type), _serializer(response_type))


def streaming(method: Callable[[Any, Any], Iterator[Any]], request_type: Any, response_type: Any) -> Any:
    """The gRPC handler of a method `(requests, context) -> responses`, both iterators."""

    def answer(requests: Any, context: Any) -> Iterator[Any]:
        with _reported(context):
            yield from method(requests, context)

    return grpc.stream_stream_rpc_method_handler(answer, _parser(request_type), _serializer(response_type))


@contextmanager
def _reported(context: Any) -> Iterator[None]:
    """Ends the call with the status of what is raised. An unforeseen error is INTERNAL, without its text.

    gRPC itself would send and log the text of the exception, and that may quote a payload.
    """
    try:
        yield
        return
    except StatusError as error:
        code, detail = error.code, error.detail
    except Exception as error:
        code, detail = grpc.StatusCode.INTERNAL, f"The server failed with {type(error).__name__}."
        traceback.print_tb(error.__traceback__)
        sys.stderr.write(f"{type(error).__name__}\n")
    context.abort(code, detail)


def _parser(request_type: Any) -> Any:
    return getattr(request_type, "deserialize", None) or request_type.FromString


def _serializer(response_type: Any) -> Callable[[Any], bytes]:
    if response_type is None:
        return lambda _response: b""  # google.protobuf.Empty has no fields, so no bytes

    def serialize(response: Any) -> bytes:
        proto_plus = hasattr(response_type, "serialize")
        encoded: bytes = response_type.serialize(response) if proto_plus else response.SerializeToString()
        return encoded

    return serialize


class GrpcServer:
    """A started server; `port` is where it listens, on 127.0.0.1."""

    def __init__(self, services: Mapping[str, Mapping[str, Any]], port: int = 0) -> None:
        """Serves `services` ({service name: {method name: handler}}); port 0 picks a free one.

        Raises OSError where the port is taken.
        """
        self._server = grpc.server(
            futures.ThreadPoolExecutor(_THREADS, thread_name_prefix="grpc"),
            # Without this option two servers would share one port and each get half of the calls.
            options=[("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES)],
        )
        for name, methods in services.items():
            handler = grpc.method_handlers_generic_handler(name, dict(methods))
            self._server.add_generic_rpc_handlers((handler,))
        try:
            self.port = int(self._server.add_insecure_port(f"127.0.0.1:{port}"))
        except RuntimeError:
            raise OSError(f"port {port} is taken") from None
        self._server.start()

    def stop(self) -> None:
        """Ends what is under way and frees the port."""
        self._server.stop(_GRACE_S).wait(2 * _GRACE_S)


def run_until_signal(server: GrpcServer, on_stop: Callable[[], None]) -> None:
    """Waits for SIGTERM or SIGINT, calls `on_stop` (which must wake whoever waits) and stops `server`."""
    stop = StopSignal()
    print(f"listening on 127.0.0.1:{server.port}", flush=True)
    stop.wait()
    on_stop()
    server.stop()
