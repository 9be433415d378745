//! Wheels, source distributions and metadata for tests, made in memory from good ones.

use archive::Entry;
use model::{Diagnostic, Severity};

use super::rule::{LooksAt, Rule};
use super::{RULES, lint_sdist, lint_wheel};
use crate::metadata::Metadata;
use crate::record;
use crate::sdist::read_sdist;
use crate::wheel::read_wheel;

/// The good wheel's file name.
pub(super) const WHEEL_NAME: &str = "demo_pkg-1.0.0rc1-py3-none-any.whl";

/// The good wheel's `.dist-info` folder.
pub(super) const INFO: &str = "demo_pkg-1.0.0rc1.dist-info";

/// The good source distribution's top-level folder.
pub(super) const TOP: &str = "demo_pkg-1.0.0rc1";

const METADATA: &str = "Metadata-Version: 2.4\nName: demo-pkg\nVersion: 1.0.0rc1\nSummary: s\n\
                        License-Expression: MIT\nLicense-File: LICENSE\n\nText.\n";
const WHEEL: &str = "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n";

/// Headers without a problem, when a description follows.
const HEADERS: &str = "Metadata-Version: 2.4\nName: a\nVersion: 1.0\nSummary: s\n";

/// A wheel, or a source distribution where its name does not end in `.whl`.
pub(super) struct Draft {
    name: String,
    members: Vec<Entry>,
    /// Changes the text of `RECORD` once it is complete.
    record: fn(String) -> Option<String>,
}

impl Draft {
    /// A wheel without a problem.
    pub(super) fn wheel() -> Self {
        let members = vec![
            Entry::new("demo_pkg/__init__.py", "x = 1\n"),
            Entry::new("demo_pkg/other.py", "y = 2\n"),
            Entry::new(format!("{INFO}/METADATA"), METADATA),
            Entry::new(format!("{INFO}/WHEEL"), WHEEL),
            Entry::new(format!("{INFO}/licenses/LICENSE"), "MIT\n"),
        ];
        Self { name: WHEEL_NAME.to_owned(), members, record: Some }
    }

    /// A wheel without a problem whose only tag is `tag`.
    pub(super) fn tagged(tag: &str) -> Self {
        let draft = Self::wheel().replace("py3-none-any", tag);
        draft.named(&format!("demo_pkg-1.0.0rc1-{tag}.whl"))
    }

    /// A source distribution without a problem.
    pub(super) fn sdist() -> Self {
        let members = vec![
            Entry::new(format!("{TOP}/PKG-INFO"), METADATA),
            Entry::new(format!("{TOP}/pyproject.toml"), ""),
            Entry::new(format!("{TOP}/LICENSE"), "MIT\n"),
        ];
        Self { name: format!("{TOP}.tar.gz"), members, record: Some }
    }

    /// With another file name.
    pub(super) fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// With one more file.
    pub(super) fn with(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.members.push(Entry::new(path, bytes.into()));
        self
    }

    /// Without the file at the end of whose path this is.
    pub(super) fn without(mut self, end: &str) -> Self {
        self.members.retain(|entry| !entry.path.ends_with(end));
        self
    }

    /// In the path and the bytes of every file, `from` becomes `to`.
    pub(super) fn replace(mut self, from: &str, to: &str) -> Self {
        for entry in &mut self.members {
            entry.path = entry.path.replace(from, to);
            if let Ok(text) = std::str::from_utf8(&entry.bytes) {
                entry.bytes = text.replace(from, to).into_bytes();
            }
        }
        self
    }

    /// With one more header in its metadata.
    pub(super) fn header(self, line: &str) -> Self {
        self.replace("Summary: s\n", &format!("Summary: s\n{line}\n"))
    }

    /// With a changed `RECORD`, or none.
    pub(super) fn record(self, record: fn(String) -> Option<String>) -> Self {
        Self { record, ..self }
    }

    /// The file's bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        if !self.name.ends_with(".whl") {
            return archive::gzip::write(&archive::tar::write(&self.members, 0).unwrap());
        }
        let mut members = self.members.clone();
        let folder = members.iter().find_map(|entry| entry.path.strip_suffix("/WHEEL"));
        let own = format!("{}/RECORD", folder.unwrap_or(INFO));
        let lines: Vec<_> =
            members.iter().map(|entry| record::line(&entry.path, &entry.bytes)).collect();
        if let Some(text) = (self.record)(record::render(&lines, &own)) {
            members.push(Entry::new(own, text));
        }
        archive::zip::write(&members, 315_532_800).unwrap()
    }

    /// All that is wrong with it.
    pub(super) fn problems(&self) -> Vec<Diagnostic> {
        let bytes = self.bytes();
        if self.name.ends_with(".whl") {
            if let Ok(wheel) = read_wheel(&self.name, &bytes) {
                RULES.iter().for_each(|rule| expect_own_codes(rule, &rule.of_wheel(&wheel)));
            }
            return lint_wheel(&self.name, &bytes);
        }
        if let Ok(sdist) = read_sdist(&self.name, &bytes) {
            RULES.iter().for_each(|rule| expect_own_codes(rule, &rule.of_sdist(&sdist)));
        }
        lint_sdist(&self.name, &bytes)
    }

    /// The codes of all that is wrong with it.
    pub(super) fn codes(&self) -> Vec<String> {
        codes(&self.problems())
    }
}

/// The codes that all rules for metadata find when `headers` are added to good ones.
pub(super) fn codes_with(headers: &str) -> Vec<String> {
    codes_of_metadata(&format!("{HEADERS}{headers}\n\nText.\n"))
}

/// The codes that all rules for metadata find when `to` replaces `from` in good headers.
pub(super) fn codes_replacing(from: &str, to: &str) -> Vec<String> {
    assert!(HEADERS.contains(from), "{from}");
    codes_of_metadata(&format!("{}\n\nText.\n", HEADERS.replace(from, to).trim_end()))
}

/// The codes that all rules for metadata find in the text of a metadata file.
pub(super) fn codes_of_metadata(text: &str) -> Vec<String> {
    let metadata = Metadata::parse(text.as_bytes(), "METADATA").unwrap();
    let found = RULES.iter().flat_map(|rule| match rule.looks_at {
        LooksAt::Metadata(check) => check(&metadata),
        _ => Vec::new(),
    });
    codes(&found.collect::<Vec<_>>())
}

/// `breaks_the_file` asks the rule that declares a code, so it must be the one that reports it.
fn expect_own_codes(rule: &Rule, problems: &[Diagnostic]) {
    for problem in problems {
        let own = rule.reports.iter().any(|reported| reported.code == problem.code);
        assert!(own, "{problem} is not declared by {rule:?}");
    }
}

/// Codes in their order, those of errors in capitals.
pub(super) fn codes(problems: &[Diagnostic]) -> Vec<String> {
    let show = |problem: &Diagnostic| match problem.severity {
        Severity::Error => problem.code.name.to_uppercase(),
        Severity::Warning => problem.code.to_string(),
    };
    problems.iter().map(show).collect()
}
