"""What a caller and the log see of an error in a local gRPC server."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.cloud.secretmanager_v1 import types

from local.grpc_server import GrpcServer, not_found, streaming, unary

REQUEST = types.GetSecretRequest
CANARY = "canary-4711"


def _raise(error: Exception) -> Any:
    raise error


def _stream(_requests: Any, _context: Any) -> Iterator[types.Secret]:
    yield types.Secret(name="first")
    raise ValueError(CANARY)


@pytest.fixture
def channel() -> Iterator[grpc.Channel]:
    server = GrpcServer(
        {
            "test.Service": {
                "Missing": unary(lambda _r, _c: _raise(not_found("no such thing")), REQUEST, None),
                "Broken": unary(lambda _r, _c: _raise(ValueError(CANARY)), REQUEST, None),
                "Stream": streaming(_stream, REQUEST, types.Secret),
            }
        }
    )
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield channel
    server.stop()


def test_a_foreseen_error_has_its_status_and_sentence(channel: grpc.Channel) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        channel.unary_unary("/test.Service/Missing")(b"", timeout=60)
    assert raised.value.code() == grpc.StatusCode.NOT_FOUND
    assert raised.value.details() == "no such thing"


def test_an_unforeseen_error_is_internal_and_its_text_is_neither_sent_nor_printed(
    channel: grpc.Channel, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        channel.unary_unary("/test.Service/Broken")(b"", timeout=60)
    printed = capfd.readouterr()
    assert raised.value.code() == grpc.StatusCode.INTERNAL
    assert raised.value.details() == "The server failed with ValueError."
    assert "test_grpc_server.py" in printed.err
    assert CANARY not in printed.err + printed.out


def test_a_stream_that_fails_ends_with_a_status(channel: grpc.Channel) -> None:
    answers = channel.stream_stream("/test.Service/Stream")(iter([b""]), timeout=60)
    assert types.Secret.deserialize(next(answers)).name == "first"
    with pytest.raises(grpc.RpcError) as raised:
        next(answers)
    assert raised.value.code() == grpc.StatusCode.INTERNAL
    assert CANARY not in str(raised.value)


def test_a_method_that_is_not_there_is_unimplemented(channel: grpc.Channel) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        channel.unary_unary("/test.Service/Other")(b"", timeout=60)
    assert raised.value.code() == grpc.StatusCode.UNIMPLEMENTED
