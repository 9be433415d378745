//! `Chart.yaml`: the few top-level scalars that a plan needs, with their locations.
//!
//! Not a YAML parser. Charts keep these on lines of their own; what cannot be read for sure is a
//! problem with its location, never a guess. Helm itself judges the rest when the chart is linted.
//!
//! The crate `helm` reads the whole file, with a YAML loader; a plan does without it. The WASM core
//! plans, and the loader with its parser would be linked into it for four values.

mod dependencies;

use std::collections::BTreeMap;

use model::Diagnostic;

use crate::codes;
use crate::document::one_line;
use crate::path::join;
use crate::{Located, Manifests, Source};

pub use dependencies::ChartDependency;

/// What one `Chart.yaml` says.
#[derive(Debug, Default)]
pub struct Chart {
    /// `name`.
    pub name: Option<Located>,
    /// `version`.
    pub version: Option<Located>,
    /// `appVersion`.
    pub app_version: Option<Located>,
    /// `description`, on one line.
    pub description: Option<String>,
    /// The charts that it depends on, as far as they are written one key a line.
    pub dependencies: Vec<ChartDependency>,
}

impl Manifests<'_> {
    /// The chart in `folder`.
    ///
    /// # Errors
    /// When there is none, or its text cannot be read for sure.
    pub fn chart(&self, folder: &str) -> Result<Chart, Diagnostic> {
        let source = self.file(&join(folder, "Chart.yaml"))?;
        let mut scalars = scalars(&source)?;
        let mut take = |key: &str| scalars.remove(key).filter(|located| !located.text.is_empty());
        Ok(Chart {
            name: take("name"),
            version: take("version"),
            app_version: take("appVersion"),
            description: take("description").map(|located| one_line(&located.text)),
            dependencies: self.dependencies(folder, &source),
        })
    }

    /// The dependencies of a chart: in Helm 2's own file where that lists any.
    fn dependencies(&self, folder: &str, chart: &Source) -> Vec<ChartDependency> {
        let old = self.text(&join(folder, "requirements.yaml")).ok().flatten();
        let listed = old.and_then(|old| dependencies::listed(&old));
        listed.or_else(|| dependencies::listed(chart)).unwrap_or_default()
    }
}

/// The scalars at the top level, by key.
fn scalars(source: &Source) -> Result<BTreeMap<String, Located>, Diagnostic> {
    let mut found: BTreeMap<String, Located> = BTreeMap::new();
    let mut seen = BTreeMap::new();
    let mut current: Option<String> = None;
    let mut offset = 0;
    for line in source.text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        let line = if start == 0 { line.trim_start_matches('\u{feff}') } else { line };
        let bare = line.trim_start();
        if bare.is_empty() || bare.starts_with('#') || line == "---" && found.is_empty() {
            continue;
        }
        if line == "..." || line == "---" {
            break;
        }
        if line.starts_with(' ') || bare.starts_with('-') || bare.starts_with(['}', ']']) {
            if let Some(located) = current.as_ref().and_then(|key| found.get_mut(key)) {
                continue_scalar(located, bare);
            }
            continue;
        }
        let wrong = |message: &str| {
            source
                .error(start, &codes::CHART_YAML, message)
                .help("write `key: value` at the start of a line, as `helm create` does")
        };
        if line.starts_with('\t') {
            return Err(wrong("a tab cannot indent YAML"));
        }
        let (key, value) = split_key(line).ok_or_else(|| wrong("this line has no key"))?;
        if seen.insert(key.to_owned(), ()).is_some() && NEEDED.contains(&key) {
            return Err(wrong(&format!("`{key}` appears twice")));
        }
        let at = start + (line.len() - value.len());
        let text = match scalar(value) {
            // Of other keys only the end matters: where the next one starts.
            Err(_) if !NEEDED.contains(&key) => None,
            other => other.map_err(|message| {
                source
                    .error(at, &codes::CHART_YAML, message)
                    .help("write it on one line, in quotes")
            })?,
        };
        current = text.is_some().then(|| key.to_owned());
        if let Some(text) = text {
            found.insert(key.to_owned(), Located { text, location: source.location(at) });
        }
    }
    Ok(found)
}

/// Keys whose values a plan is made from.
const NEEDED: [&str; 3] = ["name", "version", "appVersion"];

/// A folded description goes on over indented lines.
fn continue_scalar(located: &mut Located, more: &str) {
    if matches!(located.text.as_str(), ">" | ">-" | ">+" | "|" | "|-" | "|+") {
        located.text.clear();
    }
    if !located.text.is_empty() {
        located.text.push(' ');
    }
    located.text.push_str(more.trim_end());
}

