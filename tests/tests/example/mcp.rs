//! The Model Context Protocol as a client speaks it, in three messages.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::serving::Server;

/// What is asked of a server: `initialize`, `tools/list`, and one call.
pub struct Round<'a> {
    /// What the server calls itself.
    pub name: &'a str,
    /// The tool to call.
    pub tool: &'a str,
    /// Its arguments.
    pub arguments: Value,
    /// What its answer's text must contain.
    pub expected: &'a str,
}

impl Round<'_> {
    /// Over HTTP.
    pub fn over_http(&self, server: &Server) {
        let answers = self.messages().map(|message| {
            let answer = server.post("/mcp", &message.to_string());
            assert_eq!(answer.status, 200, "{answer:?}");
            serde_json::from_str(&answer.body).unwrap()
        });
        self.check(&answers);
    }

    /// Over standard input and output.
    pub fn over_stdio(&self, command: &mut Command) {
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.spawn().expect("the server starts");
        let lines: String = self.messages().iter().map(|message| format!("{message}\n")).collect();
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{command:?} ends with {}", output.status);
        let text = String::from_utf8(output.stdout).unwrap();
        let answers: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        self.check(&answers);
    }

    fn messages(&self) -> [Value; 3] {
        let message = |id: u32, method: &str, params: Value| {
            let mut message = json!({"jsonrpc": "2.0", "id": id, "method": method});
            message["params"] = params;
            message
        };
        let client = json!({"name": "test", "version": "1"});
        let hello =
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client});
        [
            message(1, "initialize", hello),
            message(2, "tools/list", json!({})),
            message(3, "tools/call", json!({"name": self.tool, "arguments": self.arguments})),
        ]
    }

    fn check(&self, answers: &[Value]) {
        let [hello, tools, call] = answers else { panic!("three answers, not {answers:?}") };
        assert_eq!(hello["result"]["serverInfo"]["name"], self.name);
        let tools = tools["result"]["tools"].as_array().unwrap();
        assert!(tools.iter().any(|tool| tool["name"] == self.tool), "{tools:?}");
        let text = call["result"]["content"][0]["text"].as_str().unwrap_or_default();
        assert!(text.contains(self.expected), "{} in {call}", self.expected);
    }
}
