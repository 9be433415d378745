//! Signatures: each that must be there is, is by one signer, and is over the bytes beside it.

use std::collections::BTreeMap;

use evidence::bundle::{self, Bundle};
use evidence::{Refusal, SignatureCheck, TrustedSigner, Verified, Why, statement};
use format::{Form, Inspects};
use model::limits::MAX_JSON_BYTES;
use model::{Artifact, Diagnostic, Digest, Evidence, EvidenceKind, Location, Manifest};
use model::{Platform, Signing};

use super::files;
use crate::codes;
use crate::report::Findings;
use crate::{Dist, Policy, Signer};

/// Bytes of a bundle at most: a statement of 1,024 subjects in base64 is under a tenth of it.
const MAX_BUNDLE_BYTES: u64 = 8 << 20;

/// Bytes of a public key at most.
const MAX_KEY_BYTES: u64 = 16 << 10;

/// Gives who signed it; nothing unless all signatures hold.
pub(crate) fn check(
    dist: &dyn Dist,
    manifest: &Manifest,
    formats: &[&dyn Inspects],
    signatures: &dyn SignatureCheck,
    policy: &Policy,
    found: &mut Findings,
) -> Option<Signer> {
    let expected = evidence(manifest, formats);
    if manifest.evidence != expected {
        let message = "does not list the signatures that its artifacts and documents must have";
        found.wrong(&codes::SIGNATURES_LISTED, Manifest::FILE, message);
    }
    if !manifest.signing.is_signed() {
        if policy.names_signers() {
            let message = "says the release is not signed, expected signatures by the given key";
            found.wrong(&codes::SIGNATURES_NONE, Manifest::FILE, message);
        }
        return None;
    }
    let expected: Vec<&Evidence> =
        expected.iter().filter(|item| item.kind.is_signature()).collect();
    let trusted = trusted(dist, manifest, policy, found);
    if trusted.is_empty() {
        spelled(dist, &expected, found);
        return None;
    }
    let look = Look {
        dist,
        manifest,
        formats,
        sizes: files::sizes(manifest),
        trusted: &trusted,
        signatures,
    };
    let mut signer = None;
    let mut refused = Vec::new();
    for item in &expected {
        found.look();
        match look.verify(item) {
            Ok(verified) => signer = Some(verified),
            Err(refusal) => refused.push((refusal, *item)),
        }
    }
    report(manifest, expected.len(), refused, found);
    let signer = signer.filter(|_| found.is_good())?;
    Some(if policy.names_signers() { Signer::Trusted(signer) } else { Signer::Unknown })
}

/// Who a release says has signed it: the key beside it. Nobody where its signatures name their
/// signers themselves.
///
/// # Errors
/// When the key cannot be read.
pub fn named_signers(
    dist: &dyn Dist,
    manifest: &Manifest,
) -> Result<Vec<TrustedSigner>, Diagnostic> {
    let Some(material) = manifest.signing.material() else { return Ok(Vec::new()) };
    let pem = text(dist, &material.path, MAX_KEY_BYTES)?;
    TrustedSigner::parse_key(&pem).map(|signer| vec![signer])
}

/// Who signed the manifest in `bytes`, by its bundle.
///
/// # Errors
/// Why it is not signed by anybody whom `policy` trusts.
pub fn manifest_signer(
    bytes: &[u8],
    bundle: &[u8],
    policy: &Policy,
    signatures: &dyn SignatureCheck,
) -> Result<Signer, Refusal> {
    let bundle = bundle::parse(&String::from_utf8_lossy(bundle))?;
    let verified = bundle.verify_file(&Digest::of(bytes), &policy.trusted, signatures)?;
    Ok(Signer::Trusted(verified))
}

/// Whom the signatures are held against: the one that the release names, unless that is not one of
/// those whom the policy trusts.
fn trusted(
    dist: &dyn Dist,
    manifest: &Manifest,
    policy: &Policy,
    found: &mut Findings,
) -> Vec<TrustedSigner> {
    let Some(material) = manifest.signing.material() else { return policy.trusted.clone() };
    found.look();
    match named_signers(dist, manifest) {
        Ok(named)
            if policy.names_signers() && !named.iter().all(|one| policy.trusted.contains(one)) =>
        {
            let message = "is another key than the one that was given";
            found.wrong(&codes::SIGNATURES_KEY, &material.path, message);
            policy.trusted.clone()
        }
        Ok(named) => named,
        Err(problem) => {
            found.add(problem, &material.path);
            policy.trusted.clone()
        }
    }
}

