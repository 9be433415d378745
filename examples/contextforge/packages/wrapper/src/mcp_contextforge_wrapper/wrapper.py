"""Carries JSON-RPC lines to a gateway and its answers back, showing only the chosen tools."""

from __future__ import annotations

import fnmatch
import json
import urllib.error
import urllib.request
from typing import Any, TextIO

TIMEOUT_SECONDS = 60


class Wrapper:
    def __init__(self, gateway: str, token: str | None, tools: str) -> None:
        self.gateway = gateway.rstrip("/")
        self.token = token
        self.tools = tools

    def run(self, lines: TextIO, out: TextIO) -> None:
        """Answers each line of `lines` that is a request, until the input ends."""
        for line in lines:
            if line.strip():
                reply = self.answer(line)
                if reply is not None:
                    print(json.dumps(reply), file=out, flush=True)

    def answer(self, line: str) -> dict[str, Any] | None:
        try:
            message = json.loads(line)
        except ValueError:
            return failure(None, -32700, "the line is not JSON")
        if not isinstance(message, dict):
            return failure(None, -32600, "not a JSON-RPC message")
        tool = called_tool(message)
        if tool is not None and not self.shows(tool):
            return failure(message.get("id"), -32602, f"unknown tool `{tool}`")
        try:
            reply = self.post(message)
        except (OSError, ValueError) as error:
            if "id" not in message:
                return None
            return failure(message["id"], -32603, f"gateway {self.gateway}: {error}")
        return self.filtered(message, reply)

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.gateway}/health", timeout=3) as answer:
                return answer.status == 200
        except OSError:
            return False

    def shows(self, tool: str) -> bool:
        return fnmatch.fnmatchcase(tool, self.tools)

    def post(self, message: dict[str, Any]) -> dict[str, Any] | None:
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = json.dumps(message).encode()
        request = urllib.request.Request(f"{self.gateway}/mcp", data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            reply = answer.read()
        return json.loads(reply) if reply else None

    def filtered(self, message: dict[str, Any], reply: Any) -> Any:
        """`reply`, but a list of tools holds only those that the wrapper shows."""
        if message.get("method") != "tools/list" or "result" not in (reply or {}):
            return reply
        tools = [tool for tool in reply["result"]["tools"] if self.shows(tool["name"])]
        return {**reply, "result": {**reply["result"], "tools": tools}}


def called_tool(message: dict[str, Any]) -> str | None:
    params = message.get("params")
    if message.get("method") != "tools/call" or not isinstance(params, dict):
        return None
    return str(params.get("name"))


def failure(request_id: Any, code: int, message: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": request_id, "error": {"code": code, "message": message}}
