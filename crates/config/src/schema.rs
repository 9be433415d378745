//! The JSON schema of `package-actions.toml`, for editors, from the one table of keys.

use format::{Key, Section, Shape};
use model::Platform;
use model::limits::{MAX_NAME_CHARS, MAX_PACKAGES};
use serde_json::{Map, Value, json};

use crate::keys::{Keys, ROOT};

/// The schema (JSON Schema 2020-12) as pretty-printed JSON with a newline at the end.
#[must_use]
pub fn schema(formats: &[&'static Key]) -> String {
    let keys = Keys { formats };
    let mut root = Map::new();
    root.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    root.insert("title".to_owned(), json!("package-actions.toml"));
    root.extend(section_schema(keys, &ROOT));
    // A value of maps with text keys always has a rendering.
    let mut text = serde_json::to_string_pretty(&Value::Object(root)).unwrap_or_default();
    text.push('\n');
    text
}

fn section_schema(keys: Keys<'_>, section: &'static Section) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("description".to_owned(), json!(section.about));
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("additionalProperties".to_owned(), json!(false));
    let properties: Map<String, Value> =
        keys.of(section).map(|key| (key.name.to_owned(), key_schema(keys, section, key))).collect();
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !section.required.is_empty() {
        schema.insert("required".to_owned(), json!(section.required));
    }
    if !section.one_of.is_empty() {
        let choices: Vec<Value> =
            section.one_of.iter().map(|name| json!({ "required": [name] })).collect();
        schema.insert("oneOf".to_owned(), Value::Array(choices));
    }
    schema
}

fn key_schema(keys: Keys<'_>, section: &Section, key: &Key) -> Value {
    let mut schema = shape_schema(keys, key.shape);
    if section.name == "`[[package]]`" && key.name == "name" {
        schema.insert("maxLength".to_owned(), json!(MAX_NAME_CHARS));
        schema.insert("pattern".to_owned(), json!("^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$"));
    }
    schema.insert("description".to_owned(), json!(key.about));
    Value::Object(schema)
}

fn shape_schema(keys: Keys<'_>, shape: Shape) -> Map<String, Value> {
    let value = match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Whole(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Shape::Choice(words) => json!({ "enum": words }),
        Shape::User => json!({
            "oneOf": [
                { "type": "integer", "minimum": 1, "maximum": u32::MAX },
                { "type": "string", "pattern": "^0*[1-9][0-9]*(:[0-9]+)?$" },
            ]
        }),
        Shape::Texts => list(json!({ "type": "string" })),
        Shape::TextOrTexts => json!({
            "oneOf": [{ "type": "string" }, Value::Object(shape_schema(keys, Shape::Texts))]
        }),
        Shape::Platforms => list(json!({ "enum": Platform::ALL.map(Platform::as_str) })),
        Shape::Ports => list(json!({ "type": "integer", "minimum": 1, "maximum": u16::MAX })),
        Shape::Variables => json!({
            "type": "object",
            "propertyNames": { "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" },
            "additionalProperties": { "type": "string" },
        }),
        Shape::Paths => json!({
            "type": "object",
            "propertyNames": { "pattern": "^/" },
            "additionalProperties": { "type": "string" },
        }),
        Shape::Table(section) => Value::Object(section_schema(keys, section)),
        Shape::Tables(section) => json!({
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_PACKAGES,
            "items": section_schema(keys, section),
        }),
    };
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "minItems": 1, "items": items })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::keys;

    fn check_described(schema: &Value, path: &str) {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
        for (name, property) in properties {
            let path = format!("{path}/{name}");
            let text = property.get("description").and_then(Value::as_str).unwrap_or_default();
            assert!(text.ends_with('.'), "{path} lacks a description");
            check_described(property, &path);
            check_described(property.get("items").unwrap_or(&Value::Null), &path);
        }
    }

    #[test]
    fn every_key_of_the_schema_is_described() {
        let schema: Value = serde_json::from_str(&schema(&keys())).unwrap();
        check_described(&schema, "");
        assert_eq!(schema.pointer("/properties/package/items/required"), Some(&json!(["name"])));
    }

    #[test]
    fn the_committed_schema_is_the_one_the_reader_follows() {
        let committed = include_str!("../../../docs/reference/package-actions.schema.json");
        assert_eq!(committed, schema(&keys()), "write the schema again: `cargo xtask docs`");
    }
}
