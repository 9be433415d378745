"""The command line, and the two transports: lines on stdio, or HTTP under `/mcp`."""

from __future__ import annotations

import argparse
import os
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from . import __version__
from .protocol import handle

DEFAULT_PORT = 9002
MAX_BODY_BYTES = 4 * 1024 * 1024


def run(argv: list[str] | None = None) -> int:
    flags = argparse.ArgumentParser(
        prog="mcp-server-text", description="MCP server for small jobs on text"
    )
    flags.add_argument("--host", default=os.environ.get("MCP_HOST", "127.0.0.1"))
    flags.add_argument(
        "--port",
        type=int,
        default=os.environ.get("MCP_PORT"),
        help="serve HTTP on this port (0: a free one); without it, stdin and stdout",
    )
    flags.add_argument("--health", action="store_true", help="ask a running server, then exit")
    flags.add_argument("--version", action="version", version=f"mcp-server-text {__version__}")
    options = flags.parse_args(argv)
    if options.health:
        return probe(options.port or DEFAULT_PORT)
    if options.port is not None:
        return serve_http(options.host, options.port)
    return serve_stdio()


def serve_stdio() -> int:
    for line in sys.stdin:
        if line.strip():
            reply = handle(line)
            if reply is not None:
                print(reply, flush=True)
    return 0


def serve_http(host: str, port: int) -> int:
    with ThreadingHTTPServer((host, port), Handler) as server:
        host, port = server.server_address[:2]
        print(f"mcp-server-text on http://{host}:{port}/mcp", file=sys.stderr)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
    return 0


def probe(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=3):
            return 0
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        if self.path == "/health":
            self._send(200, '{"status": "healthy"}')
        else:
            self._send(405 if self.path == "/mcp" else 404)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        origin = self.headers.get("Origin")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            return self._send(413)
        body = self.rfile.read(int(length))
        if self.path != "/mcp":
            self._send(404)
        elif origin is not None and urlsplit(origin).netloc != self.headers.get("Host"):
            self._send(403)
        else:
            reply = handle(body)
            self._send(202 if reply is None else 200, reply or "")

    def _send(self, status: int, body: str = "") -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Says nothing: the gateway in front keeps the log."""
