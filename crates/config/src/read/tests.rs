//! What the reader says about a file's shape.

use model::{Diagnostics, MemoryTree};

use super::*;
use crate::tests::keys;

/// Each expected line is `line:column code`; `contains` must be in the rendering.
fn check(text: &str, expected: &[&str], contains: &str) {
    let tree = MemoryTree::new([(CONFIG_FILE, text)]);
    let mut problems = Diagnostics::new();
    read(&tree, &keys(), &mut problems);
    let problems = problems.sorted();
    let found: Vec<String> = problems
        .0
        .iter()
        .map(|problem| {
            assert!(problem.help.is_some(), "{} has no help", problem.code);
            let place = problem.location.as_ref().unwrap();
            format!("{}:{} {}", place.line, place.column, problem.code)
        })
        .collect();
    assert_eq!(found, expected, "{problems}");
    assert!(problems.to_string().contains(contains), "{problems}");
}

#[test]
fn an_unknown_key_is_told_at_its_place_with_the_key_that_was_meant() {
    check(
        "[release]\nverison = \"1\"\n[[package]]\nname = \"a\"\npyhton = { path = \".\" }\n",
        &["2:1 config-unknown-key", "5:1 config-unknown-key"],
        "did you mean `python`?",
    );
    check(
        "[[package]]\nname = \"ä\"\nimage = { dockerfile = \"D\", prots = [1] }\n",
        &["3:29 config-unknown-key"],
        "did you mean `ports`?",
    );
    check(
        "release = 1\npackages = []\n",
        &["1:1 config-missing-key", "1:11 config-wrong-type", "2:1 config-unknown-key"],
        "did you mean `package`?",
    );
}

#[test]
fn a_value_of_a_wrong_type_is_told_at_the_value() {
    let text = "[release]\nmax-legs = 65\ntag = 1\n[[package]]\nname = \"a\"\n\
                binary = { go = \".\", platforms = [\"linux-amd65\", 1] }\n\
                image = { from = \"go\", ports = [0, 65536, \"x\"], user = true, \
                env = { \"a-b\" = \"\", C = 1 } }\n";
    check(
        text,
        &[
            "2:12 config-out-of-range",
            "3:7 config-wrong-type",
            "6:35 config-unknown-platform",
            "6:50 config-wrong-type",
            "7:18 config-unknown-value",
            "7:33 config-out-of-range",
            "7:36 config-out-of-range",
            "7:43 config-wrong-type",
            "7:56 config-wrong-type",
            "7:70 config-variable-name",
            "7:86 config-wrong-type",
        ],
        "did you mean `linux-amd64`?",
    );
}

#[test]
fn exactly_one_source_is_asked_of_each_format() {
    check(
        "[[package]]\nname = \"a\"\npython = {}\n\
         binary = { go = \"a\", rust = \"b\" }\nchart = {}\n",
        &["3:10 config-missing-key", "4:22 config-conflict", "5:9 config-missing-key"],
        "add one of `path`, `meta`",
    );
}

#[test]
fn a_line_break_cannot_hide_in_a_text() {
    check(
        "[[package]]\nname = \"a\\nb\"\ndescription = '''x\ny'''\n",
        &["2:8 config-control-character", "3:15 config-control-character"],
        "write it on one line",
    );
}

#[test]
fn malformed_toml_is_told_at_its_place_and_nothing_is_guessed_from_the_rest() {
    check("[release\ntag = \"v\"\nwrong = 1\n", &["1:9 config-syntax"], "not TOML");
    check("a = 1\na = 2\n", &["2:1 config-syntax"], "not TOML");
    let deep = format!("x = {}", "[".repeat(10_000));
    check(&deep, &["1:85 config-syntax", "1:10005 config-syntax"], "recurse");
}

#[test]
fn a_file_that_is_missing_or_too_large_is_told() {
    let mut problems = Diagnostics::new();
    assert!(read(&MemoryTree::default(), &keys(), &mut problems).is_none());
    assert!(problems.to_string().contains("error[config-missing]"), "{problems}");
    let size = usize::try_from(MAX_CONFIG_BYTES).unwrap();
    check(&"#".repeat(size + 1), &["0:0 config-too-large"], "split");
    let many = "[[package]]\nname = \"a\"\n".repeat(MAX_PACKAGES + 1);
    check(&many, &["2001:1 config-too-many-packages"], "1000 packages");
}

#[test]
fn of_a_hundred_thousand_mistakes_a_hundred_of_a_kind_are_told() {
    // Each member of the list is one more problem of one kind, all on one line.
    let check = |list: &str, code: &str| {
        let text = format!("[[package]]\nname = \"a\"\nbinary = {{ go = \".\", {list} }}\n");
        let tree = MemoryTree::new([(CONFIG_FILE, text)]);
        let mut problems = Diagnostics::new();
        read(&tree, &keys(), &mut problems);
        let found: Vec<_> = problems.0.iter().filter(|one| one.code.name == code).collect();
        assert_eq!(found.len(), model::limits::MAX_FINDINGS_OF_A_KIND, "{code}");
        let last = found.last().unwrap();
        assert!(last.message.ends_with(" (and 9,900 more)"), "{last}");
        assert_eq!(last.location.as_ref().unwrap().line, 3);
    };
    let list = |item: &str| format!("platforms = [{}]", vec![item; 10_000].join(","));
    check(&list("\"x\""), "config-unknown-platform");
    check(&list("1"), "config-wrong-type");
    let keys: Vec<String> = (0..10_000).map(|at| format!("k{at} = 1")).collect();
    check(&keys.join(","), "config-unknown-key");
}
