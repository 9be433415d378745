"""A ContextForge gateway as an MCP server on stdio, for clients that only start processes."""

from .cli import main

__all__ = ["main"]
__version__ = "1.0.0"
