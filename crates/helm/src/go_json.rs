//! JSON as Go's encoder writes it, for documents that Helm writes too.

/// `json` with the characters escaped that would mean something in HTML or end a line of a script.
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
