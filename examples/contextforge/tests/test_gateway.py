"""The gateway, its plugins, and the programs that stand around it."""

import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer

from running import INSTALLED, Case, ask, call, fetch, program, request, text

NOTIFICATION = {"jsonrpc": "2.0", "method": "notifications/initialized"}


class GatewayCase(Case):
    def gateway(self, *servers: str, **env: str) -> str:
        flags = [flag for server in servers for flag in ("--server", server)]
        return self.start([*program("mcpgateway"), "--port", "0", *flags], **env)

    def text_server(self) -> str:
        return self.start([*program("mcp-server-text"), "--port", "0"]) + "/mcp"


class Gateway(GatewayCase):
    def test_tools_of_all_servers_are_listed_and_called(self):
        server = self.text_server()
        url = self.gateway(f"a={server}", f"b={server}", "gone=http://127.0.0.1:1/mcp")
        listed = ask(f"{url}/mcp", request("tools/list"))["result"]["tools"]
        self.assertEqual(json.loads(fetch(f"{url}/tools")[1])["tools"], listed)
        self.assertEqual(len(listed), 6)
        reply = ask(f"{url}/mcp", call("b-change_case", text="hello", case="upper"))
        self.assertEqual(text(reply), "HELLO")

    def test_errors_keep_the_codes_of_json_rpc(self):
        url = self.gateway(f"a={self.text_server()}", "gone=http://127.0.0.1:1/mcp") + "/mcp"
        cases = [
            (call("nowhere"), -32602),
            (call("a-no_such_tool"), -32602),
            (call("gone-tool"), -32603),
            (request("no/such/method"), -32601),
            ([], -32600),
        ]
        for message, code in cases:
            self.assertEqual(ask(url, message)["error"]["code"], code, message)
        self.assertEqual(fetch(url, b"{")[0], 400)
        self.assertEqual(fetch(url, NOTIFICATION)[0], 202)

    def test_probes_tell_healthy_from_ready(self):
        url = self.gateway(REDIS_URL="redis://127.0.0.1:1")
        port = url.rpartition(":")[2]
        self.assertEqual(fetch(f"{url}/health"), (200, b'{"status": "healthy"}'))
        self.assertEqual(json.loads(fetch(f"{url}/ready")[1])["unreachable"], ["REDIS_URL"])
        self.assertEqual(self.exit_code([*program("mcpgateway"), "--health", "--port", port]), 0)
        self.assertEqual(self.exit_code([*program("mcpgateway"), "--health", "--port", "1"]), 1)

    def test_a_token_is_asked_for_where_one_is_set(self):
        url = self.gateway(MCPGATEWAY_TOKEN="hunter2")
        self.assertEqual(fetch(f"{url}/tools")[0], 401)
        self.assertEqual(fetch(f"{url}/mcp", request("ping"), Authorization="Bearer no")[0], 401)
        reply = ask(f"{url}/mcp", request("ping"), Authorization="Bearer hunter2")
        self.assertEqual(reply["result"], {})
        self.assertEqual(fetch(f"{url}/health")[0], 200)

    def test_a_page_of_another_site_may_not_call(self):
        url = self.gateway()
        self.assertEqual(fetch(f"{url}/mcp", request("ping"), Origin="http://evil.example")[0], 403)
        self.assertEqual(ask(f"{url}/mcp", request("ping"), Origin=url)["result"], {})

    def test_wrong_settings_are_refused(self):
        for env in ({"MCPGATEWAY_SERVERS": "time"}, {"MCPGATEWAY_PLUGIN_SETTINGS": "{"}):
            self.assertEqual(self.exit_code(program("mcpgateway"), **env), 2, env)

    def test_the_ui_is_a_page_of_the_gateway(self):
        url = self.start([*program("mcpgateway-ui"), "--port", "0"])
        status, page = fetch(f"{url}/ui")
        self.assertEqual(status, 200)
        self.assertIn(b"<title>ContextForge gateway</title>", page)


