//! Which of two versions is the newer one, as far as their release numbers say.

use model::Version;

/// The release numbers that a version starts with, without zeros at the end.
#[must_use]
pub fn release_numbers(version: &str) -> Option<Vec<u64>> {
    let mut numbers = written(version);
    if numbers.is_empty() {
        return None;
    }
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}

/// The newest stable version among `tags` that is newer than `version`; tags with more or fewer
/// numbers, such as dates, are of another kind.
#[must_use]
pub fn newest_above<'t>(tags: &'t [String], version: &str) -> Option<&'t str> {
    let own = release_numbers(version)?;
    let parts = written(version).len();
    let release = |tag: &&'t String| {
        let bare = tag.strip_prefix('v').unwrap_or(tag);
        let stable = Version::parse(&bare.replacen('_', "+", 1));
        let stable = stable.is_ok_and(|version| !version.is_prerelease());
        let found = release_numbers(bare).filter(|_| stable && written(bare).len() == parts)?;
        Some((found, tag.as_str()))
    };
    tags.iter()
        .filter_map(|tag| release(&tag))
        .filter(|(found, _)| *found > own)
        .max()
        .map(|it| it.1)
}

fn written(version: &str) -> Vec<u64> {
    let core = version.split(['-', '+', '!', '_']).next().unwrap_or_default();
    core.split('.').map_while(|part| part.parse::<u64>().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_stable_release_of_the_same_kind_counts() {
        let check = |tags: &[&str], version: &str, expected: Option<&str>| {
            let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
            assert_eq!(newest_above(&tags, version), expected, "{tags:?} {version}");
        };
        check(&["2.0.0", "1.2.8", "10.0.0", "latest"], "1.2.9", Some("10.0.0"));
        check(&["v2.0.0"], "1.2.9", Some("v2.0.0"));
        check(&["1.2.9", "1.2.8"], "1.2.9", None);
        check(&["2.0.0-rc.1", "2.0.0rc1", "2.0.0.dev1"], "1.2.9", None);
        check(&["20260101", "2", "3.0", "sha256-abc", "main"], "1.2.9", None);
        check(&["1.2.9_build.5"], "1.2.9", None);
        check(&["1.10"], "1.9", Some("1.10"));
        check(&["1.2.10.post1"], "1.2.9.post1", Some("1.2.10.post1"));
        check(&[], "1.2.9", None);
        check(&["2.0.0"], "main", None);
    }
}
