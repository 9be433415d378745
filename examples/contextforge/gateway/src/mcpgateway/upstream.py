"""One MCP server behind the gateway, reached over HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from .jsonrpc import INTERNAL_ERROR, RpcError

TIMEOUT_SECONDS = 30
MAX_ANSWER_BYTES = 16 * 1024 * 1024


class Upstream:
    """A server's name and the address of its MCP endpoint."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.url = url

    def request(
        self, method: str, params: Mapping[str, Any], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """The result of `method`; an error of the server, or of the way to it, is an `RpcError`."""
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        request = urllib.request.Request(
            self.url,
            data=json.dumps(message).encode(),
            headers={
                "Accept": "application/json, text/event-stream",
                "Content-Type": "application/json",
                **headers,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                body = response.read(MAX_ANSWER_BYTES)
            reply = json.loads(body)
        except (OSError, urllib.error.URLError, ValueError) as error:
            raise RpcError(INTERNAL_ERROR, f"server `{self.name}`: {error}") from error
        return self._result(reply)

    def _result(self, reply: Any) -> dict[str, Any]:
        if isinstance(reply, dict) and isinstance(reply.get("error"), dict):
            told = reply["error"]
            raise RpcError(told.get("code", INTERNAL_ERROR), str(told.get("message", "")))
        if not isinstance(reply, dict) or not isinstance(reply.get("result"), dict):
            raise RpcError(INTERNAL_ERROR, f"server `{self.name}` sent no JSON-RPC answer")
        return reply["result"]
