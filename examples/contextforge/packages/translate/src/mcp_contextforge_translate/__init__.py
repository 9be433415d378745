"""Bridges MCP over stdio and MCP over HTTP, one way or the other."""

from .cli import main

__all__ = ["main"]
__version__ = "1.0.0"