class Plugins(GatewayCase):
    def call_with(self, settings: dict, **arguments: str) -> str:
        env = {"MCPGATEWAY_PLUGIN_SETTINGS": json.dumps(settings)}
        url = self.gateway(f"a={self.text_server()}", **env)
        return text(ask(f"{url}/mcp", call("a-change_case", case="upper", **arguments)))

    def test_the_deny_list_refuses_words_and_tools(self):
        denied = self.call_with({"deny-list": {"words": ["secret"]}}, text="a Secret")
        self.assertEqual(denied, "refused: the arguments contain the denied word `secret`")
        denied = self.call_with({"deny-list": {"tools": ["a-change_case"]}}, text="hello")
        self.assertEqual(denied, "refused: tool `change_case` of `a` is denied")

    def test_the_regex_filter_rewrites_both_ways(self):
        rules = [{"pattern": "colour", "replace": "color"}, {"pattern": "RED", "replace": "red"}]
        settings = {"regex-filter": {"rules": rules}}
        self.assertEqual(self.call_with(settings, text="colour red"), "COLOR red")

    def test_a_plugin_can_be_left_out(self):
        settings = {"deny-list": {"enabled": False, "words": ["secret"]}}
        self.assertEqual(self.call_with(settings, text="secret"), "SECRET")

    def test_the_header_injector_adds_headers_for_one_server(self):
        seen = []

        class Recorder(BaseHTTPRequestHandler):
            def do_POST(self):
                seen.append((self.headers["X-Team"], self.headers["X-Zone"]))
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"jsonrpc": "2.0", "id": 1, "result": {"content": []}}')

            def log_request(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Recorder)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        headers = {"headers": {"X-Team": "blue"}, "servers": {"b": {"X-Zone": "eu"}}}
        env = {"MCPGATEWAY_PLUGIN_SETTINGS": json.dumps({"header-injector": headers})}
        address = f"http://127.0.0.1:{server.server_port}/mcp"
        url = self.gateway(f"a={address}", f"b={address}", **env)
        ask(f"{url}/mcp", call("a-tool"))
        ask(f"{url}/mcp", call("b-tool"))
        self.assertEqual(seen, [("blue", None), ("blue", "eu")])

    @unittest.skipUnless(INSTALLED, "the PII plugin is native: EXAMPLE_BIN tests it")
    def test_addresses_and_phone_numbers_are_masked(self):
        masked = self.call_with({}, text="ada@example.org or +44 20 7946 0958")
        self.assertEqual(masked, "[EMAIL] OR [PHONE]")


class Around(GatewayCase):
    def test_translate_serves_stdio_over_http_and_back(self):
        command = " ".join(f"'{word}'" for word in program("mcp-server-text"))
        url = self.start([*program("mcp-translate"), "--port", "0", "--stdio", command])
        self.assertEqual(fetch(f"{url}/health")[0], 200)
        back = [*program("mcp-translate"), "--http", f"{url}/mcp"]
        asked = call("change_case", text="hello", case="upper")
        (reply,) = self.run_with(back, NOTIFICATION, {**asked, "id": "mine"})
        self.assertEqual((reply["id"], text(reply)), ("mine", "HELLO"))

    def test_the_wrapper_shows_the_chosen_tools_only(self):
        url = self.gateway(f"a={self.text_server()}", MCPGATEWAY_TOKEN="hunter2")
        command = [*program("mcp-wrapper"), "--gateway", url, "--tools", "a-c*e"]
        messages = [request("tools/list"), call("a-change_case", text="hi", case="upper")]
        messages.append(call("a-count_words", text="hi"))
        listed, called, hidden = self.run_with(command, *messages, MCP_GATEWAY_TOKEN="hunter2")
        names = [tool["name"] for tool in listed["result"]["tools"]]
        self.assertEqual(names, ["a-change_case", "a-compare"])
        self.assertEqual(text(called), "HI")
        self.assertEqual(hidden["error"]["code"], -32602)
        self.assertEqual(self.exit_code([*program("mcp-wrapper"), "--health", "--gateway", url]), 0)

    def test_a_server_behind_nat_is_reached_through_the_relay(self):
        relay = self.start([*program("mcp-reverse-proxy"), "--port", "0"], MCP_RELAY_TOKEN="t")
        url = f"{relay}/servers/laptop/mcp"
        self.assertEqual(fetch(url, request("ping"))[0], 404)
        self.assertEqual(fetch(f"{relay}/agents/laptop", b"")[0], 401)
        command = [*program("mcp-reverse-proxy"), "--relay", relay, "--name", "laptop"]
        self.start([*command, "--target", self.text_server()], MCP_RELAY_TOKEN="t")
        reply = ask(url, call("change_case", text="hello", case="upper"))
        self.assertEqual(text(reply), "HELLO")
        self.assertEqual(fetch(url, NOTIFICATION)[0], 202)


if __name__ == "__main__":
    unittest.main()
