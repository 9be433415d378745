"""Finds the installed plugins and runs them as one chain."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from importlib import metadata
from typing import Any

from .plugin import Call, Page, Plugin

GROUP = "mcpgateway.plugins"


class Manager:
    """The plugins of one gateway, in the order in which they run."""

    def __init__(self, plugins: Mapping[str, Plugin]) -> None:
        ordered = sorted(plugins.items(), key=lambda item: (item[1].priority, item[0]))
        self.plugins = dict(ordered)

    @classmethod
    def installed(cls, settings: Mapping[str, Mapping[str, Any]]) -> Manager:
        """Loads every installed plugin, each with its own part of `settings`.

        A plugin whose settings say `"enabled": false` is left out.
        """
        plugins = {}
        for entry in _entry_points():
            own = settings.get(entry.name, {})
            if own.get("enabled", True):
                plugins[entry.name] = entry.load()(own)
        return cls(plugins)

    def before_call(self, call: Call) -> Call:
        for plugin in self.plugins.values():
            call = plugin.before_call(call)
        return call

    def headers(self, server: str) -> dict[str, str]:
        added: dict[str, str] = {}
        for plugin in self.plugins.values():
            added.update(plugin.headers(server))
        return added

    def after_call(self, call: Call, result: dict[str, Any]) -> dict[str, Any]:
        for plugin in self.plugins.values():
            result = plugin.after_call(call, result)
        return result

    def pages(self) -> dict[str, Page]:
        pages: dict[str, Page] = {}
        for plugin in self.plugins.values():
            pages.update(plugin.pages())
        return pages


def _entry_points() -> Iterable[metadata.EntryPoint]:
    if sys.version_info >= (3, 10):
        return metadata.entry_points(group=GROUP)
    return metadata.entry_points().get(GROUP, [])