/// Reports what was refused among `all` signatures.
fn report(
    manifest: &Manifest,
    all: usize,
    mut refused: Vec<(Refusal, &Evidence)>,
    found: &mut Findings,
) {
    let by_another = |(refusal, _): &&(Refusal, &Evidence)| refusal.why == Why::Signer;
    let by_others = refused.iter().filter(by_another).count();
    if by_others > 1 && by_others == all {
        // One wrong key, not as many wrong bundles.
        let message = format!("made none of the {by_others} signatures, which hint at another key");
        let path = manifest.signing.material().map_or(Manifest::FILE.to_owned(), |item| item.path);
        let problem = Diagnostic::new(&codes::SIGNATURES_KEY, message).at(Location::file(&path));
        found.add(problem.help("verify with the publisher's key"), &path);
        refused.retain(|one| !by_another(&one));
    }
    for (refusal, item) in refused {
        if refusal.why == Why::Subject && item.about.as_deref() == Some(Manifest::FILE) {
            // Nothing but its signature fixes the manifest's own bytes, so it is named as well.
            let message = format!("is not what `{}` was made over", item.path);
            found.wrong(&codes::MANIFEST_SIGNATURE, Manifest::FILE, message);
        }
        let diagnostic = named(refusal.diagnostic, item);
        found.refuse(Refusal { diagnostic, ..refusal }, &item.path);
    }
}

/// Without a key that reads, what is not a bundle at all is named all the same.
fn spelled(dist: &dyn Dist, expected: &[&Evidence], found: &mut Findings) {
    for item in expected {
        found.look();
        let read = text(dist, &item.path, MAX_BUNDLE_BYTES).and_then(|text| bundle::parse(&text));
        if let Err(problem) = read {
            found.add(named(problem, item), &item.path);
        }
    }
}

/// The problem with what was signed in it: either of the two may have been changed.
fn named(problem: Diagnostic, item: &Evidence) -> Diagnostic {
    let about = item.about.as_deref().unwrap_or_default();
    match problem.help {
        None => problem.help(format!("it, or `{about}`, is not what was signed")),
        Some(_) => problem,
    }
}

/// The signed evidence that a release must have, sorted by path: a bundle for each file that
/// people download, for the lists of digests and for the manifest; the statements in envelopes;
/// a signature of each image and of its image for each platform; and the public key.
#[must_use]
pub fn evidence(manifest: &Manifest, formats: &[&dyn Inspects]) -> Vec<Evidence> {
    let signing = manifest.signing;
    let mut list: Vec<Evidence> = Vec::new();
    let mut sign = |path: &str, kind| list.extend(signing.beside(path, kind));
    let formed: Vec<(&Artifact, Form)> = formed(manifest, formats).collect();
    for (artifact, form) in &formed {
        // What has bytes that people download as well as a manifest in a registry.
        if *form == Form::FileAndManifest {
            artifact.files.iter().for_each(|f| sign(&f.path, EvidenceKind::ImageSignature));
        }
        if !form.is_image() {
            sign(&artifact.file.path, EvidenceKind::Bundle);
        }
    }
    for document in &manifest.documents {
        match document.kind {
            model::DocumentKind::Checksums => sign(&document.file.path, EvidenceKind::Bundle),
            model::DocumentKind::Provenance => {
                sign(&document.file.path, EvidenceKind::StatementBundle);
            }
            model::DocumentKind::Sbom => {}
        }
    }
    sign(Manifest::FILE, EvidenceKind::Bundle);
    let images = formed.iter().filter(|(_, form)| form.is_image());
    list.extend(images.filter_map(|(image, _)| image_signature(signing, image)));
    list.extend(signing.material());
    list.sort();
    list
}

/// The artifacts of formats and kinds that are known, and how people take each.
fn formed<'m>(
    manifest: &'m Manifest,
    formats: &[&dyn Inspects],
) -> impl Iterator<Item = (&'m Artifact, Form)> {
    manifest.artifacts.iter().filter_map(|artifact| {
        let (_, kind) = <dyn Inspects>::of_artifact(formats, artifact).ok()?;
        Some((artifact, kind.form))
    })
}

