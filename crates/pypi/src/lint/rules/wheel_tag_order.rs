//! Compressed tags in the file name are sorted, so that one wheel has one name.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::WHEEL_TAG_ORDER)],
    spec: "Platform compatibility tags, Compressed Tag Sets",
    looks_at: LooksAt::Wheel(check),
};

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    if wheel.file_name.is_ordered() {
        return Vec::new();
    }
    vec![Diagnostic::new(&codes::WHEEL_TAG_ORDER, "its compressed tags are not sorted")]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn compressed_tags_are_sorted() {
        let check = |tag: &str, expected: &[&str]| {
            assert_eq!(Draft::tagged(tag).codes(), expected, "{tag}");
        };
        check("py2.py3-none-any", &[]);
        check("py3.py2-none-any", &["wheel-tag-order"]);
        check("cp39-abi3-win_amd64.win32", &["wheel-tag-order"]);
        check("cp39-none.abi3-win32", &["wheel-tag-order"]);
    }
}
