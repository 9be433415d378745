//! From tags to a version, with a repository that is a list of answers.

use model::Found;

use super::*;

const HEAD: &str = "abc1234def5678abc1234def5678abc1234def56";

/// A repository at [`HEAD`].
#[derive(Default)]
struct Repository {
    on_commit: &'static [&'static str],
    before: &'static [&'static str],
    /// Tags on other commits that are no ancestors.
    elsewhere: &'static [&'static str],
    shallow: bool,
    missing: bool,
}

impl Tree for Repository {
    fn find(&self, _: &str) -> Found {
        Found::Absent
    }

    fn files(&self) -> Vec<String> {
        Vec::new()
    }

    fn git(&self, question: &[&str]) -> Result<Option<String>, Diagnostic> {
        if self.missing {
            return Ok(None);
        }
        let lines = |tags: &[&[&str]]| -> String {
            tags.concat().iter().map(|tag| format!("refs/tags/{tag}\n")).collect()
        };
        let answer = match question {
            ["rev-parse", "--verify", ..] => format!("{HEAD}\n"),
            ["rev-parse", ..] => format!("{}\n", self.shallow),
            ["rev-list", "--count", "HEAD"] => "9\n".to_owned(),
            ["rev-list", "--count", "HEAD", _] => "3\n".to_owned(),
            [_, _, _, "--points-at=HEAD", _] => lines(&[self.on_commit]),
            [_, _, _, "--merged=HEAD", _] => lines(&[self.on_commit, self.before]),
            [_, _, name] => {
                let found = |tags: &[&str], commit: &str| -> String {
                    let named = tags.iter().filter(|tag| **name == format!("refs/tags/{tag}"));
                    named.map(|_| format!("{name} 1 {commit}\n")).collect()
                };
                found(self.on_commit, HEAD) + &found(self.before, "2") + &found(self.elsewhere, "3")
            }
            other => panic!("{other:?}"),
        };
        Ok(Some(answer))
    }
}

fn check(repository: &Repository, pattern: &str, known: &Tagged, expected: Result<&str, &str>) {
    let found = version(repository, pattern, known);
    let found = found.map(|version| version.text().to_owned());
    let found = found.map_err(|problem| {
        assert!(problem.help.is_some(), "{problem}");
        format!("{} {}", problem.code, problem.message)
    });
    match (&found, expected) {
        (Ok(found), Ok(expected)) => assert_eq!(found, expected),
        (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
        _ => panic!("{found:?}, expected {expected:?}"),
    }
}

fn event(tag: &str, commit: &str) -> Tagged {
    let event = TagEvent { tag: tag.to_owned(), commit: commit.to_owned() };
    Tagged { version: None, event: Some(event) }
}

fn given(version: &str) -> Tagged {
    Tagged { version: Version::parse(version).ok(), event: None }
}

#[test]
fn the_highest_tag_of_the_commit_that_looks_like_the_releases_counts() {
    let of = |on_commit, pattern: &str, expected: &str| {
        let repository = Repository { on_commit, ..Repository::default() };
        check(&repository, pattern, &Tagged::default(), Ok(expected));
    };
    of(&["v1.4.0"], "v{version}", "1.4.0");
    of(&["nightly", "v1.10.0", "v1.4.0", "v1.9.0"], "v{version}", "1.10.0");
    of(&["v1", "v1.0", "v1.0.0"], "v{version}", "1.0.0");
    of(&["v1.0.0", "v1.0.0-rc.1"], "v{version}", "1.0.0");
    of(&["1.4.0", "v2.0.0"], "{version}", "1.4.0");
    of(&["a-v1.4.0", "b-v2.0.0"], "a-v{version}", "1.4.0");
    of(&["v1.4.0/1.4.0", "v1.5.0/1.4.0"], "v{version}/{version}", "1.4.0");
}

#[test]
fn the_tag_that_started_the_run_comes_first_if_it_is_on_the_commit() {
    let repository = Repository { on_commit: &["v1.4.0", "v1.5.0"], ..Repository::default() };
    check(&repository, "v{version}", &event("v1.4.0", HEAD), Ok("1.4.0"));
    check(&repository, "v{version}", &event("v1.4.0", ""), Ok("1.4.0"));
    check(&repository, "v{version}", &event("v9.0.0", "2"), Ok("1.5.0"));
    check(&repository, "v{version}", &event("nightly", HEAD), Ok("1.5.0"));
    let shallow = Repository { shallow: true, ..Repository::default() };
    check(&shallow, "v{version}", &event("v1.4.0", HEAD), Ok("1.4.0"));
}

#[test]
fn a_commit_without_a_tag_is_a_snapshot_after_the_last_one() {
    let at = |before, pattern: &str, expected: &str| {
        let repository = Repository { before, ..Repository::default() };
        check(&repository, pattern, &Tagged::default(), Ok(expected));
    };
    at(&["v1.4.0", "v1.3.0", "x"], "v{version}", "1.4.1-dev.3.gabc1234");
    at(&["v1.4.0"], "w{version}", "0.0.0-dev.9.gabc1234");
    at(&[], "v{version}", "0.0.0-dev.9.gabc1234");
}

#[test]
fn what_cannot_be_known_is_told_with_its_cause() {
    let shallow = Repository { shallow: true, ..Repository::default() };
    let why = "release-tag-unknown the version is that of a tag like `v{version}`, and the clone";
    check(&shallow, "v{version}", &Tagged::default(), Err(why));
    let none = Repository { missing: true, ..Repository::default() };
    check(&none, "v{version}", &Tagged::default(), Err("no git is there"));
    check(&none, "v{version}", &given("1.4.0"), Ok("1.4.0"));
}

#[test]
fn a_version_that_was_handed_on_stands_unless_a_tag_says_otherwise() {
    let on_commit = Repository { on_commit: &["v1.4.0", "v1.5.0"], ..Repository::default() };
    check(&on_commit, "v{version}", &given("1.4.0"), Ok("1.4.0"));
    let why = "release-tag-differs the release is 1.3.0, but its commit has the tag `v1.5.0`";
    check(&on_commit, "v{version}", &given("1.3.0"), Err(why));
    let before =
        Repository { before: &["v1.4.0"], elsewhere: &["v2.0.0"], ..Repository::default() };
    check(&before, "v{version}", &given("1.4.0"), Err("`v1.4.0` is on another commit"));
    check(&before, "v{version}", &given("2.0.0"), Err("`v2.0.0` is on another commit"));
    check(&before, "v{version}", &given("1.5.0"), Ok("1.5.0"));
    let snapshot = "1.4.1-dev.3.gabc1234";
    check(&before, "v{version}", &given(snapshot), Ok(snapshot));
    let shallow = Repository { shallow: true, ..Repository::default() };
    check(&shallow, "v{version}", &given(snapshot), Ok(snapshot));
    check(&on_commit, "v{version}", &given(snapshot), Err("has the tag `v1.5.0`"));
}
