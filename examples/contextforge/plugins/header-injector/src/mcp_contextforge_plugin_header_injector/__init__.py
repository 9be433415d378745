"""Adds headers to the requests that the gateway forwards.

Settings: `{"headers": {"X-Team": "blue"}, "servers": {"time": {"X-Zone": "eu"}}}`. Headers under
`servers` go to that server only and win over the general ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from mcp_contextforge_plugin_framework import Plugin


class HeaderInjector(Plugin):
    def headers(self, server: str) -> Mapping[str, str]:
        general = self.settings.get("headers", {})
        own = self.settings.get("servers", {}).get(server, {})
        return {**general, **own}
