//! The licence files that the metadata names are in the wheel or the source distribution.

use std::collections::BTreeSet;

use archive::Entry;
use model::{Code, Diagnostic, Findings};

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::sdist::Sdist;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::METADATA_LICENSE_FILE_MISSING)],
    spec: "Core metadata, License-File",
    looks_at: LooksAt::Both(of_wheel, of_sdist),
};

/// Under metadata older than 2.4, backends laid them directly into the `.dist-info` folder.
fn of_wheel(wheel: &Wheel) -> Vec<Diagnostic> {
    let newer = wheel.metadata.format_version().is_some_and(|version| version >= (2, 4));
    let there = paths(&wheel.members);
    let mut problems = Findings::new();
    for file in wheel.metadata.all("License-File") {
        let new = format!("{}/licenses/{file}", wheel.dist_info);
        let old = format!("{}/{file}", wheel.dist_info);
        if !there.contains(new.as_str()) && (newer || !there.contains(old.as_str())) {
            problems
                .add(CODE, || Diagnostic::new(CODE, format!("the wheel lacks `{}`", shown(&new))));
        }
    }
    problems.finish()
}

fn of_sdist(sdist: &Sdist) -> Vec<Diagnostic> {
    let there = paths(&sdist.members);
    let mut problems = Findings::new();
    for file in sdist.metadata.all("License-File") {
        if !there.contains(format!("{}/{file}", sdist.top).as_str()) {
            problems.add(CODE, || {
                let message = format!("`License-File: {}` is not in the sdist", shown(file));
                Diagnostic::new(CODE, message)
            });
        }
    }
    problems.finish()
}

/// In order, since there may be as many licence files as members.
fn paths(members: &[Entry]) -> BTreeSet<&str> {
    members.iter().map(|entry| entry.path.as_str()).collect()
}

const CODE: &Code = &codes::METADATA_LICENSE_FILE_MISSING;

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, INFO, TOP};

    const MISSING: &str = "METADATA-LICENSE-FILE-MISSING";

    #[test]
    fn named_licence_files_are_in_the_file() {
        let check = |draft: Draft, expected: &[&str]| assert_eq!(draft.codes(), expected);
        let more = "License-File: a/COPYING";
        check(Draft::wheel().header(more), &[MISSING]);
        check(Draft::wheel().header(more).with(&format!("{INFO}/licenses/a/COPYING"), ""), &[]);
        check(Draft::wheel().header(more).with(&format!("{INFO}/a/COPYING"), ""), &[MISSING]);
        check(Draft::wheel().without("/LICENSE").header(more), &[MISSING, MISSING]);
        check(Draft::sdist().header(more), &[MISSING]);
        check(Draft::sdist().header(more).with(&format!("{TOP}/a/COPYING"), ""), &[]);
        check(Draft::sdist().without("/LICENSE"), &[MISSING]);
    }

    #[test]
    fn older_metadata_may_have_them_beside_it() {
        let check = |from: &str, expected: &[&str]| {
            let old = Draft::wheel().replace("License-Expression: MIT\n", "");
            let old = old.replace("Metadata-Version: 2.4", "Metadata-Version: 2.1");
            assert_eq!(old.replace(from, "/LICENSE").codes(), expected);
        };
        check("/licenses/LICENSE", &["metadata-too-old-for-field"]);
        check("/LICENSE", &["metadata-too-old-for-field"]);
    }
}