/// Key and value of a line; the value starts at its first character.
fn split_key(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let fits = value.is_empty() || value.starts_with([' ', '\t']);
    let key = key.trim_end();
    let key = key.strip_prefix('"').and_then(|k| k.strip_suffix('"')).unwrap_or(key);
    let key = key.strip_prefix('\'').and_then(|k| k.strip_suffix('\'')).unwrap_or(key);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    (fits && !key.is_empty() && key.chars().all(plain)).then_some((key, value.trim_start()))
}

/// The text of a scalar; nothing for a list, a table or nothing at all.
fn scalar(value: &str) -> Result<Option<String>, String> {
    let value = value.trim_end();
    let mut chars = value.chars();
    match chars.next() {
        None | Some('#') => Ok(None),
        Some(open @ ('[' | '{')) => Err(format!("a text is needed here, not `{open}`")),
        Some('"') => quoted(value, '"').map(Some),
        Some('\'') => quoted(value, '\'').map(Some),
        Some(c @ ('*' | '&' | '!' | '@' | '`' | '%')) => {
            Err(format!("a value that starts with `{c}` is not read here"))
        }
        Some(_) => {
            let plain = value.split(" #").next().unwrap_or(value).trim_end();
            if plain.contains(": ") {
                return Err("a plain value cannot hold `: `".to_owned());
            }
            Ok(Some(plain.to_owned()))
        }
    }
}

fn quoted(value: &str, quote: char) -> Result<String, String> {
    let mut text = String::new();
    let mut chars = value.chars().skip(1).peekable();
    while let Some(c) = chars.next() {
        if c == quote && quote == '\'' && chars.peek() == Some(&'\'') {
            chars.next();
            text.push('\'');
        } else if c == quote {
            let rest: String = chars.collect();
            let rest = rest.trim_start();
            if rest.is_empty() || rest.starts_with('#') {
                return Ok(text);
            }
            return Err("there is text after the closing quote".to_owned());
        } else if c == '\\' && quote == '"' {
            match chars.next() {
                Some(c @ ('"' | '\\' | '/')) => text.push(c),
                Some('n' | 't') => text.push(' '),
                _ => return Err("this escape is not read here".to_owned()),
            }
        } else {
            text.push(c);
        }
    }
    Err("the quote is not closed on its line".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::MemoryTree;

    fn check(text: &str, expected: Result<[&str; 3], &str>) {
        let tree = MemoryTree::new([("c/Chart.yaml", text)]);
        let found = Manifests::new(&tree).chart("c");
        let or_dash =
            |located: Option<Located>| located.map_or("-".to_owned(), |located| located.text);
        let found = found
            .map(|chart| [chart.name, chart.version, chart.app_version].map(or_dash))
            .map_err(|problem| problem.location.map(|place| place.to_string()).unwrap_or_default());
        let expected = expected.map(|texts| texts.map(str::to_owned)).map_err(str::to_owned);
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_scalars_of_a_chart_are_read_however_they_are_quoted() {
        check(
            "apiVersion: v2\nname: a # the name\nversion: \"1.0.0\"\nappVersion: '2''x'\n",
            Ok(["a", "1.0.0", "2'x"]),
        );
        check("---\n\"name\": a\r\nversion:\t1.2.3\r\n", Ok(["a", "1.2.3", "-"]));
        check("name: a\nicon: b\nicon: c\nversion: 1\n", Ok(["a", "1", "-"]));
        check("name: a\nversion:\ndependencies:\n- name: b\n  version: 9\n", Ok(["a", "-", "-"]));
        check("description: >-\n  long\n  version: no\nname: a\n", Ok(["a", "-", "-"]));
        check("annotations: {\n  version: x\n}\nversion: 1.0.0\n", Ok(["-", "1.0.0", "-"]));
        check("", Ok(["-", "-", "-"]));
    }

    #[test]
    fn what_cannot_be_read_for_sure_is_a_problem_at_its_place() {
        check("name: a\nnonsense\n", Err("c/Chart.yaml:2:1"));
        check("name: \"a\n", Err("c/Chart.yaml:1:7"));
        check("name: a\nname: b\n", Err("c/Chart.yaml:2:1"));
        check("name: *alias\n", Err("c/Chart.yaml:1:7"));
        check("\tname: a\n", Err("c/Chart.yaml:1:1"));
        check("name: a: b\n", Err("c/Chart.yaml:1:7"));
        check("name: 'a' b\n", Err("c/Chart.yaml:1:7"));
    }
}
