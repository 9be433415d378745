"""The contract between the gateway and a plugin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Rejected(Exception):
    """Raised by a hook to refuse a call; its text is what the client is told."""


@dataclass(frozen=True)
class Call:
    """One `tools/call` on its way to `server`."""

    server: str
    tool: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """A page that the gateway serves on behalf of a plugin."""

    content_type: str
    body: bytes


class Plugin:
    """Base of every plugin: override the hooks you need.

    Each hook returns what the gateway goes on with, or raises `Rejected`.
    """

    #: Plugins run in ascending order of priority, and by name where it is equal.
    priority = 100

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings

    def before_call(self, call: Call) -> Call:
        """Sees a call before it is forwarded."""
        return call

    def headers(self, server: str) -> Mapping[str, str]:
        """HTTP headers to add to every request that is forwarded to `server`."""
        return {}

    def after_call(self, call: Call, result: dict[str, Any]) -> dict[str, Any]:
        """Sees the result of a call before the client does."""
        return result

    def pages(self) -> Mapping[str, Page]:
        """Pages to serve, by path."""
        return {}
