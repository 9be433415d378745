"""What the gateway does with an MCP request, whoever brought it.

A tool `get_time` of the server `time` is `time-get_time` to the gateway's clients.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from . import __version__
from .jsonrpc import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    RpcError,
    answer,
    failure,
)
from .upstream import Upstream

PROTOCOLS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")


class Gateway:
    """Many MCP servers as one. `plugins` is a plugin `Manager`, or None."""

    def __init__(self, upstreams: Sequence[Upstream], plugins: Any = None) -> None:
        self.upstreams = {upstream.name: upstream for upstream in upstreams}
        self.plugins = plugins

    def handle(self, message: Any) -> dict[str, Any] | None:
        """The answer to one JSON-RPC message; None to a notification or a response."""
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            return failure(None, RpcError(INVALID_REQUEST, "not a JSON-RPC 2.0 message"))
        method, request_id = message.get("method"), message.get("id")
        if "id" not in message or "method" not in message:
            return None
        params = message.get("params", {})
        try:
            if not isinstance(method, str) or not isinstance(params, dict):
                raise RpcError(INVALID_REQUEST, "`method` is a string and `params` an object")
            return answer(request_id, self._dispatch(method, params))
        except RpcError as error:
            return failure(request_id, error)
        except Exception:  # a plugin's or a server's fault must not take the connection down
            traceback.print_exc()
            return failure(request_id, RpcError(INTERNAL_ERROR, "internal error"))

    def tools(self) -> list[dict[str, Any]]:
        """The tools of all servers that answer, each with its name as clients see it."""
        found = []
        for name, upstream in self.upstreams.items():
            try:
                listed = upstream.request("tools/list", {}, self._headers(name)).get("tools", [])
            except RpcError as error:
                print(f"warning: {error}", file=sys.stderr)
                continue
            found += [{**tool, "name": f"{name}-{tool.get('name')}"} for tool in listed]
        return found

    def pages(self) -> Mapping[str, Any]:
        return self.plugins.pages() if self.plugins else {}

    def plugin_names(self) -> list[str]:
        return list(self.plugins.plugins) if self.plugins else []

    def _dispatch(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        if method == "initialize":
            return _initialize(params)
        if method == "ping":
            return {}
        if method == "tools/list":
            return {"tools": self.tools()}
        if method == "tools/call":
            return self._call(params.get("name"), params.get("arguments", {}))
        raise RpcError(METHOD_NOT_FOUND, f"unknown method `{method}`")

    def _call(self, name: Any, arguments: Any) -> dict[str, Any]:
        upstream, tool = self._resolve(name)
        if not isinstance(arguments, dict):
            raise RpcError(INVALID_PARAMS, "`arguments` is an object")
        if self.plugins is None:
            return upstream.request("tools/call", {"name": tool, "arguments": arguments}, {})
        return self._call_through_plugins(upstream, tool, arguments)

    def _call_through_plugins(
        self, upstream: Upstream, tool: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        from mcp_contextforge_plugin_framework import Call, Rejected

        try:
            call = self.plugins.before_call(Call(upstream.name, tool, arguments))
            params = {"name": call.tool, "arguments": dict(call.arguments)}
            result = upstream.request("tools/call", params, self._headers(upstream.name))
            return self.plugins.after_call(call, result)
        except Rejected as refusal:
            return {"isError": True, "content": [{"type": "text", "text": f"refused: {refusal}"}]}

    def _resolve(self, name: Any) -> tuple[Upstream, str]:
        """The server of a tool, and the tool's name there; the longest server name wins."""
        for server in sorted(self.upstreams, key=len, reverse=True):
            if isinstance(name, str) and name.startswith(f"{server}-"):
                return self.upstreams[server], name[len(server) + 1 :]
        raise RpcError(INVALID_PARAMS, f"unknown tool `{name}`")

    def _headers(self, server: str) -> dict[str, str]:
        return self.plugins.headers(server) if self.plugins else {}


def _initialize(params: Mapping[str, Any]) -> dict[str, Any]:
    asked = params.get("protocolVersion")
    return {
        "protocolVersion": asked if asked in PROTOCOLS else PROTOCOLS[0],
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "mcpgateway", "version": __version__},
    }
