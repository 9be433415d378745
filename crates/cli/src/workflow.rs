//! The workflows that downstream repositories copy, as they stand in `workflows/` of this one.

use crate::codes;
use model::Diagnostic;
use pipeline::Failure;

/// Name and text of each.
const TEMPLATES: &[(&str, &str)] = &[
    ("release", include_str!("../../../workflows/release.yml")),
    ("pypi", include_str!("../../../workflows/pypi.yml")),
    ("oci", include_str!("../../../workflows/oci.yml")),
    ("helm", include_str!("../../../workflows/helm.yml")),
    ("binary", include_str!("../../../workflows/binary.yml")),
    ("pull-request", include_str!("../../../workflows/pull-request.yml")),
    ("nightly-verify", include_str!("../../../workflows/nightly-verify.yml")),
];

/// The tag by which they call ours.
const TAG: &str = "v1";

/// Hexadecimal digits of a commit.
const COMMIT_DIGITS: usize = 40;

/// The text of the template `name`; with `pin`, a commit, it calls that and keeps the tag as a
/// comment.
pub(crate) fn text(name: &str, pin: Option<&str>) -> Result<String, Failure> {
    let Some((_, text)) = TEMPLATES.iter().find(|(known, _)| *known == name) else {
        let known: Vec<&str> = TEMPLATES.iter().map(|(known, _)| *known).collect();
        return Err(Failure::usage(
            Diagnostic::new(&codes::USAGE_WORKFLOW, format!("there is no workflow `{name}`"))
                .help(format!("there are {}", known.join(", "))),
        ));
    };
    let Some(pin) = pin else { return Ok((*text).to_owned()) };
    let is_commit = pin.len() == COMMIT_DIGITS && pin.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_commit {
        return Err(Failure::usage(
            Diagnostic::new(&codes::USAGE_PIN, format!("`--pin {pin}` is not a commit"))
                .help("give the 40 digits of a release's commit"),
        ));
    }
    Ok(text.replace(&format!("@{TAG}\n"), &format!("@{pin} # {TAG}\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_pinned_and_nothing_else_changes() {
        let pin = "a".repeat(COMMIT_DIGITS);
        for (name, plain) in TEMPLATES {
            let pinned = text(name, Some(&pin)).unwrap();
            assert_ne!(pinned, *plain, "{name}");
            assert!(!pinned.contains("@v1"), "{name}: {pinned}");
            assert_eq!(pinned.replace(&format!("@{pin} # v1"), "@v1"), *plain);
            assert_eq!(text(name, None).unwrap(), *plain);
        }
    }

    #[test]
    fn an_unknown_template_and_a_pin_that_is_no_commit_are_refused() {
        let code = |name, pin| text(name, pin).unwrap_err().problems.0[0].code.to_string();
        assert_eq!(code("gone", None), "usage-workflow");
        assert_eq!(code("release", Some("v1")), "usage-pin");
    }
}
