r"""Rewrites text by regular expressions, in arguments and in results.

Settings: `{"rules": [{"pattern": "\\bfoo\\b", "replace": "bar"}]}`. Rules apply in order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mcp_contextforge_plugin_framework import Call, Plugin, rewrite, rewrite_result


class RegexFilter(Plugin):
    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self.rules = [
            (re.compile(rule["pattern"]), rule["replace"]) for rule in settings.get("rules", ())
        ]

    def before_call(self, call: Call) -> Call:
        return replace(call, arguments=rewrite(dict(call.arguments), self.apply))

    def after_call(self, call: Call, result: dict[str, Any]) -> dict[str, Any]:
        return rewrite_result(result, self.apply)

    def apply(self, text: str) -> str:
        for pattern, replacement in self.rules:
            text = pattern.sub(replacement, text)
        return text
