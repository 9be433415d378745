//! A whole release, verified.

use ::verify::{Answer as Verdict, Dist, Policy, Report};
use evidence::{SignatureCheck, TrustedSigner};
use model::{Diagnostic, Diagnostics, Digest, Location, Manifest};
use serde::{Deserialize, Serialize};

use crate::Reply;
use crate::codes;

/// What the release must be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// The publisher's public key (PEM): every signature must be by it. Empty for any.
    pub key: String,
    /// The digest that `release.json` must have; empty for any.
    pub manifest: String,
}

/// What the release is.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// Whether it is as it must be.
    pub good: bool,
    /// Whether that cannot be known: nothing is wrong, but a signature cannot be judged yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unknown: bool,
    /// The report, for people.
    pub text: String,
    /// The digest that `release.json` has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Digest>,
    /// The report.
    pub report: Report,
}

/// Verifies the release in `dist`.
///
/// # Errors
/// For a key or digest that cannot be read.
pub fn verify(
    request: Request,
    dist: &dyn Dist,
    signatures: &dyn SignatureCheck,
) -> crate::Outcome<Answer> {
    let (policy, expected) = policy(&request)?;
    let report =
        ::verify::verify(dist, &release::Inspector(release::INSPECTS), signatures, &policy);
    let (mut verdict, mut problems) = (report.answer(), report.problems());
    let manifest = dist.measure(Manifest::FILE).ok().map(|(_, digest)| digest);
    if let (Some(found), Some(expected)) = (manifest, expected)
        && found != expected
    {
        let message = format!("has digest {found}, expected {expected}");
        let location = Location::file(Manifest::FILE);
        problems.push(Diagnostic::new(&release::codes::MANIFEST_OTHER, message).at(location));
        verdict = Verdict::No;
    }
    let (good, unknown) = (verdict == Verdict::Yes, verdict == Verdict::Unknown);
    let answer = Answer { good, unknown, text: report.to_string(), manifest, report };
    Ok(Reply { answer, problems })
}

