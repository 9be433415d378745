//! The version has no local part (`+…`): those are for builds that stay where they were made.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;
use crate::name::pep440;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::METADATA_LOCAL_VERSION)],
    spec: "Version specifiers, Local version identifiers",
    looks_at: LooksAt::Metadata(check),
};

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let version = metadata.get("Version").unwrap_or_default();
    if !version.contains('+') || pep440(version).is_none() {
        return Vec::new();
    }
    let message = format!("the index takes no local version such as `{version}`");
    let help = "release without the part from `+` on";
    vec![Diagnostic::new(&codes::METADATA_LOCAL_VERSION, message).help(help)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, codes_replacing};

    #[test]
    fn a_version_has_no_local_part() {
        let check = |version: &str, expected: &[&str]| {
            let codes = codes_replacing("\nVersion: 1.0\n", &format!("\nVersion: {version}\n"));
            assert_eq!(codes, expected, "{version}");
        };
        check("1.0.post1", &[]);
        check("1+local", &["METADATA-LOCAL-VERSION"]);
        check("1.0rc1+ubuntu.1", &["METADATA-LOCAL-VERSION"]);
        check("one+local", &["METADATA-VERSION"]);
        let local = Draft::wheel().replace("1.0.0rc1", "1.0.0+here");
        let local = local.named("demo_pkg-1.0.0+here-py3-none-any.whl");
        assert_eq!(local.codes(), ["METADATA-LOCAL-VERSION"]);
    }
}
