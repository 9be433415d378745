//! Python requirements (PEP 508, `Requires-Dist`): exact pins are components, ranges are not.

use model::Version;

use crate::{Component, Contents, Link, Supplier, purl, supplier};

/// What a distribution requires. An exact pin (`a==1.0`) is a component; anything else is listed as
/// unresolved, and so is what only an extra asks for.
#[must_use]
pub fn requirements<T: AsRef<str>>(requires_dist: &[T]) -> Contents {
    let mut contents = Contents::default();
    for requirement in requires_dist {
        let text = requirement.as_ref().split_whitespace().collect::<Vec<_>>().join(" ");
        let Some((name, version, marker)) = pin(&text) else {
            contents.unresolved.insert(text.chars().take(MAX_SHOWN_CHARS).collect());
            continue;
        };
        let purl = purl::pypi(&name, &version, "");
        let comment = match marker {
            "" => String::new(),
            marker => format!("only where {marker}"),
        };
        let supplier = Supplier::named(supplier::PYTHON);
        let component = Component { name, version, supplier, comment, ..Component::default() };
        contents.add(&purl, component);
        contents.join(None, Link::DependsOn, &purl);
    }
    contents
}

/// Name, version and marker of an exact pin.
fn pin(text: &str) -> Option<(String, String, &str)> {
    let (requirement, marker) = text.split_once(';').unwrap_or((text, ""));
    let marker = marker.trim();
    if requirement.contains('@') || asks_for_extra(marker) {
        return None;
    }
    let name_end = requirement
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(requirement.len());
    let (name, rest) = requirement.split_at_checked(name_end)?;
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1,
        None => rest,
    };
    let versions = rest.trim().trim_start_matches('(').trim_end_matches(')');
    let exact = versions.split(',').find_map(|clause| {
        let version = clause.trim().strip_prefix("==")?.trim_start_matches('=').trim();
        (!version.is_empty() && !version.contains('*')).then_some(version)
    })?;
    let parsed = Version::parse(exact).ok()?;
    let version = parsed.pep440().unwrap_or_else(|_| exact.to_owned());
    (!name.is_empty()).then(|| (name.to_owned(), version, marker))
}

/// Whether the marker names the variable `extra`, and not merely a text that holds the word.
fn asks_for_extra(marker: &str) -> bool {
    let outside_of_quotes = marker.split(['"', '\'']).step_by(2);
    outside_of_quotes
        .flat_map(|part| part.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')))
        .any(|word| word == "extra" || word == "extras")
}

const MAX_SHOWN_CHARS: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    /// A package URL stands for a component, the text itself for an unresolved one.
    fn check(requirement: &str, expected: &str) {
        let contents = requirements(&[requirement]);
        let found: Vec<&String> = contents.components.keys().chain(&contents.unresolved).collect();
        assert_eq!(found, [expected], "{requirement}");
    }

    #[test]
    fn only_exact_pins_are_components() {
        check("a==1.0", "pkg:pypi/a@1.0");
        check("A_b [x, y] == 1.0.0-RC1", "pkg:pypi/a-b@1.0.0rc1");
        check("a (==1.0)", "pkg:pypi/a@1.0");
        check("a===1.0", "pkg:pypi/a@1.0");
        check("a!=1.1,==1.0", "pkg:pypi/a@1.0");
        check("a==1.0; sys_platform == \"win32\"", "pkg:pypi/a@1.0");
        check("a==1.0; platform_node == \"extra\"", "pkg:pypi/a@1.0");
        check("a==1.0; extra == \"test\"", "a==1.0; extra == \"test\"");
        check("a==1.*", "a==1.*");
        check("a", "a");
        check("a>=1.0", "a>=1.0");
        check("a   ~=  1.0", "a ~= 1.0");
        check("a @ https://example.com/a-1.0.zip", "a @ https://example.com/a-1.0.zip");
        check("==1.0", "==1.0");
        check("a[x==1.0", "a[x==1.0");
        check("a==one", "a==one");
        check("", "");
    }

    #[test]
    fn a_marker_is_told() {
        let contents = requirements(&["a==1.0 ; python_version < '3.11'"]);
        assert_eq!(
            contents.components["pkg:pypi/a@1.0"].comment,
            "only where python_version < '3.11'"
        );
    }
}
