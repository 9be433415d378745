"""The command line: reads flags and the environment, starts the gateway."""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from . import __version__
from .gateway import Gateway
from .http import Server
from .upstream import Upstream

DEFAULT_PORT = 4444


def main(argv: list[str] | None = None) -> int:
    try:
        options = parser().parse_args(argv)
        if options.health:
            return probe(options.port)
        settings = json.loads(os.environ.get("MCPGATEWAY_PLUGIN_SETTINGS") or "{}")
        upstreams = [server(text) for text in options.server]
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    gateway = Gateway(upstreams, installed_plugins(settings))
    token = os.environ.get("MCPGATEWAY_TOKEN") or None
    serve(Server((options.host, options.port), gateway, token))
    return 0


def parser() -> argparse.ArgumentParser:
    env = os.environ
    flags = argparse.ArgumentParser(prog="mcpgateway", description="MCP gateway")
    flags.add_argument("--host", default=env.get("MCPGATEWAY_HOST", "127.0.0.1"))
    flags.add_argument(
        "--port",
        type=int,
        default=int(env.get("MCPGATEWAY_PORT") or DEFAULT_PORT),
        help="0 takes a free port (default: 4444)",
    )
    flags.add_argument(
        "--server",
        action="append",
        metavar="NAME=URL",
        default=[text for text in env.get("MCPGATEWAY_SERVERS", "").split(",") if text.strip()],
        help="an MCP server to forward to; may be given several times",
    )
    flags.add_argument("--health", action="store_true", help="ask a running gateway, then exit")
    flags.add_argument("--version", action="version", version=f"mcpgateway {__version__}")
    return flags


def server(text: str) -> Upstream:
    name, equals, url = text.strip().partition("=")
    if not equals or not name or not url.startswith(("http://", "https://")):
        raise ValueError(f"expected NAME=URL with an http or https URL, found `{text}`")
    return Upstream(name, url)


def installed_plugins(settings: Mapping[str, Mapping[str, Any]]) -> Any:
    """The plugin manager, or None where the plugin framework is not installed."""
    try:
        from mcp_contextforge_plugin_framework import Manager
    except ImportError:
        return None
    return Manager.installed(settings)


def probe(port: int) -> int:
    """0 if the gateway on this machine says that it is healthy, else 1."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=3) as answer:
            return 0 if answer.status == 200 else 1
    except (OSError, urllib.error.URLError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def serve(server: Server) -> None:
    host, port = server.server_address[:2]
    plugins = ", ".join(server.gateway.plugin_names()) or "none"
    print(f"mcpgateway {__version__} on http://{host}:{port} (plugins: {plugins})", file=sys.stderr)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
