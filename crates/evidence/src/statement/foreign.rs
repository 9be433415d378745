//! Statements that another program wrote: whom they are about, whatever they say.

use model::limits::MAX_STATEMENT_SUBJECTS;
use model::{Diagnostic, Digest};
use serde::Deserialize;

use super::STATEMENT_TYPE;
use crate::codes;
use crate::json;

/// What can be known of any statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// `predicateType`.
    pub predicate_type: String,
    /// Names (which may be empty or stand twice) and SHA-256 digests of its subjects. A subject
    /// without a SHA-256 is left out.
    pub subjects: Vec<(String, Digest)>,
}

/// Reads the frame of any in-toto statement, v1 or v0.1 (which cosign still writes). Only a
/// statement whose signature was verified is worth reading.
///
/// # Errors
/// `statement-syntax` when it is none, `statement-type` for another version of the frame,
/// `statement-subjects` for more than [`MAX_STATEMENT_SUBJECTS`].
pub fn read(text: &str) -> Result<Foreign, Diagnostic> {
    let frame: Frame = json::read(&codes::STATEMENT_SYNTAX, "statement", text)?;
    if ![STATEMENT_TYPE, STATEMENT_TYPE_V0_1].contains(&frame.kind.as_str()) {
        let message = format!("`_type` should be `{STATEMENT_TYPE}` and is `{}`", frame.kind);
        return Err(Diagnostic::new(&codes::STATEMENT_TYPE, message));
    }
    let count = frame.subject.len();
    if count > MAX_STATEMENT_SUBJECTS {
        let message = format!("it has {count} subjects; {MAX_STATEMENT_SUBJECTS} may be");
        return Err(Diagnostic::new(&codes::STATEMENT_SUBJECTS, message));
    }
    let subjects = frame.subject.into_iter().filter_map(|subject| {
        let digest = Digest::from_hex(&subject.digest.sha256).ok()?;
        Some((subject.name, digest))
    });
    Ok(Foreign { predicate_type: frame.predicate_type, subjects: subjects.collect() })
}

#[derive(Deserialize)]
struct Frame {
    #[serde(rename = "_type")]
    kind: String,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    subject: Vec<FrameSubject>,
}

#[derive(Deserialize)]
struct FrameSubject {
    #[serde(default)]
    name: String,
    digest: FrameDigest,
}

#[derive(Deserialize)]
struct FrameDigest {
    #[serde(default)]
    sha256: String,
}

const STATEMENT_TYPE_V0_1: &str = "https://in-toto.io/Statement/v0.1";
