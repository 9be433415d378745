"""The public half: clients post requests, agents fetch them and post the answers.

    POST /servers/NAME/mcp          a client's request; its answer is the agent's
    POST /agents/NAME               an agent announces itself
    GET  /agents/NAME/next          an agent waits for a request: 200, or 204 when none came
    POST /agents/NAME/answers/ID    an agent's answer to the request with that id
"""

from __future__ import annotations

import hmac
import queue
import re
import secrets
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWER_TIMEOUT_SECONDS = 60
POLL_SECONDS = 20
MAX_BODY_BYTES = 4 * 1024 * 1024
MAX_WAITING = 100

CLIENT = re.compile(r"/servers/([\w.-]{1,64})/mcp")
AGENT = re.compile(r"/agents/([\w.-]{1,64})")
NEXT = re.compile(r"/agents/([\w.-]{1,64})/next")
ANSWER = re.compile(r"/agents/([\w.-]{1,64})/answers/([\w-]{1,64})")


class Busy(Exception):
    """Too many requests wait for one agent."""


class Relay:
    """The requests that wait for their agents, and the clients that wait for their answers."""

    def __init__(self) -> None:
        self.requests: dict[str, queue.Queue[tuple[str, bytes]]] = defaultdict(
            lambda: queue.Queue(MAX_WAITING)
        )
        self.answers: dict[str, queue.Queue[bytes]] = {}
        self.agents: set[str] = set()
        self.lock = threading.Lock()

    def ask(self, name: str, body: bytes) -> bytes:
        """The agent's answer; raises KeyError, Busy or queue.Empty."""
        if name not in self.agents:
            raise KeyError(name)
        # Only the agent that was handed a request can guess its id.
        request_id, answers = secrets.token_urlsafe(16), queue.Queue()
        self.answers[request_id] = answers
        try:
            self._queue(name).put_nowait((request_id, body))
            return answers.get(timeout=ANSWER_TIMEOUT_SECONDS)
        except queue.Full:
            raise Busy(name) from None
        finally:
            self.answers.pop(request_id, None)

    def announce(self, name: str) -> None:
        self.agents.add(name)

    def next(self, name: str) -> tuple[str, bytes] | None:
        """The next request for the agent `name`, waiting a while for one."""
        self.announce(name)
        try:
            return self._queue(name).get(timeout=POLL_SECONDS)
        except queue.Empty:
            return None

    def answer(self, request_id: str, body: bytes) -> bool:
        """Hands an answer to the client that waits for it; False if none does."""
        answers = self.answers.get(request_id)
        if answers is None:
            return False
        answers.put(body)
        return True

    def _queue(self, name: str) -> queue.Queue[tuple[str, bytes]]:
        with self.lock:
            return self.requests[name]


class Server(ThreadingHTTPServer):
    """Serves a relay. With a `token`, agents must show it; clients are the gateway's business."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], relay: Relay, token: str | None) -> None:
        super().__init__(address, Handler)
        self.relay = relay
        self.token = token


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = ANSWER_TIMEOUT_SECONDS + POLL_SECONDS

    def do_GET(self) -> None:
        if self.path == "/health":
            return self._send(200, b'{"status": "healthy"}')
        match = NEXT.fullmatch(self.path)
        if match is None:
            return self._send(404)
        if not self._is_agent():
            return self._send(401)
        waiting = self.server.relay.next(match[1])
        if waiting is None:
            return self._send(204)
        request_id, body = waiting
        self._send(200, body, request_id)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            return self._send(413)
        body = self.rfile.read(int(length))
        client = CLIENT.fullmatch(self.path)
        agent, answer = AGENT.fullmatch(self.path), ANSWER.fullmatch(self.path)
        if client:
            self._ask(client[1], body)
        elif not agent and not answer:
            self._send(404)
        elif not self._is_agent():
            self._send(401)
        elif agent:
            self.server.relay.announce(agent[1])
            self._send(204)
        else:
            self._send(204 if self.server.relay.answer(answer[2], body) else 404)

    def _ask(self, name: str, body: bytes) -> None:
        try:
            answer = self.server.relay.ask(name, body)
        except KeyError:
            return self._send(404)
        except Busy:
            return self._send(503)
        except queue.Empty:
            return self._send(504)
        self._send(200 if answer else 202, answer)

    def _is_agent(self) -> bool:
        expected = f"Bearer {self.server.token}"
        given = self.headers.get("Authorization", "")
        return not self.server.token or hmac.compare_digest(given.encode(), expected.encode())

    def _send(self, status: int, body: bytes = b"", request_id: str | None = None) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        if request_id is not None:
            self.send_header("X-Request-Id", request_id)
        self.end_headers()
        if status != 204:
            self.wfile.write(body)
