use super::super::slow::OWN_STEPS;
use super::*;

fn package(name: &str, uses: &[&str], for_tests: &[&str], tests: &[(&str, &str)]) -> Package {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Package {
        name: name.to_owned(),
        folder: format!("crates/{name}/"),
        uses: owned(uses),
        for_tests: owned(for_tests),
        tests: tests.iter().map(|(name, path)| ((*name).to_owned(), (*path).to_owned())).collect(),
    }
}

fn packages() -> Vec<Package> {
    vec![
        package(
            "a",
            &["b"],
            &["c"],
            &[("one", "crates/a/tests/one.rs"), ("many", "crates/a/tests/many/main.rs")],
        ),
        package("b", &["d"], &["e"], &[]),
        package("c", &[], &[], &[]),
        package("d", &[], &[], &[]),
        package("e", &[], &[], &[]),
    ]
}

#[test]
fn every_slow_test_is_in_one_group_and_no_group_is_empty() {
    let (tests, packages) = of_the_workspace().unwrap();
    for group in GROUPS {
        let has_test = tests.iter().any(|test| test.group == group.name);
        let has_step = OWN_STEPS.iter().any(|(name, ..)| *name == group.name);
        assert!(has_test || has_step, "{}: empty", group.name);
        for name in group.runs {
            assert!(packages.iter().any(|package| package.name == *name), "no package {name}");
        }
        for path in group.reads {
            assert!(workspace::root().join(path).exists(), "{}: no `{path}`", group.name);
        }
    }
    let names: BTreeSet<(&str, &str)> =
        tests.iter().map(|test| (test.target.as_str(), test.name.as_str())).collect();
    assert_eq!(names.len(), tests.len(), "two slow tests of one name");
}

#[test]
fn a_slow_test_says_its_group() {
    let check = |path: &str, text: &str, expected: Result<&str, &str>| {
        let found = slow_tests([(path, text)].into_iter(), &packages());
        match expected {
            Ok(name) => assert_eq!(found.unwrap()[0].name, name, "{text}"),
            Err(words) => {
                let failure = found.unwrap_err().to_string();
                assert!(failure.contains(words), "{failure}");
            }
        }
    };
    let slow = |reason: &str| format!("#[test]\n#[{}{reason}]\nfn the_test() {{\n", "ignore");
    let good = slow(" = \"slow forge: 5 min, so\"");
    check("crates/a/tests/one.rs", &good, Ok("the_test"));
    check("crates/a/tests/many/main.rs", &good, Ok("the_test"));
    check("crates/a/tests/many/x/y.rs", &good, Ok("x::y::the_test"));
    check("crates/a/src/lib.rs", &good, Err("crates/a/src/lib.rs:2: a slow test belongs"));
    check("crates/a/tests/one.rs", &slow(""), Err("write `#[ignore = \"slow GROUP"));
    check("crates/a/tests/one.rs", &slow(" = \"slow: 5 min\""), Err("write `#["));
    check("crates/a/tests/one.rs", &slow(" = \"slow other: so\""), Err("help: forge, tools"));
}

#[test]
fn a_group_reads_the_crates_below_its_tests_and_its_programs() {
    let text = format!("#[test]\n#[{} = \"slow forge: x\"]\nfn t() {{\n", "ignore");
    let files = [("crates/a/tests/many/x.rs", text.as_str())];
    let tests = slow_tests(files.into_iter(), &packages()).unwrap();
    let group = Group { runs: &["e"], reads: &["docs/"], ..GROUPS[0] };
    let all = reads(&group, &tests, &packages());
    let files = BTreeMap::from(
        [
            "Cargo.lock",
            "crates/a/src/lib.rs",
            "crates/a/tests/many/main.rs",
            "crates/a/tests/one.rs",
            "crates/b/src/x/y.rs",
            "crates/c/src/lib.rs",
            "crates/d/Cargo.toml",
            "crates/d/README.md",
            "docs/x.md",
        ]
        .map(|path| (path.to_owned(), "1".to_owned())),
    );
    let before = digest(&all, &files).unwrap();
    for path in files.keys() {
        let mut changed = files.clone();
        changed.insert(path.clone(), "2".to_owned());
        let is_read = digest(&all, &changed).unwrap() != before;
        let other = ["crates/a/tests/one.rs", "crates/d/README.md"].contains(&path.as_str());
        assert_eq!(is_read, !other, "{path}");
    }
    let everything = BTreeSet::from([String::new()]);
    assert_ne!(digest(&everything, &files).unwrap(), before);
}
