use super::*;

/// `rules` exclude `dropped` from the paths `all`.
fn check(rules: &str, all: &[&str], dropped: &[&str]) {
    let ignore = Ignore::parse(".helmignore", rules).unwrap();
    let found: Vec<&str> = all.iter().copied().filter(|path| ignore.drops(path)).collect();
    assert_eq!(found, dropped, "under {rules:?}");
}

#[test]
fn a_name_without_a_slash_meets_any_folder() {
    check(
        "notes.txt",
        &["notes.txt", "a/notes.txt", "a/notes.txt.bak"],
        &["notes.txt", "a/notes.txt"],
    );
    check("*.txt", &["a.txt", "b/c/d.txt", "e.yaml"], &["a.txt", "b/c/d.txt"]);
    check("mydir", &["mydir/a", "x/mydir/b", "mydirs/c"], &["mydir/a", "x/mydir/b"]);
}

#[test]
fn a_slash_at_the_end_means_folders_only() {
    check("docs/", &["docs/a.md", "x/docs/b.md", "docs"], &["docs/a.md", "x/docs/b.md"]);
    check("/docs/", &["docs/a.md", "x/docs/b.md"], &["docs/a.md"]);
}

#[test]
fn a_slash_inside_or_in_front_ties_the_rule_to_the_chart() {
    check("/a.txt", &["a.txt", "b/a.txt"], &["a.txt"]);
    check("/*.txt", &["a.txt", "b/a.txt"], &["a.txt"]);
    check("ci/*.yaml", &["ci/a.yaml", "x/ci/a.yaml", "ci/b/c.yaml"], &["ci/a.yaml"]);
    check("a[b-d].txt", &["ab.txt", "ad.txt", "ae.txt"], &["ab.txt", "ad.txt"]);
}

#[test]
fn a_negated_rule_drops_all_that_it_does_not_name() {
    // In Helm, `!keep` is not an exception to other rules, but a rule of its own.
    check("!keep", &["keep", "other", "keep.txt"], &["other", "keep.txt"]);
    check("*.txt\n!*.txt", &["a.txt", "b.yaml"], &["a.txt", "b.yaml"]);
    check("!*/", &["a.txt"], &["a.txt"]);
}

#[test]
fn hidden_files_in_templates_are_never_packed() {
    check("", &["templates/.x.swp", "templates/a/.x", "templates/.", ".x"], &["templates/.x.swp"]);
    check("", &["templates/.git/config", "templates/a.yaml"], &["templates/.git/config"]);
}

#[test]
fn comments_blank_lines_byte_order_mark_and_line_ends_do_not_count() {
    check("\u{feff}a\r\n\r\n  # b\r\n  c  \r\n", &["a", "b", "c", "# b"], &["a", "c"]);
    check("a # not a comment", &["a", "a # not a comment"], &["a # not a comment"]);
}

#[test]
fn a_rule_that_helm_refuses_is_refused_at_its_line() {
    let refused = |text: &str, code: &str, line: usize| {
        let problem = Ignore::parse("charts/x/.helmignore", text).unwrap_err();
        let place = problem.location.unwrap();
        assert_eq!((problem.code.name, place.line), (code, line), "{text:?}");
        assert_eq!(place.file, "charts/x/.helmignore");
        assert!(problem.help.is_some());
    };
    refused("a\n**/b", "helmignore-double-star", 2);
    refused("!docs/**", "helmignore-double-star", 1);
    refused("\n\n[a", "helmignore-pattern", 3);
    refused(&"x".repeat(1 << 16), "helmignore-line-too-long", 1);
}
