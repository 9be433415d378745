//! One file and its bundle, without a release around them.

use evidence::bundle::{self, Content};
use evidence::{PublicKey, SignatureCheck, statement};
use model::{Diagnostic, Digest};

use crate::codes;
use crate::{Report, Signer};

/// Checks that `bundle` is `key`'s signature over the file called `name` whose digest is `digest`;
/// or `key`'s signed statement with that file among its subjects, or which is that file. The bundle
/// may come from another program.
#[must_use]
pub fn verify_file(
    name: &str,
    digest: &Digest,
    bundle: &str,
    key: &PublicKey,
    signatures: &dyn SignatureCheck,
) -> Report {
    let mut report = Report::default();
    let good = report.run("signature", |found| {
        found.look();
        match check(name, digest, bundle, key, signatures) {
            Ok(()) => true,
            Err(problem) => {
                found.add(problem, name);
                false
            }
        }
    });
    report.artifacts = 1;
    report.version = name.to_owned();
    report.signer = if good { Signer::Key } else { Signer::Unsigned };
    report
}

fn check(
    name: &str,
    digest: &Digest,
    text: &str,
    key: &PublicKey,
    signatures: &dyn SignatureCheck,
) -> Result<(), Diagnostic> {
    let bundle = bundle::read(text)?;
    if let Content::Message { .. } = bundle.content {
        return bundle.verify_file(digest, key, signatures);
    }
    let payload = bundle.verify_statement(key, signatures)?;
    if Digest::of(payload) == *digest {
        return Ok(());
    }
    let statement = statement::read(&String::from_utf8_lossy(payload))?;
    let subjects = statement.subjects.iter().filter(|(_, subject)| subject == digest);
    let signed_as: Vec<&str> = subjects.map(|(name, _)| name.as_str()).collect();
    if signed_as.is_empty() {
        let message = format!("no subject of the statement is {digest}");
        return Err(Diagnostic::new(&evidence::codes::BUNDLE_SUBJECT, message));
    }
    // The name of an image, or of the manifest of a chart, is where a registry has it.
    let any_name = statement.predicate_type == statement::IMAGE_PREDICATE_TYPE;
    if any_name || signed_as.iter().any(|signed| is_named(name, signed)) {
        return Ok(());
    }
    let signed_as = signed_as.join("`, `");
    let message = format!("its bytes were signed as `{signed_as}`, not under this name");
    Err(Diagnostic::new(&codes::BUNDLE_NAME, message)
        .help("if they are what you wanted, give the file the name that it was signed under"))
}

/// Whether a file called `name` may be the subject that was signed as `signed`: a path, a bare name
/// or, in statements that speak of bytes alone, nothing.
fn is_named(name: &str, signed: &str) -> bool {
    signed.is_empty() || signed.rsplit('/').next() == Some(name)
}

#[cfg(test)]
mod tests {
    use evidence::bundle::Bundle;

    use super::*;

    /// DER of r = 1, s = 2: whoever signed it, it is good.
    const SIGNATURE: [u8; 8] = [0x30, 6, 2, 1, 1, 2, 1, 2];

    struct Good;

    impl SignatureCheck for Good {
        fn verify(&self, _: &PublicKey, _: &Digest, _: &[u8]) -> Result<(), Diagnostic> {
            Ok(())
        }
    }

    fn key() -> PublicKey {
        PublicKey::from_point(&[&[4_u8][..], &[7; 64]].concat()).unwrap()
    }

    /// A statement about the bytes `good`, signed as `subject`.
    fn statement(kind: &str, subject: &str) -> String {
        serde_json::json!({
            "_type": statement::STATEMENT_TYPE,
            "subject": [{"name": subject, "digest": {"sha256": Digest::of(b"good").hex()}}],
            "predicateType": kind,
            "predicate": {},
        })
        .to_string()
    }

    /// The codes of what is wrong with `bytes` under `name`.
    fn check(name: &str, bytes: &[u8], statement: &str) -> Vec<String> {
        let content = Content::Envelope {
            payload_type: "application/vnd.in-toto+json".to_owned(),
            payload: statement.as_bytes().to_vec(),
            signature: SIGNATURE.to_vec(),
        };
        let bundle = Bundle { hint: key().hint(), content }.render().unwrap();
        let report = verify_file(name, &Digest::of(bytes), &bundle, &key(), &Good);
        report.problems().0.iter().map(|problem| problem.code.to_string()).collect()
    }

    #[test]
    fn a_subject_passes_only_under_the_name_that_was_signed() {
        let slsa = statement::PREDICATE_TYPE;
        let image = statement::IMAGE_PREDICATE_TYPE;
        let passes = |kind: &str, subject: &str, name: &str, bytes: &[u8], expected: &[&str]| {
            let found = check(name, bytes, &statement(kind, subject));
            assert_eq!(found, expected, "{subject:?} as {name:?}");
        };
        passes(slsa, "app.whl", "app.whl", b"good", &[]);
        passes(slsa, "pypi/app.whl", "app.whl", b"good", &[]);
        passes(slsa, "pypi/app.whl", "other.whl", b"good", &["bundle-name"]);
        passes(slsa, "pypi/app.whl", "pypi", b"good", &["bundle-name"]);
        passes(slsa, "app.whl/", "app.whl", b"good", &["bundle-name"]);
        passes(slsa, "app.whl", "app.whl", b"bad", &["bundle-subject"]);
        passes(slsa, "", "any.whl", b"good", &[]);
        passes(image, "localhost/app", "manifest.json", b"good", &[]);
        passes(image, "localhost/app", "manifest.json", b"bad", &["bundle-subject"]);
    }

    #[test]
    fn a_statement_verifies_by_its_own_bundle_whatever_it_is_called() {
        let text = statement(statement::PREDICATE_TYPE, "app.whl");
        assert!(check("any.json", text.as_bytes(), &text).is_empty());
    }
}
