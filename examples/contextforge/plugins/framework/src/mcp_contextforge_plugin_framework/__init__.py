"""What a gateway plugin is, and how the gateway finds and runs plugins.

A plugin is a subclass of `Plugin` that a package names under the entry point group
`mcpgateway.plugins`. Installing the package is all it takes to switch the plugin on.
"""

from .manager import GROUP, Manager
from .plugin import Call, Page, Plugin, Rejected
from .text import rewrite, rewrite_result, strings

__all__ = [
    "GROUP",
    "Call",
    "Manager",
    "Page",
    "Plugin",
    "Rejected",
    "rewrite",
    "rewrite_result",
    "strings",
]
