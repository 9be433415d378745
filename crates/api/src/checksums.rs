//! Lists of digests: written, read, and compared with what is there.

use std::collections::BTreeMap;

use evidence::checksums::{self, Listed, Reading};
use model::{Diagnostic, Diagnostics, Digest, Location};
use serde::{Deserialize, Serialize};

use crate::codes;
use crate::{Reply, shown};

pub use evidence::checksums::Scope;

/// What to do with a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum Request {
    /// Write it.
    Render {
        /// What it lists.
        files: Vec<File>,
    },
    /// Read it, as `sha256sum --check` does; a line that is no checksum is a warning.
    Parse {
        /// Its text.
        text: String,
    },
    /// Compare it with files.
    Compare {
        /// Its text.
        text: String,
        /// The files that are there.
        files: Vec<File>,
        /// What it is called, for the locations of its own faults; empty where it has no name.
        #[serde(default)]
        list: String,
        /// Which side must be whole. With `both`, each line of the list counts too.
        #[serde(default)]
        scope: Scope,
    },
}

/// A file by its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its path, with `/`.
    pub path: String,
    /// Its SHA-256.
    pub digest: Digest,
}

impl From<Listed> for File {
    fn from(listed: Listed) -> Self {
        Self { path: listed.path, digest: listed.digest }
    }
}

/// What a list is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// Written.
    Rendered {
        /// Its text.
        text: String,
    },
    /// Read.
    Parsed {
        /// What it lists.
        files: Vec<File>,
    },
    /// Compared: the differences are the reply's problems.
    Compared {},
}

/// Writes, reads or compares a list.
///
/// # Errors
/// `checksums-syntax` for the list, `checksums-path` for a path that cannot be listed.
pub fn checksums(request: Request) -> crate::Outcome<Answer> {
    match request {
        Request::Render { files } => {
            let text = checksums::render(&entries(&files)?);
            Ok(Answer::Rendered { text }.into())
        }
        Request::Parse { text } => {
            let Reading { listed, improper } = checksums::read(&text)?;
            let files = listed.into_iter().map(File::from).collect();
            Ok(Reply { answer: Answer::Parsed { files }, problems: Diagnostics(improper) })
        }
        Request::Compare { text, files, list, scope } => {
            let problems = compare(&text, &files, &list, scope)?;
            Ok(Reply { answer: Answer::Compared {}, problems })
        }
    }
}

/// Paths and digests; a path that cannot be in a list, or appears twice, is refused.
pub(crate) fn entries(files: &[File]) -> Result<Vec<(String, Digest)>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut seen = BTreeMap::new();
    for File { path, digest } in files {
        let wrong = |why: &str| {
            let message = format!("the path `{}` {why}", shown(path));
            Diagnostic::new(&codes::CHECKSUMS_PATH, message)
        };
        if path.is_empty() || path.contains('\0') {
            problems.push(wrong("is empty or holds a NUL"));
        } else if seen.insert(path.clone(), *digest).is_some() {
            problems.push(wrong("appears twice"));
        }
    }
    if problems.is_empty() { Ok(seen.into_iter().collect()) } else { Err(problems) }
}

fn compare(
    text: &str,
    files: &[File],
    list: &str,
    scope: Scope,
) -> Result<Diagnostics, Diagnostics> {
    let located = |problem: Diagnostic| {
        let line = problem.location.as_ref().map_or(0, |location| location.line);
        let location = Location { line, ..Location::file(list) };
        if list.is_empty() { problem } else { problem.at(location) }
    };
    let Reading { listed, improper } = match checksums::read(text) {
        Ok(reading) => reading,
        // A list that says nothing vouches for nothing: the answer is no.
        Err(problem) => return Ok(located(problem).into()),
    };
    let found: BTreeMap<String, Digest> = model::collect_by_insertion(entries(files)?);
    let counts = |problem| match scope {
        Scope::Both => checksums::as_error(problem),
        Scope::Listed | Scope::Given => problem,
    };
    let mut problems: Vec<Diagnostic> =
        improper.into_iter().map(|problem| located(counts(problem))).collect();
    problems.extend(checksums::compare(&listed, &found, scope));
    Ok(Diagnostics(problems))
}
