"""An HTTP MCP server, served on stdin and stdout."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any, TextIO

TIMEOUT_SECONDS = 60


def bridge(url: str, lines: TextIO, out: TextIO) -> int:
    """Posts each line to `url` and writes each answer as a line, until the input ends."""
    for line in lines:
        if not line.strip():
            continue
        reply = post(url, line)
        if reply is not None:
            print(json.dumps(reply), file=out, flush=True)
    return 0


def post(url: str, line: str) -> dict[str, Any] | None:
    """The server's answer; None to a notification. A failure is answered as a JSON-RPC error."""
    headers = {
        "Accept": "application/json, text/event-stream",
        "Content-Type": "application/json",
    }
    request = urllib.request.Request(url, data=line.encode(), headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            body = answer.read()
        return json.loads(body) if body else None
    except urllib.error.HTTPError as error:
        return failure(line, f"{url}: HTTP status {error.code}")
    except (OSError, ValueError) as error:
        return failure(line, f"{url}: {error}")


def failure(line: str, reason: str) -> dict[str, Any] | None:
    """An error answer to the request in `line`; None if it is a notification."""
    try:
        message = json.loads(line)
    except ValueError:
        message, reason = {"id": None}, "the line is not JSON"
    if not isinstance(message, dict) or "id" not in message:
        return None
    return {
        "jsonrpc": "2.0",
        "id": message["id"],
        "error": {"code": -32603, "message": reason},
    }
