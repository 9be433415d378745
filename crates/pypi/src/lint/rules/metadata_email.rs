//! The first e-mail address of the authors and of the maintainers is valid.

use model::Diagnostic;

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::METADATA_EMAIL)],
    spec: "Core metadata, Author-email",
    looks_at: LooksAt::Metadata(check),
};

/// Bytes before the `@` (RFC 5321, 4.5.3.1.1).
const MAX_LOCAL_BYTES: usize = 64;

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for field in ["Author-email", "Maintainer-email"] {
        let first = metadata.get(field).and_then(first_address);
        if let Some(address) = first.filter(|address| !is_email(address)) {
            let message = format!("`{}` is not an e-mail address", shown(address));
            problems.push(Diagnostic::new(&codes::METADATA_EMAIL, message));
        }
    }
    problems
}

/// The first address of a list, without the name before it.
fn first_address(text: &str) -> Option<&str> {
    let address = match (text.find('<'), text.find('>')) {
        (Some(open), Some(close)) if open < close => text.get(open + 1..close)?,
        _ => text.split(',').next()?,
    };
    Some(address.trim()).filter(|address| !address.is_empty())
}

fn is_email(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let in_local = |c: char| !c.is_whitespace() && !c.is_control() && !"(),:;<>@[]\\\"".contains(c);
    let dotted = |text: &str| text.split('.').all(|part| !part.is_empty());
    let in_domain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.');
    local.len() <= MAX_LOCAL_BYTES
        && local.chars().all(in_local)
        && dotted(local)
        && domain.contains('.')
        && dotted(domain)
        && domain.chars().all(in_domain)
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::codes_with;

    #[test]
    fn the_first_address_is_valid() {
        let check = |lines: &str, expected: &[&str]| {
            assert_eq!(codes_with(lines), expected, "{lines}");
        };
        check("Author-email: A B <a@b.test>", &[]);
        check("Author-email: a.b+c@d.test, A B <nobody>", &["METADATA-EMAIL"]);
        check("Author-email: a.b+c@d.test, nobody", &[]);
        check("Author-email:", &[]);
        check("Author-email: nobody", &["METADATA-EMAIL"]);
        check("Maintainer-email: a@b", &["METADATA-EMAIL"]);
        check("Maintainer-email: a..b@c.test", &["METADATA-EMAIL"]);
        check("Author-email: A <a b@c.test>", &["METADATA-EMAIL"]);
        check(&format!("Author-email: {}@b.test", "a".repeat(65)), &["METADATA-EMAIL"]);
        check("Author-email: a\nMaintainer-email: b", &["METADATA-EMAIL", "METADATA-EMAIL"]);
    }
}
