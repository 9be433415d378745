"""The command line of `mcp-translate`."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import urllib.request

from .expose import Server, StdioServer
from .fetch import bridge

DEFAULT_PORT = 9100


def main(argv: list[str] | None = None) -> int:
    flags = argparse.ArgumentParser(
        prog="mcp-translate", description="Bridge between MCP over stdio and MCP over HTTP"
    )
    way = flags.add_mutually_exclusive_group(required=True)
    way.add_argument("--stdio", metavar="COMMAND", help="serve this stdio server over HTTP")
    way.add_argument("--http", metavar="URL", help="serve this HTTP server on stdin and stdout")
    way.add_argument("--health", action="store_true", help="ask a running bridge, then exit")
    flags.add_argument("--host", default=os.environ.get("MCP_HOST", "127.0.0.1"))
    flags.add_argument("--port", type=int, default=os.environ.get("MCP_PORT", DEFAULT_PORT))
    options = flags.parse_args(argv)
    if options.health:
        return probe(options.port)
    if options.http:
        return bridge(options.http, sys.stdin, sys.stdout)
    return expose(shlex.split(options.stdio), options.host, options.port)


def expose(command: list[str], host: str, port: int) -> int:
    try:
        backend = StdioServer(command)
    except OSError as error:
        print(f"error: cannot start `{command[0]}`: {error}", file=sys.stderr)
        return 3
    with Server((host, port), backend) as server:
        host, port = server.server_address[:2]
        print(f"mcp-translate on http://{host}:{port}/mcp", file=sys.stderr)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            backend.close()
    return 0


def probe(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=3):
            return 0
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
