"""The tools: what each is called, what it takes, and what it does."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any


class BadArguments(Exception):
    """The arguments of a call do not fit the tool."""


def count_words(arguments: Mapping[str, Any]) -> str:
    text = argument(arguments, "text")
    return f"{len(text.split())} words, {len(text)} characters, {len(text.splitlines())} lines"


def change_case(arguments: Mapping[str, Any]) -> str:
    text, case = argument(arguments, "text"), argument(arguments, "case")
    changes = {"upper": str.upper, "lower": str.lower, "title": str.title}
    if case not in changes:
        raise BadArguments(f"`case` is one of {', '.join(changes)}; found `{case}`")
    return changes[case](text)


def compare(arguments: Mapping[str, Any]) -> str:
    before, after = argument(arguments, "before"), argument(arguments, "after")
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), "before", "after", lineterm=""
    )
    return "\n".join(lines) or "no difference"


def argument(arguments: Mapping[str, Any], name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str):
        raise BadArguments(f"`{name}` is a string and must be given")
    return value


def describe(name: str, description: str, **arguments: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": arguments, "required": list(arguments)}
    return {"name": name, "description": description, "inputSchema": schema}


TEXT = {"type": "string"}

#: Each tool with its description, by name.
TOOLS = {
    "count_words": (
        count_words,
        describe("count_words", "Counts words, characters and lines", text=TEXT),
    ),
    "change_case": (
        change_case,
        describe(
            "change_case",
            "Changes the case of a text",
            text=TEXT,
            case={"type": "string", "enum": ["upper", "lower", "title"]},
        ),
    ),
    "compare": (
        compare,
        describe("compare", "Shows how two texts differ, line by line", before=TEXT, after=TEXT),
    ),
}
