//! Python: core metadata, and requirements (PEP 508), of which exact pins are components and
//! ranges are not.

use model::Version;

use crate::{About, Component, Contents, Link, Supplier, license_expression, purl, supplier};

/// What the headers of `METADATA` or `PKG-INFO` say: name, licence, author and requirements.
#[must_use]
pub fn python(headers: &[(String, String)]) -> Contents {
    let all = |name: &'static str| {
        let named = headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.trim())
    };
    let first = |name| all(name).next().unwrap_or_default().to_owned();
    let mut contents = requirements(&all("Requires-Dist").collect::<Vec<_>>());
    let expressions = all("License-Expression").chain(all("License"));
    let classified = all("Classifier").filter_map(classifier);
    let mut licenses = expressions.filter_map(license_expression);
    contents.about = About {
        name: first("Name"),
        license: licenses.next().or_else(|| only(classified)).unwrap_or_default(),
        author: author(&[first("Author"), first("Author-email"), first("Maintainer")]),
    };
    contents
}

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

/// The licence that a classifier means, where it means exactly one.
fn classifier(text: &str) -> Option<String> {
    let (_, name) = text.strip_prefix("License :: ")?.rsplit_once(":: ")?;
    let found = CLASSIFIERS.iter().find(|(classifier, _)| *classifier == name.trim());
    found.map(|(_, license)| (*license).to_owned())
}

/// The only one of several; two licences hold together or by choice, and nobody says which.
fn only(mut found: impl Iterator<Item = String>) -> Option<String> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The first name that is there; of `Name <address>` the name.
fn author(candidates: &[String]) -> String {
    let names = candidates.iter().map(|text| {
        let one = text.split(',').next().unwrap_or_default();
        one.split('<').next().unwrap_or_default().trim().trim_matches('"')
    });
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default().to_owned()
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
/// Trove classifiers that stand for one licence. `BSD License` is several; of Apache's, only 2.0 is
/// in use since the classifiers exist.
const CLASSIFIERS: [(&str, &str); 8] = [
    ("Apache Software License", "Apache-2.0"),
    ("GNU Affero General Public License v3 or later (AGPLv3+)", "AGPL-3.0-or-later"),
    ("GNU General Public License v2 or later (GPLv2+)", "GPL-2.0-or-later"),
    ("GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later"),
    ("ISC License (ISCL)", "ISC"),
    ("MIT License", "MIT"),
    ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
    ("The Unlicense (Unlicense)", "Unlicense"),
];

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

    #[test]
    fn metadata_tells_name_licence_and_author() {
        let check = |headers: &[(&str, &str)], expected: [&str; 3]| {
            let headers: Vec<(String, String)> =
                headers.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
            let About { name, license, author } = python(&headers).about;
            assert_eq!([name, license, author], expected, "{headers:?}");
        };
        let mit = ("Classifier", "License :: OSI Approved :: MIT License");
        let apache = ("Classifier", "License :: OSI Approved :: Apache Software License");
        check(&[("Name", "a"), ("License-Expression", "ISC"), mit], ["a", "ISC", ""]);
        check(&[("license", "MIT/Apache-2.0")], ["", "MIT OR Apache-2.0", ""]);
        check(&[("License", "see LICENSE"), mit], ["", "MIT", ""]);
        check(&[mit, apache], ["", "", ""]);
        check(&[("Classifier", "License :: OSI Approved :: BSD License")], ["", "", ""]);
        check(&[("Classifier", "Topic :: MIT License")], ["", "", ""]);
        check(&[("Author-email", "\"Ann\" <a@example.com>, B")], ["", "", "Ann"]);
        check(&[("Author-email", "a@example.com")], ["", "", "a@example.com"]);
        let headers = [("Requires-Dist".to_owned(), "b==1".to_owned())];
        assert_eq!(python(&headers).components.len(), 1);
    }
}