/// Beside the image's layout, which holds nothing but the image.
fn image_signature(signing: Signing, image: &Artifact) -> Option<Evidence> {
    let part = image.platform.map_or("index", Platform::as_str);
    let beside = format!("{}/{}.{part}", image.format, image.package);
    let signature = signing.beside(&beside, EvidenceKind::ImageSignature)?;
    Some(Evidence { about: Some(image.file.path.clone()), ..signature })
}

/// The statement that signs the image at `path`, or the manifest there that a registry knows a
/// chart by.
///
/// # Errors
/// `signature-subject` when no image of the release lies there.
pub fn image_statement(
    manifest: &Manifest,
    formats: &[&dyn Inspects],
    path: &str,
) -> Result<String, Diagnostic> {
    let signed = formed(manifest, formats).filter_map(|(artifact, form)| {
        let file = match form {
            Form::File => None,
            Form::FileAndManifest => artifact.files.iter().find(|file| file.path == path),
            Form::Manifest | Form::Index => Some(&artifact.file).filter(|file| file.path == path),
        };
        Some((artifact, file?))
    });
    let Some((artifact, file)) = { signed }.next() else {
        let message = format!("`{path}` is not an image of this release");
        return Err(Diagnostic::new(&codes::SIGNATURE_SUBJECT, message));
    };
    statement::image_statement(&artifact.reference, &file.digest)
}

/// What a signature is looked at with.
struct Look<'a> {
    dist: &'a dyn Dist,
    manifest: &'a Manifest,
    formats: &'a [&'a dyn Inspects],
    sizes: BTreeMap<&'a str, u64>,
    trusted: &'a [TrustedSigner],
    signatures: &'a dyn SignatureCheck,
}

impl Look<'_> {
    fn verify(&self, item: &Evidence) -> Result<Verified, Refusal> {
        let bundle = bundle::parse(&text(self.dist, &item.path, MAX_BUNDLE_BYTES)?)?;
        let about = item.about.as_deref().unwrap_or_default();
        let verified = match item.kind {
            EvidenceKind::StatementBundle => self.statement(&bundle, about)?,
            EvidenceKind::ImageSignature => self.image(&bundle, about)?,
            EvidenceKind::Bundle | EvidenceKind::PublicKey => {
                bundle.verify_file(&self.digest(about)?, self.trusted, self.signatures)?
            }
        };
        // Nothing covers them yet, and no byte of a release may change unseen.
        if !(bundle.log_entries.is_empty() && bundle.timestamps.is_empty()) {
            let message = "holds log entries or timestamps, which are not judged yet";
            let problem = Diagnostic::new(&evidence::codes::BUNDLE_UNSUPPORTED, message);
            return Err(Refusal::new(Why::Unknown, problem));
        }
        Ok(verified)
    }

    fn statement(&self, bundle: &Bundle, about: &str) -> Result<Verified, Refusal> {
        let (statement, verified) = bundle.verify_statement(self.trusted, self.signatures)?;
        if self.dist.read(about, statement.len() as u64 + 1)? != statement {
            let message = format!("holds another statement than `{about}`");
            return Err(Diagnostic::new(&codes::SIGNATURE_STATEMENT, message).into());
        }
        Ok(verified)
    }

    fn image(&self, bundle: &Bundle, about: &str) -> Result<Verified, Refusal> {
        let expected = image_statement(self.manifest, self.formats, about)?;
        let (statement, verified) = bundle.verify_statement(self.trusted, self.signatures)?;
        if statement != expected.as_bytes() {
            let message = format!("does not state that `{about}` is signed");
            return Err(Diagnostic::new(&codes::SIGNATURE_STATEMENT, message).into());
        }
        Ok(verified)
    }

    /// Too large a file is named by the check of files, and too large to hash.
    fn digest(&self, about: &str) -> Result<Digest, Refusal> {
        let limit = self.sizes.get(about).copied().unwrap_or(MAX_JSON_BYTES);
        let size = self.dist.size(about)?;
        if size > limit {
            let message = format!("`{about}` has {size} bytes, expected at most {limit}");
            return Err(Refusal::new(
                Why::Subject,
                Diagnostic::new(&evidence::codes::BUNDLE_SUBJECT, message),
            ));
        }
        Ok(self.dist.measure(about)?.1)
    }
}

fn text(dist: &dyn Dist, path: &str, limit: u64) -> Result<String, Diagnostic> {
    let bytes = dist.read(path, limit)?;
    String::from_utf8(bytes).map_err(|_| Diagnostic::new(&codes::FILE_NOT_TEXT, "is not UTF-8"))
}
