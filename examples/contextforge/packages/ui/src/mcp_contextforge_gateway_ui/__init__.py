"""The admin page of the gateway: a plugin that serves one HTML page under `/ui`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from mcp_contextforge_plugin_framework import Page, Plugin

__version__ = "1.0.0"


class AdminPage(Plugin):
    def pages(self) -> Mapping[str, Page]:
        html = resources.files(__name__).joinpath("page.html").read_bytes()
        return {"/ui": Page("text/html; charset=utf-8", html)}


def main() -> int:
    """Starts the gateway, which finds this plugin by itself; takes the gateway's flags."""
    from mcpgateway import cli

    return cli.main()
