//! Schemas of values that refer to other documents, which Helm would fetch to check values.
//!
//! Cautious: what is not surely inside the schema counts as elsewhere. A relative reference is
//! elsewhere too, since Helm resolves it against `$id`, or against the folders of the machine.

use archive::{Entry, gzip, tar};
use model::Budget;
use serde_json::Value;

/// The meta-schemas that Helm's validator has built in, without their scheme.
const BUILT_IN: [&str; 6] = [
    "json-schema.org/schema",
    "json-schema.org/draft-04/schema",
    "json-schema.org/draft-06/schema",
    "json-schema.org/draft-07/schema",
    "json-schema.org/draft/2019-09/schema",
    "json-schema.org/draft/2020-12/schema",
];

/// How deep charts may be packed in charts. Deeper ones count as unreadable.
const MAX_PACKED: usize = 4;

/// What cannot be read here may still be followed by Helm.
const UNREADABLE: &str = "what cannot be read";

/// A schema, and what it refers to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Elsewhere {
    /// Its path in the chart; with a colon before paths in a packed subchart.
    pub(crate) path: String,
    /// The first reference that is not inside of it.
    pub(crate) reference: String,
}

/// The first schema among `files`, those of packed subcharts included, that refers elsewhere.
pub(crate) fn elsewhere(files: &[Entry]) -> Option<Elsewhere> {
    let size = files.iter().map(|file| file.bytes.len() as u64).sum();
    search(files, "", 0, &Budget::of(size))
}

/// Packed charts at every depth share `budget`.
fn search(files: &[Entry], before: &str, depth: usize, budget: &Budget) -> Option<Elsewhere> {
    files.iter().find_map(|file| {
        let path = format!("{before}{}", file.path);
        let name = file.path.rsplit('/').next().unwrap_or_default();
        if name == "values.schema.json" {
            let bytes = file.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file.bytes);
            let reference = match serde_json::from_slice(bytes) {
                Ok(schema) => reference(&schema)?,
                Err(_) => UNREADABLE.to_owned(),
            };
            return Some(Elsewhere { path, reference });
        }
        // `charts/db-1.0.0.tgz`, at any level.
        let folder = file.path.strip_suffix(name).unwrap_or_default();
        if !name.ends_with(".tgz") || !format!("/{folder}").ends_with("/charts/") {
            return None;
        }
        let readable = depth < MAX_PACKED;
        let packed = readable.then(|| gzip::read_nested(&file.bytes, budget).ok()).flatten();
        match packed.and_then(|packed| tar::read(&packed).ok()) {
            Some(inner) => search(&inner, &format!("{path}:"), depth + 1, budget),
            None => Some(Elsewhere { path, reference: UNREADABLE.to_owned() }),
        }
    })
}

/// The first reference of `schema` that leads out of it.
fn reference(schema: &Value) -> Option<String> {
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(entries) => {
                for (key, value) in entries {
                    let leads_out = value.as_str().filter(|text| match key.as_str() {
                        "$ref" | "$dynamicRef" | "$recursiveRef" => {
                            !text.starts_with('#') && !is_built_in(text)
                        }
                        "$schema" => !is_built_in(text),
                        _ => false,
                    });
                    if let Some(text) = leads_out {
                        return Some(text.chars().take(200).collect());
                    }
                    open.push(value);
                }
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    None
}

fn is_built_in(text: &str) -> bool {
    let bare = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let bare = bare.map(|bare| bare.split_once('#').map_or(bare, |(document, _)| document));
    bare.is_some_and(|bare| BUILT_IN.contains(&bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let found = elsewhere(&[Entry::new("values.schema.json", text)]);
        assert_eq!(found.as_ref().map(|found| found.reference.as_str()), expected, "{text}");
    }

    #[test]
    fn a_schema_that_stands_alone_refers_to_nothing_else() {
        check("{}", None);
        check("true", None);
        check(r##"{"$schema": "http://json-schema.org/draft-07/schema#"}"##, None);
        check(r#"{"$schema": "https://json-schema.org/draft/2020-12/schema"}"#, None);
        check(r##"{"$id": "https://x.example/a", "$ref": "#/$defs/a", "$defs": {"a": {}}}"##, None);
        check(r#"{"properties": {"$ref": {"type": "string"}, "a": {"default": "x.json"}}}"#, None);
        check(r#"{"properties": {"url": {"const": "https://x.example"}}}"#, None);
    }

    #[test]
    fn a_reference_out_of_a_schema_is_found_wherever_it_stands() {
        check(r#"{"$ref": "https://x.example/a.json"}"#, Some("https://x.example/a.json"));
        check(r#"{"allOf": [{"items": {"$ref": "http://h/a"}}]}"#, Some("http://h/a"));
        check(r##"{"$id": "https://x.example/a", "$ref": "b.json#/c"}"##, Some("b.json#/c"));
        check(r#"{"$ref": "file:///etc/passwd"}"#, Some("file:///etc/passwd"));
        check(r#"{"$ref": "../other.json"}"#, Some("../other.json"));
        check(r#"{"$schema": "https://x.example/meta"}"#, Some("https://x.example/meta"));
        check(r#"{"$defs": {"a": {"$dynamicRef": "//h/a"}}}"#, Some("//h/a"));
        check("\u{feff}{\"$ref\": \"http://h/a\"}", Some("http://h/a"));
        check("{not json", Some(UNREADABLE));
    }

    #[test]
    fn subcharts_are_searched_packed_or_not() {
        let pack = |files: &[Entry]| gzip::write(&tar::write(files, 0).unwrap());
        let remote = r#"{"$ref": "http://h/a"}"#;
        let schema = Entry::new("db/values.schema.json", remote);
        let inner = Entry::new("charts/db-1.0.0.tgz", pack(std::slice::from_ref(&schema)));
        let outer = Entry::new("x/charts/db-1.0.0.tgz", pack(&[schema]));
        let twice = Entry::new("charts/x-1.0.0.tgz", pack(&[outer]));
        let folder = Entry::new("charts/db/charts/e/values.schema.json", remote);
        let path = |file| elsewhere(&[file]).unwrap().path;
        assert_eq!(path(inner), "charts/db-1.0.0.tgz:db/values.schema.json");
        let expected = "charts/x-1.0.0.tgz:x/charts/db-1.0.0.tgz:db/values.schema.json";
        assert_eq!(path(twice), expected);
        assert_eq!(path(folder), "charts/db/charts/e/values.schema.json");
        assert_eq!(elsewhere(&[Entry::new("files/a.tgz", "no")]), None);
    }
}
