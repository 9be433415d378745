"""The hidden half: fetches requests from the relay, asks the server, brings the answers back."""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 60
RETRY_SECONDS = 2


class Agent:
    def __init__(self, relay: str, name: str, target: str, token: str | None) -> None:
        self.address = f"{relay.rstrip('/')}/agents/{name}"
        self.target = target
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def run(self) -> None:
        """Serves until it is interrupted; a relay that is away is asked again and again."""
        while True:
            try:
                self.announce()
                print(f"mcp-reverse-proxy: {self.target} waits at {self.address}", file=sys.stderr)
                while True:
                    self.serve_one()
            except OSError as error:
                print(f"warning: relay: {error}", file=sys.stderr)
                time.sleep(RETRY_SECONDS)

    def announce(self) -> None:
        """Tells the relay the server's name, so that clients find it."""
        request = urllib.request.Request(self.address, data=b"", headers=self.headers)
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):
            pass

    def serve_one(self) -> bool:
        """Waits for one request and answers it; False if none came."""
        waiting = urllib.request.Request(f"{self.address}/next", headers=self.headers)
        with urllib.request.urlopen(waiting, timeout=TIMEOUT_SECONDS) as request:
            if request.status == 204:
                return False
            request_id, body = request.headers["X-Request-Id"], request.read()
        reply = urllib.request.Request(
            f"{self.address}/answers/{request_id}", data=self.ask(body), headers=self.headers
        )
        with urllib.request.urlopen(reply, timeout=TIMEOUT_SECONDS):
            return True

    def ask(self, body: bytes) -> bytes:
        """The server's answer, empty to a notification; a failure as a JSON-RPC error."""
        headers = {
            "Accept": "application/json, text/event-stream",
            "Content-Type": "application/json",
        }
        request = urllib.request.Request(self.target, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            return failure(body, f"server: HTTP status {error.code}")
        except OSError as error:
            return failure(body, f"server: {error}")


def failure(body: bytes, reason: str) -> bytes:
    try:
        request_id = json.loads(body).get("id")
    except (ValueError, AttributeError):
        request_id = None
    error = {"code": -32603, "message": reason}
    return json.dumps({"jsonrpc": "2.0", "id": request_id, "error": error}).encode()