fn policy(request: &Request) -> Result<(Policy, Option<Digest>), Diagnostics> {
    let policy = match request.key.as_str() {
        "" => Policy::default(),
        pem => Policy::trust(TrustedSigner::read_key(pem)?),
    };
    let wanted = (!request.manifest.is_empty()).then(|| request.manifest.parse());
    let wanted = wanted.transpose().map_err(|error: model::DigestError| {
        Diagnostics::from(Diagnostic::new(&codes::REQUEST_VALUE, error.to_string()))
    })?;
    Ok((policy, wanted))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ::verify::Entry;
    use evidence::bundle::{self, Bundle, Content};
    use evidence::{PublicKey, Refusal, Verified};
    use model::{Document, DocumentKind, EvidenceKind, FileEntry, Release, Signing, Version};

    use super::*;
    use release::INSPECTS;

    /// Takes every signature of a key for good.
    struct AnySignature;

    impl SignatureCheck for AnySignature {
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

    #[derive(Default)]
    struct Memory(BTreeMap<String, String>);

    impl Memory {
        fn put(&mut self, path: &str, text: String) -> FileEntry {
            let (size, digest) = (text.len() as u64, Digest::of(text.as_bytes()));
            self.0.insert(path.to_owned(), text);
            FileEntry { path: path.to_owned(), size, digest }
        }
    }

    impl Dist for Memory {
        fn entries(&self) -> Result<Vec<Entry>, Diagnostic> {
            let entry = |path: &String| Entry { path: path.clone(), regular: true };
            Ok(self.0.keys().map(entry).collect())
        }

        fn read(&self, path: &str, _: u64) -> Result<Vec<u8>, Diagnostic> {
            let text = self.0.get(path).cloned();
            text.map(String::into_bytes)
                .ok_or_else(|| Diagnostic::new(&model::codes::FILE_MISSING, "is not there"))
        }

        fn size(&self, path: &str) -> Result<u64, Diagnostic> {
            self.read(path, 0).map(|bytes| bytes.len() as u64)
        }

        fn measure(&self, path: &str) -> Result<(u64, Digest), Diagnostic> {
            self.read(path, 0).map(|bytes| (bytes.len() as u64, Digest::of(&bytes)))
        }
    }

    fn key() -> PublicKey {
        PublicKey::from_point(&[&[4][..], &[1; 64]].concat()).unwrap()
    }

    /// A sealed release of nothing, signed by `signer`.
    fn release(signer: &bundle::Signer) -> Memory {
        let mut dist = Memory::default();
        let release = Release::new(Version::parse("1.0.0").unwrap());
        let mut manifest = Manifest::new(model::ToolUse::default(), release);
        manifest.signing = Signing::KEY;
        let mut documents = Vec::new();
        let mut add = |dist: &mut Memory, kind, path: &str, text| {
            let file = dist.put(path, text);
            documents.push(Document { kind, about: None, components: 0, file });
            documents.clone()
        };
        for (path, text) in ::verify::provenance(&manifest, INSPECTS).unwrap() {
            manifest.documents = add(&mut dist, DocumentKind::Provenance, &path, text);
        }
        for path in ["checksums.txt", "github/checksums.txt"] {
            let text = evidence::checksums::render::<String>(&[]);
            manifest.documents = add(&mut dist, DocumentKind::Checksums, path, text);
        }
        ::release::put_in_order(&mut manifest);
        manifest.evidence = ::verify::evidence_of(&manifest, INSPECTS);
        manifest.assets = ::verify::assets_of(&manifest, INSPECTS).unwrap();
        dist.put(Manifest::FILE, manifest.render().unwrap());
        for (path, text) in ::release::documents(&manifest, INSPECTS) {
            dist.put(&path, text);
        }
        for item in &manifest.evidence {
            let about = item.about.as_deref().unwrap_or_default();
            let signed = dist.0.get(about).cloned().unwrap_or_default();
            let signature = vec![0x30, 6, 2, 1, 1, 2, 1, 2];
            let content = match item.kind {
                EvidenceKind::PublicKey => {
                    dist.put(&item.path, key().pem());
                    continue;
                }
                EvidenceKind::Bundle => {
                    Content::Message { digest: Digest::of(signed.as_bytes()), signature }
                }
                _ => Content::Envelope {
                    payload_type: evidence::dsse::IN_TOTO_PAYLOAD.to_owned(),
                    payload: signed.into_bytes(),
                    signature,
                },
            };
            dist.put(&item.path, Bundle::new(signer.clone(), content).render().unwrap());
        }
        for asset in &manifest.assets {
            let text = dist.0[&asset.path].clone();
            dist.put(&format!("github/{}", asset.name), text);
        }
        dist
    }

    #[test]
    fn a_release_is_good_bad_or_cannot_be_judged() {
        let check =
            |signer: bundle::Signer, request: &Request, verdict: Verdict, codes: &[&str]| {
                let reply = verify(request.clone(), &release(&signer), &AnySignature).unwrap();
                let mut found: Vec<&str> =
                    reply.problems.0.iter().map(|one| one.code.name).collect();
                found.dedup();
                assert_eq!(found, codes, "{}", reply.answer.text);
                assert_eq!(reply.answer.good, verdict == Verdict::Yes);
                assert_eq!(reply.answer.unknown, verdict == Verdict::Unknown);
                let told = serde_json::to_value(&reply.answer).unwrap();
                assert_eq!(told.get("unknown").is_some(), verdict == Verdict::Unknown);
            };
        let by_key = || bundle::Signer::Key(key().hint());
        let certified = || {
            let certificate = bundle::Certificate { leaf: vec![0x30], chain: Vec::new() };
            bundle::Signer::Certificate(certificate)
        };
        let plain = Request::default();
        let keyed = Request { key: key().pem(), ..Request::default() };
        let other = Request { manifest: Digest::of(b"").to_string(), ..Request::default() };
        check(by_key(), &plain, Verdict::Yes, &[]);
        check(by_key(), &keyed, Verdict::Yes, &[]);
        check(by_key(), &other, Verdict::No, &["manifest-other"]);
        check(certified(), &plain, Verdict::Unknown, &["bundle-unsupported"]);
        check(certified(), &keyed, Verdict::Unknown, &["bundle-unsupported"]);
        check(certified(), &other, Verdict::No, &["bundle-unsupported", "manifest-other"]);
    }
}
