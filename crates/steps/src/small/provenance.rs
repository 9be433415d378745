//! Provenance of files by their digests.

use evidence::statement::{self, ProvenanceInput};
use model::{Diagnostic, Diagnostics, Digest};
use serde::{Deserialize, Serialize};

use super::checksums::{File, entries};
use super::{Answer, Number, Switch, answer, shown};
use crate::codes;

/// `{"files": [{"path", "digest"}], "checksums", "repository", "tag", "version", "commit", "dirty",
/// "epoch", "plan", "selection"}` gives `{"statements": […]}`: in-toto statements with a SLSA
/// predicate, not signed. `checksums` is the text of a list, whose files are added.
#[must_use]
pub fn provenance(request: &str) -> Answer {
    answer(request, |asked: Asked| {
        let mut files = asked.files.clone();
        let listed = evidence::checksums::parse(&asked.checksums)?;
        files.extend(listed.into_iter().map(|(path, digest)| File { path, digest }));
        if files.is_empty() {
            let problem = Diagnostic::new(
                &evidence::codes::STATEMENT_SUBJECTS,
                "there is no file to speak about",
            );
            return Err(problem.help("name files by path and digest").into());
        }
        let input = asked.input(entries(&files)?)?;
        Ok(Told { statements: statement::provenance(&input)? })
    })
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    files: Vec<File>,
    checksums: String,
    repository: String,
    tag: String,
    version: String,
    commit: String,
    dirty: Switch,
    epoch: Number,
    plan: Option<Digest>,
    selection: Vec<String>,
}

#[derive(Serialize)]
struct Told {
    statements: Vec<String>,
}

/// The epoch without one: 1980-01-01, the first time that a zip archive can hold.
const NO_EPOCH: usize = 315_532_800;

impl Asked {
    fn input(&self, subjects: Vec<(String, Digest)>) -> Result<ProvenanceInput, Diagnostics> {
        let commit = match self.commit.as_str() {
            "" => None,
            text if is_commit(text) => Some(text.to_owned()),
            text => {
                let message = format!("the commit `{}` is not 40 or 64 hex digits", shown(text));
                return Err(Diagnostic::new(&codes::STATEMENT_COMMIT, message).into());
            }
        };
        Ok(ProvenanceInput {
            repository: self.repository.clone(),
            tag: self.tag.clone(),
            version: self.version.clone(),
            selection: self.selection.clone(),
            commit,
            dirty: self.dirty.read("dirty")?,
            epoch: self.epoch.read("epoch")?.unwrap_or(NO_EPOCH) as u64,
            // Where nothing was planned, the plan is the empty text.
            plan: self.plan.unwrap_or_else(|| Digest::of(b"")),
            generator: crate::generator(),
            tools: Vec::new(),
            subjects,
            byproducts: Vec::new(),
        })
    }
}

fn is_commit(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    [40, 64].contains(&text.len()) && text.chars().all(digit)
}
