"""The MCP servers, each in its own language: one behaviour over stdio and over HTTP."""

import json
import os
import unittest

from running import Case, ask, call, fetch, program, request, text

HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test"}}


class Server:
    """What every server must do; a subclass names the server and one call with its answer."""

    command: list[str]
    name: str
    call: dict
    answer: str

    def test_stdio_and_http_give_the_same_answers(self):
        messages = [
            request("initialize", HELLO),
            {"jsonrpc": "2.0", "method": "notifications/initialized"},
            request("ping", request_id="two"),
            request("tools/list", request_id=3),
            self.call,
            call("no_such_tool"),
            request("no/such/method"),
        ]
        by_stdio = self.run_with(self.command, *messages)
        url = self.start([*self.command, "--port", "0"]) + "/mcp"
        self.assertEqual(fetch(url, messages.pop(1)), (202, b""))
        self.assertEqual([ask(url, message) for message in messages], by_stdio)

        hello, ping, tools, answer, *errors = by_stdio
        self.assertEqual(hello["result"]["serverInfo"]["name"], self.name)
        self.assertEqual(hello["result"]["protocolVersion"], "2025-06-18")
        self.assertEqual(ping, {"jsonrpc": "2.0", "id": "two", "result": {}})
        names = [tool["name"] for tool in tools["result"]["tools"]]
        self.assertIn(self.call["params"]["name"], names)
        self.assertEqual(text(answer), self.answer)
        self.assertEqual([error["error"]["code"] for error in errors], [-32602, -32601])

    def test_broken_messages_are_answered_with_their_codes(self):
        url = self.start([*self.command, "--port", "0"]) + "/mcp"
        for body, code in ((b"{", -32700), (b"[]", -32600), (b'{"id":1,"method":"ping"}', -32600)):
            self.assertEqual(json.loads(fetch(url, body)[1])["error"]["code"], code, body)
        self.assertEqual(fetch(url, request("ping"), Origin="http://evil.example")[0], 403)

    def test_health_is_told_by_the_exit_code(self):
        url = self.start([*self.command], MCP_PORT="0")
        port = url.rpartition(":")[2]
        self.assertEqual(fetch(url + "/health")[0], 200)
        self.assertEqual(self.exit_code([*self.command, "--health"], MCP_PORT=port), 0)
        self.assertEqual(self.exit_code([*self.command, "--health", "--port", "1"]), 1)
        self.assertEqual(self.exit_code([*self.command, "--version"]), 0)


class TextServer(Server, Case):
    command = program("mcp-server-text")
    name = "mcp-server-text"
    call = call("change_case", text="hello", case="upper")
    answer = "HELLO"


@unittest.skipUnless("MCP_SERVER_TIME" in os.environ, "MCP_SERVER_TIME names no binary")
class TimeServer(Server, Case):
    command = [os.environ.get("MCP_SERVER_TIME", "")]
    name = "mcp-server-time"
    call = call("convert_time", time="2026-01-31T12:00:00", to="Asia/Tokyo")
    answer = "2026-01-31T21:00:00+09:00"


@unittest.skipUnless("MCP_SERVER_ECHO" in os.environ, "MCP_SERVER_ECHO names no binary")
class EchoServer(Server, Case):
    command = [os.environ.get("MCP_SERVER_ECHO", "")]
    name = "mcp-server-echo"
    call = call("reverse", text="héllo")
    answer = "olléh"


if __name__ == "__main__":
    unittest.main()
