"""Starts this repository's programs for a test, and talks to them.

By default the programs run from the source tree; EXAMPLE_BIN names a folder that holds installed
ones, such as `.venv/bin`. The servers in Go and Rust are tested where MCP_SERVER_TIME and
MCP_SERVER_ECHO name their binaries.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import tomllib

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = os.environ.get("EXAMPLE_BIN")
LISTENS = re.compile(r"http://127\.0\.0\.1:\d+")
PROJECTS = [
    {"at": path.parent, **tomllib.loads(path.read_text())}
    for pattern in ("*/pyproject.toml", "*/*/pyproject.toml")
    for path in sorted(ROOT.glob(pattern))
]
TIMEOUT_SECONDS = 30


def program(name: str) -> list[str]:
    """The command that runs a console script."""
    if INSTALLED:
        return [str(Path(INSTALLED, name))]
    for project in PROJECTS:
        target = project["project"].get("scripts", {}).get(name)
        if target:
            module, function = target.split(":")
            code = f"import sys; from {module} import {function}; sys.exit({function}())"
            return [sys.executable, "-c", code]
    raise LookupError(name)


class Case(unittest.TestCase):
    """A test that ends every program it started."""

    maxDiff = None

    def start(self, command: list[str], **env: str) -> str:
        """Starts a server that says where it listens on stderr; its address there."""
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=self.env(env)
        )
        self.addCleanup(self.stop, child)
        said = []
        for line in child.stderr:
            said.append(line)
            found = LISTENS.search(line)
            if found:
                threading.Thread(target=child.stderr.read, daemon=True).start()
                return found[0]
        raise AssertionError(f"{command} does not listen: {''.join(said)}")

    def run_with(self, command: list[str], *messages: Any, **env: str) -> list[Any]:
        """What a program that speaks MCP on stdio answers to `messages`."""
        lines = "".join(json.dumps(message) + "\n" for message in messages)
        done = subprocess.run(
            command,
            input=lines,
            stdout=subprocess.PIPE,
            text=True,
            env=self.env(env),
            timeout=TIMEOUT_SECONDS,
        )
        self.assertEqual(done.returncode, 0, command)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def exit_code(self, command: list[str], **env: str) -> int:
        silent = subprocess.DEVNULL
        return subprocess.run(
            command, stdout=silent, stderr=silent, env=self.env(env), timeout=TIMEOUT_SECONDS
        ).returncode

    def env(self, extra: dict[str, str]) -> dict[str, str]:
        own = {"PYTHONUNBUFFERED": "1", "NO_PROXY": "127.0.0.1", **extra}
        if not INSTALLED:
            paths = [project["at"] / "src" for project in PROJECTS]
            own["PYTHONPATH"] = os.pathsep.join([*map(str, paths), self.entry_points()])
        return {**os.environ, **own}

    def entry_points(self) -> str:
        """A folder that says of the plugins in the source tree what an installer would say."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for project in PROJECTS:
            table = project["project"].get("entry-points", {}).get("mcpgateway.plugins", {})
            native = project["build-system"]["build-backend"] == "maturin"
            if not table or native:
                continue
            name = project["project"]["name"]
            info = Path(folder.name, f"{name.replace('-', '_')}-0.dist-info")
            info.mkdir()
            metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 0\n"
            info.joinpath("METADATA").write_text(metadata)
            lines = ["[mcpgateway.plugins]", *(f"{key} = {table[key]}" for key in table)]
            info.joinpath("entry_points.txt").write_text("\n".join(lines))
        return folder.name

    @staticmethod
    def stop(child: subprocess.Popen[str]) -> None:
        child.terminate()
        child.wait(TIMEOUT_SECONDS)
        child.stderr.close()


def request(method: str, params: Any = None, request_id: Any = 1) -> dict[str, Any]:
    asked = {"jsonrpc": "2.0", "id": request_id, "method": method}
    return asked if params is None else {**asked, "params": params}


def call(tool: str, **arguments: Any) -> dict[str, Any]:
    return request("tools/call", {"name": tool, "arguments": arguments})


def fetch(url: str, message: Any = None, **headers: str) -> tuple[int, bytes]:
    """GETs `url`, or POSTs `message` there: the status and the body."""
    data = None
    if message is not None:
        data = message if isinstance(message, bytes) else json.dumps(message).encode()
    headers = {"Content-Type": "application/json", **headers}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        asked = urllib.request.Request(url, data=data, headers=headers)
        with opener.open(asked, timeout=TIMEOUT_SECONDS) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read()


def ask(url: str, message: Any, **headers: str) -> Any:
    """The JSON that is answered to `message`."""
    status, body = fetch(url, message, **headers)
    assert status == 200, (status, body)
    return json.loads(body)


def text(reply: dict[str, Any]) -> str:
    """The text in the answer to a `tools/call`."""
    return reply["result"]["content"][0]["text"]
