"""MCP over JSON-RPC 2.0: one message in, at most one message out, whatever the transport."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import __version__
from .tools import TOOLS, BadArguments

PROTOCOLS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")


class RpcError(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def handle(text: str | bytes) -> str | None:
    """The answer to a message as a line of JSON; None to a notification or a response."""
    try:
        message = json.loads(text)
    except ValueError:
        return failure(None, -32700, "parse error")
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        return failure(None, -32600, "not a JSON-RPC 2.0 message")
    if "id" not in message or "method" not in message:
        return None
    request_id, params = message["id"], message.get("params", {})
    try:
        if not isinstance(params, dict):
            raise RpcError(-32602, "`params` is an object")
        result = dispatch(message["method"], params)
    except RpcError as error:
        return failure(request_id, error.code, str(error))
    return json.dumps({"jsonrpc": "2.0", "id": request_id, "result": result})


def dispatch(method: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    if method == "initialize":
        asked = params.get("protocolVersion")
        return {
            "protocolVersion": asked if asked in PROTOCOLS else PROTOCOLS[0],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "mcp-server-text", "version": __version__},
        }
    if method == "ping":
        return {}
    if method == "tools/list":
        return {"tools": [description for _, description in TOOLS.values()]}
    if method == "tools/call":
        return call(params.get("name"), params.get("arguments", {}))
    raise RpcError(-32601, f"unknown method `{method}`")


def call(name: Any, arguments: Any) -> dict[str, Any]:
    """A tool's result; arguments that do not fit are told in the result, as MCP wants it."""
    if not isinstance(name, str) or name not in TOOLS:
        raise RpcError(-32602, f"unknown tool `{name}`")
    if not isinstance(arguments, dict):
        raise RpcError(-32602, "`arguments` is an object")
    tool, _ = TOOLS[name]
    try:
        return {"content": [{"type": "text", "text": tool(arguments)}], "isError": False}
    except BadArguments as error:
        return {"content": [{"type": "text", "text": str(error)}], "isError": True}


def failure(request_id: Any, code: int, message: str) -> str:
    error = {"code": code, "message": message}
    return json.dumps({"jsonrpc": "2.0", "id": request_id, "error": error})
