//! The statement that signs an image: what `cosign sign` writes (predicate type `cosign/sign/v1`).

use model::{Diagnostic, Digest};
use serde::Serialize;

use super::{STATEMENT_TYPE, Subject};
use crate::codes;

/// `predicateType` of an image's signature.
pub const IMAGE_PREDICATE_TYPE: &str = "https://sigstore.dev/cosign/sign/v1";

/// The statement whose envelope signs the image manifest or index with that digest. `reference` is
/// where it is found, without a tag.
///
/// # Errors
/// Never for these types; the signature leaves it to the caller all the same.
pub fn image_statement(reference: &str, digest: &Digest) -> Result<String, Diagnostic> {
    let statement = Statement {
        kind: STATEMENT_TYPE,
        subject: [Subject::new(&(reference.to_owned(), *digest))],
        predicate_type: IMAGE_PREDICATE_TYPE,
        predicate: Nothing {},
    };
    crate::json::render(&codes::STATEMENT_SYNTAX, &statement)
}

#[derive(Serialize)]
struct Statement<'s> {
    #[serde(rename = "_type")]
    kind: &'s str,
    /// One: `cosign verify` prints the first as what it verified.
    subject: [Subject; 1],
    #[serde(rename = "predicateType")]
    predicate_type: &'s str,
    predicate: Nothing,
}

#[derive(Serialize)]
struct Nothing {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_one_subject_by_digest_and_the_predicate_that_cosign_looks_for() {
        let digest = Digest::of(b"an index");
        let text = image_statement("ghcr.io/owner/app", &digest).unwrap();
        let statement: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            statement,
            serde_json::json!({
                "_type": "https://in-toto.io/Statement/v1",
                "subject": [{ "name": "ghcr.io/owner/app", "digest": { "sha256": digest.hex() } }],
                "predicateType": "https://sigstore.dev/cosign/sign/v1",
                "predicate": {},
            })
        );
    }
}
