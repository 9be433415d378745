//! The provenance object of a file on a Python index (PEP 740, "Provenance objects"): who published
//! it, and signed statements about it. Read only; nothing here checks their signatures.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::Diagnostic;
use serde::Deserialize;

use crate::codes;
use crate::json;
use crate::statement::{self, Foreign};

/// Statements of one file that an index may list: it takes two.
const MAX_ATTESTATIONS: usize = 64;

/// One attestation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// The kind of publisher that the index names, such as `GitHub`.
    pub publisher: String,
    /// What its statement speaks about; its signature was not looked at.
    pub statement: Foreign,
}

/// Reads a provenance object.
///
/// # Errors
/// `attestation-syntax` when it is none of version 1; what reading a statement ends with.
pub fn read(text: &str) -> Result<Vec<Attestation>, Diagnostic> {
    let wrong = |message: String| Diagnostic::new(&codes::ATTESTATION_SYNTAX, message);
    let read: Provenance = json::read(&codes::ATTESTATION_SYNTAX, "provenance", text)?;
    if read.version != 1 {
        return Err(wrong(format!("the provenance is of version {}, not 1", read.version)));
    }
    let mut all = Vec::new();
    for bundle in read.attestation_bundles {
        for attestation in bundle.attestations {
            let statement = STANDARD
                .decode(&attestation.envelope.statement)
                .map_err(|_| wrong("its statement is not base64".to_owned()))?;
            let statement = statement::read(&String::from_utf8_lossy(&statement))?;
            all.push(Attestation { publisher: bundle.publisher.kind.clone(), statement });
        }
        if all.len() > MAX_ATTESTATIONS {
            return Err(wrong(format!("it holds more than {MAX_ATTESTATIONS} attestations")));
        }
    }
    Ok(all)
}

#[derive(Deserialize)]
struct Provenance {
    version: u32,
    attestation_bundles: Vec<Bundle>,
}

#[derive(Deserialize)]
struct Bundle {
    #[serde(default)]
    publisher: Publisher,
    attestations: Vec<Wire>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Publisher {
    kind: String,
}

#[derive(Deserialize)]
struct Wire {
    envelope: Envelope,
}

#[derive(Deserialize)]
struct Envelope {
    statement: String,
}

#[cfg(test)]
mod tests {
    use model::Digest;

    use super::*;

    fn provenance(statement: &str) -> String {
        format!(
            r#"{{"version":1,"attestation_bundles":[{{"publisher":{{"kind":"GitHub","x":1}},
                "attestations":[{{"version":1,"verification_material":{{}},
                "envelope":{{"statement":"{}","signature":"AA=="}}}}]}}]}}"#,
            STANDARD.encode(statement)
        )
    }

    #[test]
    fn publisher_and_subjects_are_read() {
        let digest = Digest::of(b"a wheel");
        let statement = format!(
            r#"{{"_type":"https://in-toto.io/Statement/v1","predicateType":"p","predicate":null,
                "subject":[{{"name":"a.whl","digest":{{"sha256":"{}"}}}}]}}"#,
            digest.hex()
        );
        let [one] = read(&provenance(&statement)).unwrap().try_into().unwrap();
        assert_eq!(one.publisher, "GitHub");
        assert_eq!(one.statement.subjects, [("a.whl".to_owned(), digest)]);
    }

    #[test]
    fn what_is_no_provenance_is_refused() {
        let check = |text: &str, code: &str| {
            assert_eq!(read(text).unwrap_err().code.to_string(), code, "{text}");
        };
        check("", "attestation-syntax");
        check("{}", "attestation-syntax");
        check(r#"{"version":2,"attestation_bundles":[]}"#, "attestation-syntax");
        check(&provenance("{}"), "statement-syntax");
        check(&provenance("{}").replace("e30=", "***"), "attestation-syntax");
        let one = r#"{"envelope":{"statement":"%"}}"#.replace(
            '%',
            &STANDARD.encode(
                r#"{"_type":"https://in-toto.io/Statement/v1","predicateType":"p","subject":[]}"#,
            ),
        );
        let many = vec![one; 65].join(",");
        let many =
            format!(r#"{{"version":1,"attestation_bundles":[{{"attestations":[{many}]}}]}}"#);
        check(&many, "attestation-syntax");
    }
}
