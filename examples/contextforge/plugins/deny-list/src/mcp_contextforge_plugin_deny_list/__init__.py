"""Refuses calls of denied tools, and calls whose arguments contain a denied word.

Settings: `{"tools": ["time-get_time"], "words": ["secret"]}`. Tools are named as clients see them;
words match anywhere, whatever their case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_contextforge_plugin_framework import Call, Plugin, Rejected, strings


class DenyList(Plugin):
    priority = 10  # before the plugins that rewrite: a call is judged as the client wrote it

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self.tools = frozenset(settings.get("tools", ()))
        self.words = [word.lower() for word in settings.get("words", ())]

    def before_call(self, call: Call) -> Call:
        if f"{call.server}-{call.tool}" in self.tools:
            raise Rejected(f"tool `{call.tool}` of `{call.server}` is denied")
        for text in strings(dict(call.arguments)):
            for word in self.words:
                if word in text.lower():
                    raise Rejected(f"the arguments contain the denied word `{word}`")
        return call
