//! From the tree's file to [`Written`].

use model::limits::{MAX_CONFIG_BYTES, MAX_PACKAGES};
use model::{Code, Diagnostic, Diagnostics, Found, Location, Tree};
use toml::de::{DeTable, DeValue};

use super::{Written, WrittenRelease, check, keys, written};
use crate::CONFIG_FILE;
use crate::codes;
use crate::source::Source;

/// Reads the configuration. Problems of shape are added to `problems`; what could be read comes
/// back all the same, so that the tree can be looked at in the same run.
pub(crate) fn read(tree: &dyn Tree, problems: &mut Diagnostics) -> Option<Written> {
    let text = match tree.find(CONFIG_FILE) {
        Found::Text(text) => text,
        other => {
            problems.push(not_a_text(&other));
            return None;
        }
    };
    if text.len() as u64 > MAX_CONFIG_BYTES {
        let message = format!("the configuration is larger than {MAX_CONFIG_BYTES} bytes");
        problems.push(
            Diagnostic::new(&codes::CONFIG_TOO_LARGE, message)
                .at(Location::file(CONFIG_FILE))
                .help("split the repository's packages over several releases"),
        );
        return None;
    }
    let source = Source::new(CONFIG_FILE, text);
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    if !errors.is_empty() {
        // What was recovered is a guess: judging it would bury the cause under consequences.
        problems.extend(errors.iter().take(MAX_SYNTAX_PROBLEMS).map(|e| syntax(&source, e)));
        return None;
    }
    check::check(&source, &keys::ROOT, table.get_ref(), 0, problems);
    let release = table.get_ref().get("release").and_then(|value| value.get_ref().as_table());
    let release: WrittenRelease = release.map(written::release).unwrap_or_default();
    let tables = table.get_ref().get("package").and_then(|value| value.get_ref().as_array());
    let tables = tables.map(|array| array.iter().collect::<Vec<_>>()).unwrap_or_default();
    if let Some(first_over) = tables.get(MAX_PACKAGES) {
        let message = format!("more than {MAX_PACKAGES} packages");
        problems.push(
            source
                .error(first_over.span().start, &codes::CONFIG_TOO_MANY_PACKAGES, message)
                .help("split the repository's packages over several releases"),
        );
        return None;
    }
    let packages = tables
        .into_iter()
        .filter_map(|item| match item.get_ref() {
            DeValue::Table(table) => written::package(table, item.span().start),
            _ => None,
        })
        .collect();
    drop(table);
    Some(Written { source, release, packages })
}

/// Syntax errors told at most: the later ones are mostly echoes of the first.
const MAX_SYNTAX_PROBLEMS: usize = 20;

fn syntax(source: &Source, error: &toml::de::Error) -> Diagnostic {
    let offset = error.span().map_or(0, |span| span.start);
    let message = error.message().replace('\n', "; ");
    source
        .error(offset, &codes::CONFIG_SYNTAX, format!("not TOML: {message}"))
        .help("correct the syntax; the rest is looked at once the file can be read")
}

fn not_a_text(found: &Found) -> Diagnostic {
    let at = |code: &'static Code, message: String| {
        Diagnostic::new(code, message).at(Location::file(CONFIG_FILE))
    };
    match found {
        Found::Absent | Found::Text(_) | Found::File => {
            at(&codes::CONFIG_MISSING, format!("there is no `{CONFIG_FILE}`"))
                .help("run `package-actions init` to have one proposed")
        }
        Found::Folder => at(&codes::PATH_NOT_A_FILE, format!("`{CONFIG_FILE}` is a folder"))
            .help("put a file in its place"),
        Found::Outside(target) => at(
            &codes::PATH_OUTSIDE,
            format!("`{CONFIG_FILE}` is a link to `{target}`, out of the tree"),
        )
        .help("put a file in its place"),
        Found::NotText => at(&codes::PATH_NOT_TEXT, format!("`{CONFIG_FILE}` is no UTF-8 text"))
            .help("save it as UTF-8"),
        Found::Unreadable(reason) => {
            at(&codes::PATH_UNREADABLE, format!("`{CONFIG_FILE}` cannot be read: {reason}"))
                .help("check its permissions")
        }
    }
}

#[cfg(test)]
mod tests;
