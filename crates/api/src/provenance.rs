//! Provenance of files by their digests.

use std::collections::BTreeMap;

use evidence::statement::{self, ProvenanceInput};
use model::{Diagnostic, Diagnostics, Digest};
use serde::{Deserialize, Serialize};

use crate::checksums::{File, entries};
use crate::codes;
use crate::shown;
use crate::values::{Number, Switch};

/// Which files, and where they come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// The files that statements are about.
    pub files: Vec<File>,
    /// The text of a list of digests, whose files are added.
    pub checksums: String,
    /// The repository's address.
    pub repository: String,
    /// The release's tag.
    pub tag: String,
    /// The release's version.
    pub version: String,
    /// The commit: 40 or 64 hex digits; empty when there is none.
    pub commit: String,
    /// Whether there were changes that are in no commit.
    pub dirty: Switch,
    /// `SOURCE_DATE_EPOCH`: seconds since 1970.
    pub epoch: Number,
    /// The plan's digest.
    pub plan: Option<Digest>,
    /// The part of the plan that was built.
    pub selection: Vec<String>,
}

/// What was stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// In-toto statements with a SLSA predicate, not signed.
    pub statements: Vec<String>,
}

/// States where files come from.
///
/// # Errors
/// `statement-subjects` without a file, `statement-commit`, `request-value`, and as for lists.
pub fn provenance(mut request: Request) -> crate::Outcome<Answer> {
    let listed = evidence::checksums::parse(&request.checksums)?;
    request.files.extend(listed.into_iter().map(File::from));
    if request.files.is_empty() {
        let problem = Diagnostic::new(
            &evidence::codes::STATEMENT_SUBJECTS,
            "there is no file to speak about",
        );
        return Err(problem.help("name files by path and digest").into());
    }
    let subjects = entries(&request.files)?;
    let input = input(request, subjects)?;
    Ok(Answer { statements: statement::provenance(&input)? }.into())
}

/// The epoch without one: 1980-01-01, the first time that a zip archive can hold.
const NO_EPOCH: usize = 315_532_800;

fn input(
    request: Request,
    subjects: Vec<(String, Digest)>,
) -> Result<ProvenanceInput, Diagnostics> {
    let commit = match request.commit.as_str() {
        "" => None,
        text if is_commit(text) => Some(request.commit),
        text => {
            let message = format!("the commit `{}` is not 40 or 64 hex digits", shown(text));
            return Err(Diagnostic::new(&codes::STATEMENT_COMMIT, message).into());
        }
    };
    Ok(ProvenanceInput {
        commit,
        dirty: request.dirty.read("dirty")?,
        submodules: BTreeMap::new(),
        materials: Vec::new(),
        epoch: request.epoch.read("epoch")?.unwrap_or(NO_EPOCH) as u64,
        repository: request.repository,
        tag: request.tag,
        version: request.version,
        selection: request.selection,
        // Where nothing was planned, the plan is the empty text.
        plan: request.plan.unwrap_or_else(|| Digest::of(b"")),
        generator: release::generator(),
        tools: Vec::new(),
        subjects,
        byproducts: Vec::new(),
    })
}

fn is_commit(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    [40, 64].contains(&text.len()) && text.chars().all(digit)
}
