//! `License-Expression` is an SPDX expression of known licences: the index refuses one that its own
//! list lacks. A licence may be newer than the list here, which then needs an update.

use model::Diagnostic;

use crate::codes;
use crate::lines::shown;
use crate::lint::license::{LicenseFault, fault};
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::METADATA_LICENSE_EXPRESSION)],
    spec: "Core metadata, License-Expression",
    looks_at: LooksAt::Metadata(check),
};

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let code = &codes::METADATA_LICENSE_EXPRESSION;
    let Some(text) = metadata.get("License-Expression") else { return Vec::new() };
    match fault(text) {
        None => Vec::new(),
        Some(LicenseFault::Grammar) => {
            let message = format!("`{}` is not an SPDX licence expression", shown(text));
            vec![Diagnostic::new(code, message)]
        }
        Some(LicenseFault::Unknown(name)) => {
            let message = format!("`{name}` is not in SPDX's list of licences (3.27)");
            let help = "name a licence of the list, or `LicenseRef-…` for one of your own";
            vec![Diagnostic::new(code, message).help(help)]
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::codes_with;

    #[test]
    fn the_licence_is_an_expression_of_known_ones() {
        let check = |value: &str, expected: &[&str]| {
            assert_eq!(codes_with(&format!("License-Expression: {value}")), expected, "{value}");
        };
        check("Apache-2.0", &[]);
        check("MIT OR LicenseRef-Own", &[]);
        check("MIT AND", &["METADATA-LICENSE-EXPRESSION"]);
        check("", &["METADATA-LICENSE-EXPRESSION"]);
        check("Mine-1.0", &["METADATA-LICENSE-EXPRESSION"]);
        check("MIT OR Mine-1.0", &["METADATA-LICENSE-EXPRESSION"]);
        check("MIT WITH Mine", &["METADATA-LICENSE-EXPRESSION"]);
    }
}
