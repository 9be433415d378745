//! One file and its bundle, without a release around them.

use evidence::bundle::{self, Content};
use evidence::{Refusal, SignatureCheck, Verified, Why, statement};
use model::{Diagnostic, Digest};

use crate::codes;
use crate::{Policy, Report, Signer};

/// Checks that `bundle` is a trusted signer's signature over the file called `name` whose digest is
/// `digest`; or such a signer's statement with that file among its subjects, or which is that file.
/// The bundle may come from another program.
#[must_use]
pub fn verify_file(
    name: &str,
    digest: &Digest,
    bundle: &str,
    policy: &Policy,
    signatures: &dyn SignatureCheck,
) -> Report {
    let mut report = Report::default();
    let signer = report.run("signature", |found| {
        found.look();
        match check(name, digest, bundle, policy, signatures) {
            Ok(verified) => Signer::Trusted(verified),
            Err(refusal) => {
                found.refuse(refusal, name);
                Signer::Unsigned
            }
        }
    });
    report.artifacts = 1;
    report.version = name.to_owned();
    report.signer = signer;
    report
}

fn check(
    name: &str,
    digest: &Digest,
    text: &str,
    policy: &Policy,
    signatures: &dyn SignatureCheck,
) -> Result<Verified, Refusal> {
    let bundle = bundle::read(text)?;
    let Content::Envelope { payload, .. } = &bundle.content else {
        return bundle.verify_file(digest, &policy.trusted, signatures);
    };
    let verified = match bundle.verify_statement(&policy.trusted, signatures) {
        Err(refusal) if refusal.why != Why::Unknown => return Err(refusal),
        Err(refusal) => Err(refusal),
        Ok((_, verified)) => Ok(verified),
    };
    // Whoever signed it, it may be about something else.
    speaks_of(payload, name, digest)?;
    verified
}

/// That the statement `payload` is about the file, or is that file.
fn speaks_of(payload: &[u8], name: &str, digest: &Digest) -> Result<(), Refusal> {
    if Digest::of(payload) == *digest {
        return Ok(());
    }
    let statement = statement::read(&String::from_utf8_lossy(payload))?;
    let subjects = statement.subjects.iter().filter(|(_, subject)| subject == digest);
    let signed_as: Vec<&str> = subjects.map(|(name, _)| name.as_str()).collect();
    if signed_as.is_empty() {
        let message = format!("no subject of the statement is {digest}");
        return Err(Refusal::new(
            Why::Subject,
            Diagnostic::new(&evidence::codes::BUNDLE_SUBJECT, message),
        ));
    }
    // The name of an image, or of the manifest of a chart, is where a registry has it.
    let any_name = statement.predicate_type == statement::IMAGE_PREDICATE_TYPE;
    if any_name || signed_as.iter().any(|signed| is_named(name, signed)) {
        return Ok(());
    }
    let signed_as = signed_as.join("`, `");
    let message = format!("its bytes were signed as `{signed_as}`, not under this name");
    let problem = Diagnostic::new(&codes::BUNDLE_NAME, message)
        .help("if they are what you wanted, give the file the name that it was signed under");
    Err(Refusal::new(Why::Subject, problem))
}

/// Whether a file called `name` may be the subject that was signed as `signed`: a path, a bare name
/// or, in statements that speak of bytes alone, nothing.
fn is_named(name: &str, signed: &str) -> bool {
    signed.is_empty() || signed.rsplit('/').next() == Some(name)
}

#[cfg(test)]
mod tests {
    use evidence::bundle::{Bundle, Certificate, Signer as BundleSigner};
    use evidence::{PublicKey, TrustedSigner};

    use super::*;
    use crate::Answer;

    /// DER of r = 1, s = 2: whoever signed it, it is good.
    const SIGNATURE: [u8; 8] = [0x30, 6, 2, 1, 1, 2, 1, 2];

    struct Good;

    impl SignatureCheck for Good {
        fn verify(
            &self,
            bundle: &Bundle,
            _: &Digest,
            trusted: &[TrustedSigner],
        ) -> Result<Verified, Refusal> {
            bundle.keys(trusted)?;
            Ok(Verified::by(trusted[0].identity()))
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

    fn report(signer: BundleSigner, content: Content, name: &str, bytes: &[u8]) -> Report {
        let bundle = Bundle::new(signer, content).render().unwrap();
        let policy = Policy::trust(TrustedSigner::Key(key()));
        verify_file(name, &Digest::of(bytes), &bundle, &policy, &Good)
    }

    fn envelope(statement: &str) -> Content {
        Content::Envelope {
            payload_type: "application/vnd.in-toto+json".to_owned(),
            payload: statement.as_bytes().to_vec(),
            signature: SIGNATURE.to_vec(),
        }
    }

    /// The codes of what is wrong with `bytes` under `name`.
    fn check(name: &str, bytes: &[u8], statement: &str) -> Vec<String> {
        let signer = BundleSigner::Key(key().hint());
        let report = report(signer, envelope(statement), name, bytes);
        report.problems().0.iter().map(|problem| problem.code.to_string()).collect()
    }

    #[test]
    fn who_signed_with_a_certificate_cannot_be_known_yet() {
        let check = |content: Content, bytes: &[u8], answer: Answer, code: &str| {
            let certificate = Certificate { leaf: vec![0x30], chain: Vec::new() };
            let signer = BundleSigner::Certificate(certificate);
            let report = report(signer, content, "app.whl", bytes);
            assert_eq!((report.answer(), report.is_good()), (answer, false), "{report}");
            assert_eq!(report.signer, Signer::Unsigned);
            assert_eq!(report.problems().0[0].code.name, code);
            report.to_string()
        };
        let message = || {
            let signature = SIGNATURE.to_vec();
            Content::Message { digest: Digest::of(b"good"), signature }
        };
        let statement = || envelope(&statement(statement::PREDICATE_TYPE, "app.whl"));
        let text = check(message(), b"good", Answer::Unknown, "bundle-unsupported");
        assert!(text.contains("UNKNOWN") && text.contains("NOT verified, nor refuted:"), "{text}");
        check(statement(), b"good", Answer::Unknown, "bundle-unsupported");
        // Whoever signed it, it is about something else.
        let text = check(message(), b"evil", Answer::No, "bundle-subject");
        assert!(text.contains("FAILED") && text.contains("NOT verified:"), "{text}");
        check(statement(), b"evil", Answer::No, "bundle-subject");
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
