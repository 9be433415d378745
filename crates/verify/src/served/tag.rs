//! What a tag promises of the version behind it.

use model::Version;

/// Whether what says that it is `version` may stand under `tag`; nothing when the tag promises no
/// version. A whole version stands for itself, as ours are spelled in tags (`+` is `_`) or with a
/// `v` in front; `1` and `1.0` stand for every version that begins so.
pub(super) fn holds(tag: &str, version: &str) -> Option<bool> {
    let (tag, version) = (plain(tag), plain(version));
    if tag == version {
        return Some(true);
    }
    let same = read(&tag).iter().any(|one| read(&version).iter().any(|other| one.same_as(other)));
    if let Some(numbers) = numbers(&tag) {
        if numbers.len() == 1 && tag.len() > MAX_DIGITS {
            return None;
        }
        return Some(same || numbers_below(&tag, &version));
    }
    let tags = read(&tag);
    // `1.0.0-slim` is a kind of 1.0.0 to its makers, and a pre-release to SemVer.
    let kind = tag.strip_prefix(&version).is_some_and(|rest| rest.starts_with('-'));
    let known = tags.iter().any(|version| version.pep440().is_ok());
    match tags.is_empty() || (kind && !known) {
        true => None,
        false => Some(same),
    }
}

/// Digits of a number that counts releases; more of them are a day, a build or a commit.
const MAX_DIGITS: usize = 5;

/// As a tag spells it, without a `v`.
fn plain(text: &str) -> String {
    let rest = text.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    rest.unwrap_or(text).replace(['+', '!'], "_")
}

/// The versions that a tag's text may have been.
fn read(tag: &str) -> Vec<Version> {
    let spelled = ["+", "!"].map(|mark| tag.replacen('_', mark, 1));
    let mut found: Vec<Version> =
        spelled.iter().filter_map(|text| Version::parse(text).ok()).collect();
    found.dedup();
    found
}

/// Its numbers, where it is nothing but numbers between dots.
fn numbers(text: &str) -> Option<Vec<&str>> {
    let numbers: Vec<&str> = text.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    numbers.iter().all(is_number).then_some(numbers)
}

/// Whether `version` begins with these numbers and has more of them.
fn numbers_below(tag: &str, version: &str) -> bool {
    let rest = version.strip_prefix(tag).and_then(|rest| rest.strip_prefix('.'));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tag: &str, version: &str, expected: Option<bool>) {
        assert_eq!(holds(tag, version), expected, "{version} under {tag}");
    }

    #[test]
    fn a_whole_version_stands_for_itself_alone() {
        let good = Some(true);
        check("1.0.0", "1.0.0", good);
        check("v1.0.0", "1.0.0", good);
        check("1.0.0", "v1.0.0", good);
        check("1.0.0_build.5", "1.0.0+build.5", good);
        check("1.0.0_build.5", "1.0.0_build.5", good);
        check("1_1.0", "1!1.0", good);
        check("1.0.0rc3", "1.0.0-RC-3", good);
        check("1.2.3.4", "1.2.3.4", good);
        check("main", "main", good);
        for other in [
            "0.9.0",
            "1.0.1",
            "10.0.0",
            "1.0.0-rc.1",
            "1.0.0_build.5",
            "1.0.0.dev4",
            "main",
            "11.0.0",
        ] {
            check("1.0.0", other, Some(false));
            check("v1.0.0", other, Some(false));
        }
        check("1.0.0-rc.2", "1.0.0-rc.1", Some(false));
        check("1.0.0-rc.2", "1.0.0", Some(false));
        check("1.0.0-nightly.7", "1.0.0-nightly.6", Some(false));
        check("1.0.0_build.5", "1.0.0_build.6", Some(false));
        check("2_1.0", "1!1.0", Some(false));
    }

    #[test]
    fn a_part_of_a_version_stands_for_what_begins_so() {
        check("1", "1.0.0", Some(true));
        check("v1", "1.0.0", Some(true));
        check("1.0", "1.0.0", Some(true));
        check("1.0", "1.0.7", Some(true));
        check("1", "1.1.0-rc.1", Some(true));
        check("2024", "2024.1.2", Some(true));
        check("1.2.3", "1.2.3.4", Some(true));
        check("1", "2.0.0", Some(false));
        check("1", "10.0.0", Some(false));
        check("1.0", "1.1.0", Some(false));
        check("1.0", "0.9.0", Some(false));
        check("1", "main", Some(false));
    }

    #[test]
    fn any_other_tag_promises_nothing() {
        for tag in
            ["latest", "main", "edge", "sha-0123abc", "0123456", "20261123", "3.11-slim", "v"]
        {
            check(tag, "1.0.0", None);
        }
        check("1.0.0-slim", "1.0.0", None);
        check("1.0.0-slim", "0.9.0", Some(false));
    }
}
