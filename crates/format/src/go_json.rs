//! JSON as Go's encoder writes it, for documents that Helm writes as well.

/// `json` with the characters escaped that are special in HTML or end a line in JavaScript.
#[must_use]
pub fn go_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}
