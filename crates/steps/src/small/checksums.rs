//! Lists of digests: written, read, and compared with what is there.

use std::collections::BTreeMap;

use model::{Diagnostic, Diagnostics, Digest, Location};
use serde::{Deserialize, Serialize};

use super::{Answer, Ended, Nothing, answer, shown, told};
use crate::codes;

/// `{"render": {"files": [{"path", "digest"}]}}` gives `{"text"}`; `{"parse": {"text"}}` gives
/// `{"files"}`; `{"compare": {"text", "files"}}` gives the differences as problems, and ends with
/// *no* when there are any. With `"list"`, what a list is called, its own faults are placed there.
#[must_use]
pub fn checksums(request: &str) -> Answer {
    let asked = super::read::<Asked>(request);
    if let Ok(Asked::Compare { text, files, list }) = &asked {
        let problems = compare(text, files, list);
        return match problems {
            Ok(problems) if problems.is_empty() => told(&Nothing {}, problems, Ended::Done),
            Ok(problems) => told(&Nothing {}, problems, Ended::No),
            Err(problems) => told(&Nothing {}, problems, Ended::Usage),
        };
    }
    answer(request, |asked: Asked| match asked {
        Asked::Render { files } => {
            let entries = entries(&files)?;
            Ok(Told::Text { text: crate::checksums(&entries) })
        }
        Asked::Parse { text } | Asked::Compare { text, .. } => {
            let entries = evidence::checksums::parse(&text)?;
            let files = entries.into_iter().map(|(path, digest)| File { path, digest });
            Ok(Told::Files { files: files.collect() })
        }
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum Asked {
    Render {
        files: Vec<File>,
    },
    Parse {
        text: String,
    },
    Compare {
        text: String,
        files: Vec<File>,
        #[serde(default)]
        list: String,
    },
}

/// A file by its digest.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) digest: Digest,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Told {
    Text { text: String },
    Files { files: Vec<File> },
}

fn compare(text: &str, files: &[File], list: &str) -> Result<Diagnostics, Diagnostics> {
    let placed = |problem: Diagnostic| {
        let line = problem.location.as_ref().map_or(0, |place| place.line);
        let place = Location { line, ..Location::file(list) };
        if list.is_empty() { problem } else { problem.at(place) }
    };
    let listed = evidence::checksums::parse(text).map_err(placed)?;
    let found: BTreeMap<String, Digest> = plan::gathered(entries(files)?);
    Ok(Diagnostics(evidence::checksums::compare(&listed, &found)))
}

/// Paths and digests; a path that cannot stand in a list, or stands twice, is refused.
pub(super) fn entries(files: &[File]) -> Result<Vec<(String, Digest)>, Diagnostics> {
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
            problems.push(wrong("stands twice"));
        }
    }
    if problems.is_empty() { Ok(seen.into_iter().collect()) } else { Err(problems) }
}
