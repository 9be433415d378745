"""ContextForge gateway: the tools of many MCP servers behind one address."""

__version__ = "1.0.0"
