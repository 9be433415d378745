"""A stdio MCP server, served over HTTP."""

from __future__ import annotations

import itertools
import json
import queue
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

ANSWER_TIMEOUT_SECONDS = 60
MAX_BODY_BYTES = 4 * 1024 * 1024


class StdioServer:
    """A child process that speaks MCP on stdin and stdout; several clients may share it.

    Each request gets an id of our own on its way in, and its own id back on the way out.
    """

    def __init__(self, command: list[str]) -> None:
        pipe = subprocess.PIPE
        self.child = subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8")
        self.ids = itertools.count(1)
        self.waiting: dict[int, queue.Queue[dict[str, Any]]] = {}
        self.lock = threading.Lock()
        threading.Thread(target=self._read_answers, daemon=True).start()

    def running(self) -> bool:
        return self.child.poll() is None

    def send(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """The answer to a request, or None to a notification; raises OSError or queue.Empty."""
        if "id" not in message or "method" not in message:
            self._write(message)
            return None
        inner, answers = next(self.ids), queue.Queue()
        self.waiting[inner] = answers
        try:
            self._write({**message, "id": inner})
            return {**answers.get(timeout=ANSWER_TIMEOUT_SECONDS), "id": message["id"]}
        finally:
            self.waiting.pop(inner, None)

    def close(self) -> None:
        self.child.stdin.close()
        try:
            self.child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.child.kill()

    def _write(self, message: dict[str, Any]) -> None:
        with self.lock:
            self.child.stdin.write(json.dumps(message) + "\n")
            self.child.stdin.flush()

    def _read_answers(self) -> None:
        for line in self.child.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                continue
            if isinstance(message, dict) and "method" not in message:
                answers = self.waiting.get(message.get("id"))
                if answers is not None:
                    answers.put(message)
        for answers in list(self.waiting.values()):
            answers.put(failure(None, -32603, "the server has stopped"))


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], backend: StdioServer) -> None:
        super().__init__(address, Handler)
        self.backend = backend


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        if self.path == "/health":
            running = self.server.backend.running()
            self._json(200 if running else 503, {"status": "healthy" if running else "stopped"})
        else:
            self._json(405 if self.path == "/mcp" else 404, {"error": "not found"})

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        origin = self.headers.get("Origin")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            return self._json(413, {"error": "the body is too large, or has no length"})
        body = self.rfile.read(int(length))
        if origin is not None and urlsplit(origin).netloc != self.headers.get("Host"):
            return self._json(403, {"error": "another site's page may not call this"})
        if self.path != "/mcp":
            return self._json(404, {"error": "not found"})
        self._mcp(body)

    def _mcp(self, body: bytes) -> None:
        try:
            message = json.loads(body)
        except ValueError:
            return self._json(400, failure(None, -32700, "the body is not JSON"))
        if not isinstance(message, dict):
            return self._json(400, failure(None, -32600, "not a JSON-RPC message"))
        try:
            reply = self.server.backend.send(message)
        except queue.Empty:
            return self._json(504, failure(message["id"], -32603, "the server does not answer"))
        except (OSError, ValueError):
            reply = failure(message.get("id"), -32603, "the server has stopped")
            return self._json(502, reply)
        if reply is None:
            self._json(202, None)
        else:
            self._json(200, reply)

    def _json(self, status: int, value: Any) -> None:
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def failure(request_id: Any, code: int, message: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": request_id, "error": {"code": code, "message": message}}
