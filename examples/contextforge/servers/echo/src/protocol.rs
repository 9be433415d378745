//! MCP over JSON-RPC 2.0: one message in, at most one message out, whatever the transport.

use serde_json::{json, Value};

use crate::tools;

/// The revisions of MCP that this server speaks, newest first.
const PROTOCOLS: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/// An error code of JSON-RPC 2.0 (section 5.1) and what it says.
pub type Failure = (i64, String);

pub const PARSE_ERROR: i64 = -32700;
pub const INVALID_REQUEST: i64 = -32600;
pub const METHOD_NOT_FOUND: i64 = -32601;
pub const INVALID_PARAMS: i64 = -32602;

/// The answer to a message; none to a notification or a response.
pub fn handle(message: &[u8]) -> Option<String> {
    let Ok(message) = serde_json::from_slice::<Value>(message) else {
        return Some(reply(&Value::Null, Err((PARSE_ERROR, "parse error".to_owned()))));
    };
    if message["jsonrpc"] != "2.0" {
        let problem = "not a JSON-RPC 2.0 message".to_owned();
        return Some(reply(&Value::Null, Err((INVALID_REQUEST, problem))));
    }
    let (id, method) = (message.get("id")?, message.get("method")?);
    let outcome = match method.as_str() {
        Some(method) => dispatch(method, &message["params"]),
        None => Err((INVALID_REQUEST, "`method` is a string".to_owned())),
    };
    Some(reply(id, outcome))
}

fn dispatch(method: &str, params: &Value) -> Result<Value, Failure> {
    match method {
        "initialize" => Ok(initialize(params)),
        "ping" => Ok(json!({})),
        "tools/list" => Ok(json!({ "tools": tools::list() })),
        "tools/call" => tools::call(params),
        _ => Err((METHOD_NOT_FOUND, format!("unknown method `{method}`"))),
    }
}

fn initialize(params: &Value) -> Value {
    let asked = params["protocolVersion"].as_str();
    let spoken = PROTOCOLS.iter().find(|known| Some(**known) == asked).unwrap_or(&PROTOCOLS[0]);
    json!({
        "protocolVersion": spoken,
        "capabilities": { "tools": {} },
        "serverInfo": { "name": "mcp-server-echo", "version": env!("CARGO_PKG_VERSION") },
    })
}

fn reply(id: &Value, outcome: Result<Value, Failure>) -> String {
    let reply = match outcome {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err((code, message)) => {
            json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
        }
    };
    reply.to_string()
}

#[cfg(test)]
mod tests {
    use super::handle;

    fn check(message: &str, expected: &str) {
        let reply = handle(message.as_bytes()).unwrap_or_default();
        assert!(reply.contains(expected), "{message}\nanswered {reply}\nexpected {expected}");
        assert_eq!(reply.is_empty(), expected.is_empty(), "{message}\nanswered {reply}");
    }

    #[test]
    fn requests_are_answered_and_notifications_are_not() {
        check(r#"{"jsonrpc":"2.0","id":"a","method":"ping"}"#, r#""id":"a""#);
        check(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, "");
        check(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#, "");
        check(r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#, r#""name":"echo""#);
    }

    #[test]
    fn an_unknown_protocol_is_answered_with_the_newest() {
        let ask = |version: &str| {
            let params = format!(r#"{{"protocolVersion":"{version}"}}"#);
            format!(r#"{{"jsonrpc":"2.0","id":1,"method":"initialize","params":{params}}}"#)
        };
        check(&ask("2024-11-05"), r#""protocolVersion":"2024-11-05""#);
        check(&ask("1999-01-01"), r#""protocolVersion":"2025-11-25""#);
    }

    #[test]
    fn errors_carry_the_codes_of_json_rpc() {
        check("{", "-32700");
        check("[]", "-32600");
        check(r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, "-32600");
        check(r#"{"jsonrpc":"2.0","id":1,"method":7}"#, "-32600");
        check(r#"{"jsonrpc":"2.0","id":1,"method":"nope"}"#, "-32601");
        check(r#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, "-32602");
    }
}
