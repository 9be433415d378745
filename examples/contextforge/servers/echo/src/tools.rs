//! The tools: `echo` and `reverse`.

use serde_json::{json, Value};

use crate::protocol::{Failure, INVALID_PARAMS};

/// What `tools/list` answers.
pub fn list() -> Value {
    let schema = json!({
        "type": "object",
        "properties": { "text": { "type": "string" } },
        "required": ["text"],
    });
    json!([
        { "name": "echo", "description": "Says the text again", "inputSchema": schema },
        { "name": "reverse", "description": "Says the text backwards", "inputSchema": schema },
    ])
}

/// The result of a `tools/call`; arguments that do not fit are told in it, as MCP wants it.
pub fn call(params: &Value) -> Result<Value, Failure> {
    let name = params["name"].as_str().unwrap_or_default();
    let tool: fn(&str) -> String = match name {
        "echo" => str::to_owned,
        "reverse" => |text| text.chars().rev().collect(),
        _ => return Err((INVALID_PARAMS, format!("unknown tool `{name}`"))),
    };
    let text = params["arguments"]["text"].as_str();
    let answer = text.map_or_else(|| "`text` is a string and must be given".to_owned(), tool);
    Ok(json!({ "content": [{ "type": "text", "text": answer }], "isError": text.is_none() }))
}

#[cfg(test)]
mod tests {
    use super::call;
    use serde_json::json;

    fn check(name: &str, arguments: serde_json::Value, expected: &str, is_error: bool) {
        let result = call(&json!({ "name": name, "arguments": arguments })).unwrap();
        assert_eq!(result["content"][0]["text"], expected);
        assert_eq!(result["isError"], is_error);
    }

    #[test]
    fn tools_answer_with_text() {
        check("echo", json!({ "text": "héllo" }), "héllo", false);
        check("reverse", json!({ "text": "héllo" }), "olléh", false);
        check("echo", json!({}), "`text` is a string and must be given", true);
        assert!(call(&json!({ "name": "nope" })).is_err());
    }
}
