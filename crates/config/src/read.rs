//! From the file's text to [`Config`].

use format::{Key, Origins};
use manifests::Source;
use model::limits::{MAX_CONFIG_BYTES, MAX_PACKAGES};
use model::{Code, Diagnostic, Diagnostics, Findings, Found, Location, Tree};
use toml::de::DeTable;

use crate::codes;
use crate::keys::{Keys, ROOT};
use crate::{CONFIG_FILE, Config, check, tables};

/// Reads the configuration, in which packages may have the keys of `formats`. Problems of shape are
/// added to `problems`; what could be read comes back all the same, so that the tree can be looked
/// at in the same run.
pub fn read(
    tree: &dyn Tree,
    formats: &[&'static Key],
    problems: &mut Diagnostics,
) -> Option<Config> {
    let keys = Keys { formats };
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
    let origins = Origins::File(Source::new(CONFIG_FILE, text));
    let (table, errors) = DeTable::parse_recoverable(origins.text());
    if !errors.is_empty() {
        // What was recovered is a guess: checking it would bury the cause under consequences.
        problems.extend(errors.iter().take(MAX_SYNTAX_PROBLEMS).map(|e| syntax(&origins, e)));
        return None;
    }
    let mut shapes = Findings::new();
    check::check(&origins, keys, &ROOT, table.get_ref(), 0, &mut shapes);
    problems.extend(shapes.finish());
    if let Some(first_over) = tables::packages(table.get_ref()).nth(MAX_PACKAGES) {
        let message = format!("more than {MAX_PACKAGES} packages");
        problems.push(
            origins
                .error(first_over.span().start, &codes::CONFIG_TOO_MANY_PACKAGES, message)
                .help("split the repository's packages over several releases"),
        );
        return None;
    }
    let (release, packages) = tables::root(table.get_ref(), keys);
    drop(table);
    Some(Config { origins, release, packages })
}

/// The submodules that the configuration `text` leaves out of the tree: paths, with `*`. It is
/// asked before the tree is known; what is wrong with the text, [`read`] tells.
#[must_use]
pub fn ignored_submodules(text: &str) -> Vec<String> {
    // Reading a large configuration takes milliseconds, and hardly one has the key.
    if text.len() as u64 > MAX_CONFIG_BYTES || !text.contains("submodules") {
        return Vec::new();
    }
    let (table, _) = DeTable::parse_recoverable(text);
    tables::ignored_submodules(table.get_ref())
}

/// The folder that a configuration with this text puts the release into, as it is written. Nothing
/// where it names none or cannot be read, which [`read`] tells.
#[must_use]
pub fn output_folder(text: &str) -> Option<String> {
    // As above: no key without its name.
    if text.len() as u64 > MAX_CONFIG_BYTES || !text.contains("out") {
        return None;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let table = Some(table).filter(|_| errors.is_empty())?;
    tables::root(table.get_ref(), Keys { formats: &[] }).0.out.map(|at| at.value)
}

/// Syntax errors reported at most: the later ones mostly follow from the first.
const MAX_SYNTAX_PROBLEMS: usize = 20;

fn syntax(origins: &Origins, error: &toml::de::Error) -> Diagnostic {
    let offset = error.span().map_or(0, |span| span.start);
    let message = error.message().replace('\n', "; ");
    origins
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
        Found::Folder => {
            at(&manifests::codes::PATH_NOT_A_FILE, format!("`{CONFIG_FILE}` is a folder"))
                .help("put a file in its place")
        }
        Found::Outside(target) => at(
            &manifests::codes::PATH_OUTSIDE,
            format!("`{CONFIG_FILE}` is a link to `{target}`, out of the tree"),
        )
        .help("put a file in its place"),
        Found::NotText => {
            at(&manifests::codes::PATH_NOT_TEXT, format!("`{CONFIG_FILE}` is not UTF-8 text"))
                .help("save it as UTF-8")
        }
        Found::Unreadable(reason) => at(
            &manifests::codes::PATH_UNREADABLE,
            format!("`{CONFIG_FILE}` cannot be read: {reason}"),
        )
        .help("check its permissions"),
    }
}

#[cfg(test)]
mod tests;
