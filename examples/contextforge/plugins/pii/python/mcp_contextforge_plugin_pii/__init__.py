"""Masks e-mail addresses and phone numbers in arguments and results.

Settings: `{"emails": true, "phones": true}`, which are the defaults.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mcp_contextforge_plugin_framework import Call, Plugin, rewrite, rewrite_result

from ._native import mask

__all__ = ["PiiFilter", "mask"]


class PiiFilter(Plugin):
    priority = 200  # after the plugins that rewrite, so that it sees what they wrote

    def before_call(self, call: Call) -> Call:
        return replace(call, arguments=rewrite(dict(call.arguments), self.apply))

    def after_call(self, call: Call, result: dict[str, Any]) -> dict[str, Any]:
        return rewrite_result(result, self.apply)

    def apply(self, text: str) -> str:
        return mask(
            text,
            emails=self.settings.get("emails", True),
            phones=self.settings.get("phones", True),
        )
