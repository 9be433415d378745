//! Signs a sealed release, or single files: adds files and changes none. Who signs is a
//! [`Signer`]'s matter.

use std::fs;
use std::path::{Path, PathBuf};

use model::{Diagnostic, Digest, EvidenceKind, Location, Manifest, Signing};
use signing::Signer;
use verify::Dist as _;

use crate::codes;
use crate::folder::{Folder, beside};
use crate::options::Failure;
use crate::seal;
use crate::sealed::Sealed;

/// Bytes of a statement at most; GitHub refuses larger predicates.
const MAX_STATEMENT_BYTES: u64 = 16 << 20;

/// Makes exactly the evidence that the manifest lists, over the digests that it lists: what lies in
/// `dist` by now gets no signature for lying there.
///
/// # Errors
/// When a file is not what was sealed, or cannot be read, signed or written.
pub(crate) fn release(dist: &Folder, sealed: &Sealed, signer: &dyn Signer) -> Result<(), Failure> {
    let manifest = &sealed.manifest;
    let digests = sealed.digests();
    for item in &manifest.evidence {
        let about = item.about.as_deref().unwrap_or_default();
        let as_sealed = |found: Digest| match digests.get(about) {
            Some(digest) if *digest == found => Ok(found),
            _ => Err(changed(about)),
        };
        let text = match item.kind {
            EvidenceKind::PublicKey => signer.key_file().ok_or_else(sealed_otherwise)?,
            EvidenceKind::Bundle => {
                signer.sign_file(&as_sealed(dist.measure(about)?.1)?)?.render()?
            }
            EvidenceKind::ImageSignature => {
                let statement = verify::image_statement(manifest, sealed.formats.inspects, about)?;
                signer.sign_statement(statement.as_bytes())?.render()?
            }
            EvidenceKind::StatementBundle => {
                let statement = dist.read(about, MAX_STATEMENT_BYTES)?;
                as_sealed(Digest::of(&statement))?;
                signer.sign_statement(&statement)?.render()?
            }
        };
        dist.write(&item.path, text.as_bytes(), false)?;
    }
    seal::link_downloads(dist, manifest, |path| seal::is_evidence(manifest, path))?;
    Ok(())
}

fn changed(path: &str) -> Failure {
    let problem = Diagnostic::new(&codes::SIGN_CHANGED, "is not what was sealed: it is not signed");
    let help = "take the release again from where it was sealed";
    Failure::no(problem.at(Location::file(path)).help(help))
}

fn sealed_otherwise() -> Failure {
    let problem =
        Diagnostic::new(&codes::SIGN_SEALED_OTHERWISE, "it was sealed for another signer")
            .at(Location::file(Manifest::FILE));
    Failure::usage(problem.help(
        "run `package-actions build`, then `seal` with the same `--sign` as here: the manifest \
         says how it is signed",
    ))
}

/// Signs the sealed release in `dist` again, in the way it was sealed for.
///
/// # Errors
/// When it was sealed for another way of signing, is not what was sealed, or cannot be written.
pub(crate) fn again(
    dist: &Folder,
    sealed: &Sealed,
    mode: Signing,
    signer: &dyn Signer,
) -> Result<Vec<PathBuf>, Failure> {
    let manifest = &sealed.manifest;
    if manifest.signing != mode {
        return Err(sealed_otherwise());
    }
    if manifest.evidence != verify::evidence_of(manifest, sealed.formats.inspects) {
        let message = "lists other signatures than such a release has";
        let problem = Diagnostic::new(&verify::codes::SIGNATURES_LISTED, message);
        return Err(Failure::no(problem.at(Location::file(Manifest::FILE))));
    }
    // Written anew below; a link that stays would keep the old bytes.
    for item in &manifest.evidence {
        for path in [dist.join(&item.path), dist.join(&download(&item.path))] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    let message = format!("cannot replace `{}`: {error}", path.display());
                    return Err(Diagnostic::new(&model::codes::FILE_FAILED, message).into());
                }
                _ => {}
            }
        }
    }
    release(dist, sealed, signer)?;
    Ok(manifest.evidence.iter().map(|item| dist.join(&item.path)).collect())
}

/// Signs one file: `FILE.sigstore.json` beside it, and the public key of a run's own key.
///
/// # Errors
/// When it cannot be read, or the bundle cannot be written.
pub(crate) fn file(
    path: &Path,
    mode: Signing,
    signer: &dyn Signer,
) -> Result<Vec<PathBuf>, Diagnostic> {
    let (folder, name) = beside(path);
    let (_, digest) = folder.measure(&name)?;
    let bundle = format!("{name}{}", Manifest::BUNDLE_SUFFIX);
    folder.write(&bundle, signer.sign_file(&digest)?.render()?.as_bytes(), false)?;
    let mut written = vec![folder.join(&bundle)];
    if mode == Signing::LOCAL
        && let Some(key) = signer.key_file()
    {
        folder.write(Manifest::KEY_FILE, key.as_bytes(), false)?;
        written.push(folder.join(Manifest::KEY_FILE));
    }
    Ok(written)
}

fn download(path: &str) -> String {
    format!("github/{}", path.rsplit('/').next().unwrap_or(path))
}
