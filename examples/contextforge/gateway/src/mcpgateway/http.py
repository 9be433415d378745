"""The gateway's HTTP face: `/mcp`, `/tools`, `/health`, `/ready`, and the plugins' pages."""

from __future__ import annotations

import hmac
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from .gateway import Gateway
from .jsonrpc import PARSE_ERROR, RpcError, failure
from .readiness import unreachable

MAX_BODY_BYTES = 4 * 1024 * 1024


class Server(ThreadingHTTPServer):
    """Serves one gateway. With a `token`, `/mcp` and `/tools` ask for it."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], gateway: Gateway, token: str | None) -> None:
        super().__init__(address, Handler)
        self.gateway = gateway
        self.token = token
        self.pages = gateway.pages()


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/health":
            self._json(200, {"status": "healthy"})
        elif path == "/ready":
            missing = unreachable()
            self._json(503 if missing else 200, {"ready": not missing, "unreachable": missing})
        elif path == "/tools":
            if self._allowed():
                self._json(200, {"tools": self.server.gateway.tools()})
        elif path in self.server.pages:
            page = self.server.pages[path]
            self._send(200, page.content_type, page.body)
        elif path == "/mcp":
            self._json(405, {"error": "this gateway opens no event streams"}, Allow="POST")
        else:
            self._json(404, {"error": "not found"})

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            return
        if urlsplit(self.path).path != "/mcp":
            self._json(404, {"error": "not found"})
        elif self._allowed():
            self._mcp(body)

    def _mcp(self, body: bytes) -> None:
        try:
            message = json.loads(body)
        except ValueError:
            error = RpcError(PARSE_ERROR, "the body is not JSON")
            return self._json(400, failure(None, error))
        reply = self.server.gateway.handle(message)
        if reply is None:
            return self._send(202, "application/json", b"")
        self._json(200, reply)

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self._json(411, {"error": "Content-Length is missing"}, Connection="close")
            return None
        if int(length) > MAX_BODY_BYTES:
            self._json(413, {"error": "the body is too large"}, Connection="close")
            return None
        return self.rfile.read(int(length))

    def _allowed(self) -> bool:
        """Says 403 to another site's page in a browser, 401 to a missing or wrong token."""
        origin = self.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != self.headers.get("Host"):
            self._json(403, {"error": f"origin `{origin}` is not this gateway"})
            return False
        expected = f"Bearer {self.server.token}"
        given = self.headers.get("Authorization", "")
        if self.server.token and not hmac.compare_digest(given.encode(), expected.encode()):
            self._json(401, {"error": "a bearer token is needed"}, WWW_Authenticate="Bearer")
            return False
        return True

    def _json(self, status: int, value: Any, **headers: str) -> None:
        self._send(status, "application/json", json.dumps(value).encode(), **headers)

    def _send(self, status: int, content_type: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        if urlsplit(self.path).path not in ("/health", "/ready"):
            super().log_request(code, size)
