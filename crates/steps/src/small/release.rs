//! A whole release, verified.

use evidence::{SignatureCheck, TrustedSigner};
use model::{Diagnostic, Diagnostics, Digest, Location, Manifest};
use serde::{Deserialize, Serialize};
use verify::{Answer as Verdict, Dist, Policy, Report};

use super::{Answer, Ended, Nothing, read, told};
use crate::Formats;
use crate::codes;

/// `{"key": PEM, "manifest": digest}`, both optional, gives `{"good", "text", "manifest",
/// "report"}` about the release in `dist`, and ends with *no* when it is not as it must be. Where
/// that cannot be known, it says `"unknown": true` as well and ends so.
#[must_use]
pub fn verify(request: &str, dist: &dyn Dist, signatures: &dyn SignatureCheck) -> Answer {
    match read::<Asked>(request).map_err(Diagnostics::from).and_then(|asked| asked.policy()) {
        Ok((policy, expected)) => {
            let report = verify::verify(dist, &Formats, signatures, &policy);
            told_of(&report, dist, expected)
        }
        Err(problems) => told(&Nothing {}, problems, Ended::Usage),
    }
}

fn told_of(report: &Report, dist: &dyn Dist, expected: Option<Digest>) -> Answer {
    let (mut verdict, mut problems) = (report.answer(), report.problems());
    let manifest = dist.measure(Manifest::FILE).ok().map(|(_, digest)| digest);
    if let (Some(found), Some(expected)) = (manifest, expected)
        && found != expected
    {
        let message = format!("has digest {found}, expected {expected}");
        let place = Location::file(Manifest::FILE);
        problems.push(Diagnostic::new(&codes::MANIFEST_OTHER, message).at(place));
        verdict = Verdict::No;
    }
    let ended = match verdict {
        Verdict::Yes => Ended::Done,
        Verdict::No => Ended::No,
        Verdict::Unknown => Ended::Unknown,
    };
    let (good, unknown) = (ended == Ended::Done, ended == Ended::Unknown);
    told(&Told { good, unknown, text: report.to_string(), manifest, report }, problems, ended)
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    key: String,
    manifest: String,
}

#[derive(Serialize)]
struct Told<'r> {
    good: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unknown: bool,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    manifest: Option<Digest>,
    report: &'r Report,
}

impl Asked {
    fn policy(&self) -> Result<(Policy, Option<Digest>), Diagnostics> {
        let policy = match self.key.as_str() {
            "" => Policy::default(),
            pem => Policy::trust(TrustedSigner::read_key(pem)?),
        };
        let wanted = (!self.manifest.is_empty()).then(|| self.manifest.parse());
        let wanted = wanted.transpose().map_err(|error: model::DigestError| {
            Diagnostics::from(Diagnostic::new(&codes::REQUEST_VALUE, error.to_string()))
        })?;
        Ok((policy, wanted))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use evidence::bundle::{self, Bundle, Content};
    use evidence::{PublicKey, Refusal, Verified};
    use model::{Document, DocumentKind, EvidenceKind, FileEntry, Release, Signing, Version};
    use verify::Entry;

    use super::*;

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
        for (path, text) in verify::provenance(&manifest).unwrap() {
            manifest.documents = add(&mut dist, DocumentKind::Provenance, &path, text);
        }
        for path in ["checksums.txt", "github/checksums.txt"] {
            let text = crate::checksums(&[]);
            manifest.documents = add(&mut dist, DocumentKind::Checksums, path, text);
        }
        crate::put_in_order(&mut manifest);
        manifest.evidence = verify::evidence_of(&manifest);
        manifest.assets = verify::assets_of(&manifest).unwrap();
        dist.put(Manifest::FILE, manifest.render().unwrap());
        for (path, text) in crate::documents(&manifest) {
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
        let check = |signer: bundle::Signer, request: &str, ended: Ended, codes: &[&str]| {
            let answer = verify(request, &release(&signer), &AnySignature);
            let told: serde_json::Value = serde_json::from_str(&answer.json).unwrap();
            let problems = told["problems"].as_array().unwrap().iter();
            let mut found: Vec<&str> =
                problems.map(|problem| problem["code"].as_str().unwrap()).collect();
            found.dedup();
            assert_eq!((answer.ended, found.as_slice()), (ended, codes), "{told}");
            assert_eq!(told["good"], ended == Ended::Done);
            let unknown = told.get("unknown").and_then(serde_json::Value::as_bool);
            assert_eq!(unknown, (ended == Ended::Unknown).then_some(true));
        };
        let by_key = || bundle::Signer::Key(key().hint());
        let certified = || {
            let certificate = bundle::Certificate { leaf: vec![0x30], chain: Vec::new() };
            bundle::Signer::Certificate(certificate)
        };
        let keyed = serde_json::json!({ "key": key().pem() }).to_string();
        let other = format!("{{\"manifest\":\"{}\"}}", Digest::of(b""));
        check(by_key(), "{}", Ended::Done, &[]);
        check(by_key(), &keyed, Ended::Done, &[]);
        check(by_key(), &other, Ended::No, &["manifest-other"]);
        check(certified(), "{}", Ended::Unknown, &["bundle-unsupported"]);
        check(certified(), &keyed, Ended::Unknown, &["bundle-unsupported"]);
        check(certified(), &other, Ended::No, &["bundle-unsupported", "manifest-other"]);
    }
}
