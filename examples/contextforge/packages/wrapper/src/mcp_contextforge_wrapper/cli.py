"""The command line of `mcp-wrapper`."""

from __future__ import annotations

import argparse
import os
import sys

from .wrapper import Wrapper

DEFAULT_GATEWAY = "http://127.0.0.1:4444"


def main(argv: list[str] | None = None) -> int:
    flags = argparse.ArgumentParser(
        prog="mcp-wrapper", description="A ContextForge gateway as an MCP server on stdio"
    )
    flags.add_argument(
        "--gateway",
        metavar="URL",
        default=os.environ.get("MCP_GATEWAY_URL", DEFAULT_GATEWAY),
        help=f"the gateway's address (default: MCP_GATEWAY_URL, or {DEFAULT_GATEWAY})",
    )
    flags.add_argument(
        "--tools", metavar="GLOB", default="*", help="show these tools only, such as `time-*`"
    )
    flags.add_argument("--health", action="store_true", help="ask the gateway's health, then exit")
    options = flags.parse_args(argv)

    # The token comes from the environment alone: command lines are visible to other users.
    wrapper = Wrapper(options.gateway, os.environ.get("MCP_GATEWAY_TOKEN"), options.tools)
    if options.health:
        return 0 if wrapper.healthy() else 1
    wrapper.run(sys.stdin, sys.stdout)
    return 0
