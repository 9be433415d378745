//! The text that Go's `runtime/debug.BuildInfo` writes: one tab-separated line per fact.

use super::{GoBuildInfo, GoModule};

/// Marks of 16 bytes each that the linker puts around the text.
const MARK: usize = 16;

/// The most lines: more modules than any build has.
const MAX_LINES: usize = 200_000;

pub(super) fn parse(go_version: &str, marked: &[u8]) -> GoBuildInfo {
    // As in Go: the marks are there if a line ends right before the last one.
    let end = marked.len().saturating_sub(MARK);
    let has_marks = marked.len() > 2 * MARK && marked.get(end - 1) == Some(&b'\n');
    let text = if has_marks { marked.get(MARK..end).unwrap_or_default() } else { &[] };
    let text = String::from_utf8_lossy(text);
    let mut info = GoBuildInfo { go_version: go_version.to_owned(), ..GoBuildInfo::default() };
    for line in text.lines().take(MAX_LINES) {
        let Some((kind, rest)) = line.split_once('\t') else { continue };
        match kind {
            "path" => info.path = rest.to_owned(),
            "mod" => info.main = Some(module(rest)),
            "dep" => info.deps.push(module(rest)),
            "=>" => replace(&mut info, module(rest)),
            "build" => {
                if let Some((name, value)) = rest.split_once('=') {
                    info.settings.push((unquoted(name), unquoted(value)));
                }
            }
            _ => {}
        }
    }
    info
}

fn module(fields: &str) -> GoModule {
    let mut fields = fields.split('\t').map(str::to_owned);
    let mut next = || fields.next().unwrap_or_default();
    GoModule { path: next(), version: next(), sum: next(), replaces: None }
}

/// The line before names the requested module; this one names what was compiled.
fn replace(info: &mut GoBuildInfo, real: GoModule) {
    let Some(asked) = info.deps.last_mut().or(info.main.as_mut()) else { return };
    let replaces = Some((asked.path.clone(), asked.version.clone()));
    *asked = GoModule { replaces, ..real };
}

/// Values with spaces are in Go's quotes; only the escapes that occur in them are decoded.
fn unquoted(text: &str) -> String {
    if let Some(raw) = text.strip_prefix('`').and_then(|text| text.strip_suffix('`')) {
        return raw.to_owned();
    }
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(inner) => serde_json::from_str(&format!("\"{inner}\"")).unwrap_or(inner.to_owned()),
        None => text.to_owned(),
    }
}
