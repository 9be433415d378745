"""Walks over the strings inside a JSON value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable


def rewrite(value: Any, change: Callable[[str], str]) -> Any:
    """A copy of `value` in which each string went through `change`; keys stay as they are."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [rewrite(item, change) for item in value]
    if isinstance(value, dict):
        return {key: rewrite(item, change) for key, item in value.items()}
    return value


def rewrite_result(result: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """A copy of a `tools/call` result with its text and its structured content rewritten."""
    changed = dict(result)
    if "content" in result:
        changed["content"] = [_rewrite_block(block, change) for block in result["content"]]
    if "structuredContent" in result:
        changed["structuredContent"] = rewrite(result["structuredContent"], change)
    return changed


def strings(value: Any) -> Iterator[str]:
    """Every string inside `value`, in order; keys are not among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)


def _rewrite_block(block: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    if block.get("type") != "text":
        return block
    return {**block, "text": change(block.get("text", ""))}
