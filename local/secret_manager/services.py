"""The gRPC service google.cloud.secretmanager.v1.SecretManagerService over a store."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from google.cloud.secretmanager_v1 import types
from google.iam.v1 import iam_policy_pb2, policy_pb2

from local.grpc_server import unary, unimplemented
from local.paging import page
from local.secret_manager.store import SecretStore
from shared.crc32c import crc32c

_PAGE_SIZE = 25_000
_State = types.SecretVersion.State


class SecretManagerService:
    """The methods of the service; requests and responses are Google's messages."""

    def __init__(self, store: SecretStore) -> None:
        self._store = store

    def create_secret(self, request: types.CreateSecretRequest, _context: Any) -> types.Secret:
        return self._store.create(request.parent, request.secret_id, request.secret)

    def get_secret(self, request: types.GetSecretRequest, _context: Any) -> types.Secret:
        return self._store.get(request.name)

    def list_secrets(self, request: types.ListSecretsRequest, _context: Any) -> types.ListSecretsResponse:
        secrets = self._store.secrets(request.parent, _name_part(request.filter))
        shown, token = page(secrets, request.page_size, request.page_token, _PAGE_SIZE)
        return types.ListSecretsResponse(secrets=shown, next_page_token=token, total_size=len(secrets))

    def update_secret(self, request: types.UpdateSecretRequest, _context: Any) -> types.Secret:
        return self._store.update(request.secret, list(request.update_mask.paths))

    def delete_secret(self, request: types.DeleteSecretRequest, _context: Any) -> None:
        self._store.delete(request.name, request.etag)

    def add_secret_version(
        self, request: types.AddSecretVersionRequest, _context: Any
    ) -> types.SecretVersion:
        return self._store.add_version(request.parent, request.payload)

    def get_secret_version(
        self, request: types.GetSecretVersionRequest, _context: Any
    ) -> types.SecretVersion:
        return self._store.version(request.name)

    def list_secret_versions(
        self, request: types.ListSecretVersionsRequest, _context: Any
    ) -> types.ListSecretVersionsResponse:
        if request.filter:
            raise unimplemented("The local Secret Manager does not filter versions.")
        versions = self._store.versions(request.parent)
        shown, token = page(versions, request.page_size, request.page_token, _PAGE_SIZE)
        return types.ListSecretVersionsResponse(
            versions=shown, next_page_token=token, total_size=len(versions)
        )

    def access_secret_version(
        self, request: types.AccessSecretVersionRequest, _context: Any
    ) -> types.AccessSecretVersionResponse:
        name, content = self._store.access(request.name)
        payload = types.SecretPayload(data=content, data_crc32c=crc32c(content))
        return types.AccessSecretVersionResponse(name=name, payload=payload)

    def setting_state(self, state: int) -> Callable[[Any, Any], types.SecretVersion]:
        """The method that brings a version into `state`; three of Google's methods differ only in it."""

        def set_state(request: Any, _context: Any) -> types.SecretVersion:
            return self._store.set_state(request.name, request.etag, state)

        return set_state

    def get_iam_policy(self, request: Any, _context: Any) -> Any:
        return self._store.policy(request.resource) or policy_pb2.Policy(version=1)

    def set_iam_policy(self, request: Any, _context: Any) -> Any:
        self._store.set_policy(request.resource, request.policy)
        return request.policy


def services(store: SecretStore) -> Mapping[str, Mapping[str, Any]]:
    """{service name: {method name: gRPC handler}}; a method that is not named answers UNIMPLEMENTED."""
    methods = SecretManagerService(store)
    return {"google.cloud.secretmanager.v1.SecretManagerService": {**_secrets(methods), **_versions(methods)}}


def _secrets(methods: SecretManagerService) -> dict[str, Any]:
    policy = policy_pb2.Policy
    return {
        "CreateSecret": unary(methods.create_secret, types.CreateSecretRequest, types.Secret),
        "GetSecret": unary(methods.get_secret, types.GetSecretRequest, types.Secret),
        "ListSecrets": unary(methods.list_secrets, types.ListSecretsRequest, types.ListSecretsResponse),
        "UpdateSecret": unary(methods.update_secret, types.UpdateSecretRequest, types.Secret),
        "DeleteSecret": unary(methods.delete_secret, types.DeleteSecretRequest, None),
        "GetIamPolicy": unary(methods.get_iam_policy, iam_policy_pb2.GetIamPolicyRequest, policy),
        "SetIamPolicy": unary(methods.set_iam_policy, iam_policy_pb2.SetIamPolicyRequest, policy),
    }


def _versions(methods: SecretManagerService) -> dict[str, Any]:
    version = types.SecretVersion
    enable = methods.setting_state(_State.ENABLED)
    disable = methods.setting_state(_State.DISABLED)
    destroy = methods.setting_state(_State.DESTROYED)
    return {
        "AddSecretVersion": unary(methods.add_secret_version, types.AddSecretVersionRequest, version),
        "GetSecretVersion": unary(methods.get_secret_version, types.GetSecretVersionRequest, version),
        "ListSecretVersions": unary(
            methods.list_secret_versions, types.ListSecretVersionsRequest, types.ListSecretVersionsResponse
        ),
        "AccessSecretVersion": unary(
            methods.access_secret_version, types.AccessSecretVersionRequest, types.AccessSecretVersionResponse
        ),
        "EnableSecretVersion": unary(enable, types.EnableSecretVersionRequest, version),
        "DisableSecretVersion": unary(disable, types.DisableSecretVersionRequest, version),
        "DestroySecretVersion": unary(destroy, types.DestroySecretVersionRequest, version),
    }


def _name_part(filter_text: str) -> str:
    """What `name:part` looks for, "" for no filter; the rest of Google's filter language is not supported."""
    if not filter_text:
        return ""
    found = re.fullmatch(r"name:([A-Za-z0-9_/-]+)", filter_text)
    if found is None:
        raise unimplemented("The local Secret Manager filters by name:PART only.")
    return found[1]
