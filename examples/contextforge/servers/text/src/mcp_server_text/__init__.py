"""MCP server for small jobs on text, over stdio or HTTP."""

__version__ = "0.2.0"


def main() -> int:
    from .cli import run

    return run()
