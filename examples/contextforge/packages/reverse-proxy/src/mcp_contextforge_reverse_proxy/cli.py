"""The command line of `mcp-reverse-proxy`."""

from __future__ import annotations

import argparse
import os
import sys
import urllib.request

from .agent import Agent
from .relay import Relay, Server

DEFAULT_PORT = 9200


def main(argv: list[str] | None = None) -> int:
    options = parser().parse_args(argv)
    # The token comes from the environment alone: command lines are visible to other users.
    token = os.environ.get("MCP_RELAY_TOKEN") or None
    if options.health:
        return probe(options.port)
    try:
        if options.relay:
            Agent(options.relay, options.name, options.target, token).run()
        else:
            serve(Server((options.host, options.port), Relay(), token))
    except KeyboardInterrupt:
        pass
    return 0


def parser() -> argparse.ArgumentParser:
    flags = argparse.ArgumentParser(
        prog="mcp-reverse-proxy",
        description="Reach an MCP server behind NAT: a relay, or with --relay URL an agent",
    )
    flags.add_argument("--host", default=os.environ.get("MCP_HOST", "127.0.0.1"))
    flags.add_argument("--port", type=int, default=os.environ.get("MCP_PORT", DEFAULT_PORT))
    flags.add_argument("--health", action="store_true", help="ask a running relay, then exit")
    agent = flags.add_argument_group("agent")
    agent.add_argument("--relay", metavar="URL", help="the relay to wait at")
    agent.add_argument("--name", default="default", help="the server's name at the relay")
    agent.add_argument(
        "--target",
        metavar="URL",
        default="http://127.0.0.1:9000/mcp",
        help="the MCP server's endpoint (default: http://127.0.0.1:9000/mcp)",
    )
    return flags


def serve(server: Server) -> None:
    with server:
        host, port = server.server_address[:2]
        print(f"mcp-reverse-proxy on http://{host}:{port}", file=sys.stderr)
        server.serve_forever()


def probe(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=3):
            return 0
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
