//! The tags in `WHEEL` are those of the file name, expanded.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::tags::Tag;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::WHEEL_TAGS_DIFFER)],
    spec: "Binary distribution format, File contents",
    looks_at: LooksAt::Wheel(check),
};

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let named = wheel.file_name.tags();
    if wheel.tags == named {
        return Vec::new();
    }
    let list = |tags: &[Tag]| tags.iter().map(Tag::to_string).collect::<Vec<_>>().join(" ");
    let message = format!("`WHEEL` says `{}`, the file name `{}`", list(&wheel.tags), list(&named));
    vec![Diagnostic::new(&codes::WHEEL_TAGS_DIFFER, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn both_lists_hold_the_same_tags() {
        let check = |tags: &str, expected: &[&str]| {
            let draft = Draft::wheel().named("demo_pkg-1.0.0rc1-py2.py3-none-any.whl");
            assert_eq!(draft.replace("Tag: py3-none-any\n", tags).codes(), expected, "{tags}");
        };
        check("Tag: py3-none-any\nTag: py2-none-any\n", &[]);
        check("Tag: py2.py3-none-any\n", &[]);
        check("Tag: py3-none-any\n", &["WHEEL-TAGS-DIFFER"]);
        check("Tag: py2.py3-none-win32\n", &["WHEEL-TAGS-DIFFER"]);
        check("Tag: malformed\n", &["WHEEL-TAGS-DIFFER"]);
        check("", &["WHEEL-TAGS-DIFFER"]);
    }
}
