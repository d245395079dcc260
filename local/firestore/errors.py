"""The one error of the server: a gRPC status with the message that the client sees."""

from grpc import StatusCode


class FirestoreError(Exception):
    """Ends a call with `code` and `message`."""

    def __init__(self, code: StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def number(self) -> int:
        """The code as google.rpc.Code counts it."""
        return int(self.code.value[0])


def invalid(message: str) -> FirestoreError:
    """INVALID_ARGUMENT."""
    return FirestoreError(StatusCode.INVALID_ARGUMENT, message)


def not_found(message: str) -> FirestoreError:
    """NOT_FOUND."""
    return FirestoreError(StatusCode.NOT_FOUND, message)


def already_exists(message: str) -> FirestoreError:
    """ALREADY_EXISTS."""
    return FirestoreError(StatusCode.ALREADY_EXISTS, message)


def precondition_failed(message: str) -> FirestoreError:
    """FAILED_PRECONDITION."""
    return FirestoreError(StatusCode.FAILED_PRECONDITION, message)


def contention() -> FirestoreError:
    """ABORTED: what a transaction read has changed; client libraries run the transaction again."""
    return FirestoreError(StatusCode.ABORTED, "Too much contention on these documents. Please try again.")


def unsupported(message: str) -> FirestoreError:
    """UNIMPLEMENTED: this server does not have the feature."""
    return FirestoreError(StatusCode.UNIMPLEMENTED, message)
