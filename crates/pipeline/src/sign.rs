//! Signs a sealed release, or single files: adds files and changes none.

use std::path::{Path, PathBuf};
use std::{env, fs};

use evidence::PublicKey;
use model::{Diagnostic, Digest, EvidenceKind, Location, Manifest, Signing};
use signing::{Key, P256};
use verify::{Dist as _, Report};

use crate::codes;
use crate::folder::Folder;
use crate::options::{Failure, SignWith};
use crate::seal;
use crate::sealed::Sealed;

/// Bytes of a statement at most; GitHub refuses larger predicates.
const MAX_STATEMENT_BYTES: u64 = 16 << 20;

/// What the manifest says of a way to sign.
pub(crate) fn mode(with: &SignWith) -> Signing {
    match with {
        SignWith::None => Signing::None,
        SignWith::Local => Signing::Local,
        SignWith::Key(_) | SignWith::Variable(_) => Signing::Key,
    }
}

/// The key that signs; nothing when nothing does.
///
/// # Errors
/// When the key's file cannot be read or holds no key that can sign.
pub(crate) fn key(with: &SignWith) -> Result<Option<Key>, Failure> {
    match with {
        SignWith::None => Ok(None),
        SignWith::Local => Ok(Some(Key::generate()?)),
        SignWith::Key(file) => {
            let place = Location::file(file.display().to_string());
            let pem = crate::bounded(file, crate::MAX_KEY_BYTES).map_err(|why| {
                let message = format!("the key cannot be read: {why}");
                Diagnostic::new(&codes::KEY_UNREADABLE, message)
                    .help("name the file of a private key")
            });
            let key = pem.and_then(|pem| Key::from_pem(&pem));
            key.map(Some).map_err(|problem| Failure::usage(problem.at(place)))
        }
        SignWith::Variable(name) => {
            // Children get an allow-list of variables, so this one is not theirs.
            let pem = env::var(name).ok().filter(|pem| !pem.trim().is_empty());
            let pem = pem.ok_or_else(|| {
                let message = format!("the environment variable `{name}` holds no key");
                let help = "set it to a private key (PEM), from a secret";
                Failure::usage(Diagnostic::new(&codes::KEY_UNREADABLE, message).help(help))
            })?;
            Key::from_pem(&pem).map(Some).map_err(Failure::usage)
        }
    }
}

/// Makes exactly the evidence that the manifest lists, over the digests that it lists: what lies in
/// `dist` by now gets no signature for lying there.
///
/// # Errors
/// When a file is not what was sealed, or cannot be read, signed or written.
pub(crate) fn release(dist: &Folder, sealed: &Sealed, key: &Key) -> Result<(), Failure> {
    let manifest = &sealed.manifest;
    let digests = sealed.digests();
    for item in &manifest.evidence {
        let about = item.about.as_deref().unwrap_or_default();
        let as_sealed = |found: Digest| match digests.get(about) {
            Some(digest) if *digest == found => Ok(found),
            _ => Err(changed(about)),
        };
        let text = match item.kind {
            EvidenceKind::PublicKey => key.public_pem(),
            EvidenceKind::Bundle => key.sign_blob(&as_sealed(dist.measure(about)?.1)?)?,
            EvidenceKind::ImageSignature => {
                key.sign_statement(verify::image_statement(manifest, about)?.as_bytes())?
            }
            EvidenceKind::StatementBundle => {
                let statement = dist.read(about, MAX_STATEMENT_BYTES)?;
                as_sealed(Digest::of(&statement))?;
                key.sign_statement(&statement)?
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

/// Signs the sealed release in `dist` again, in the way it was sealed for.
///
/// # Errors
/// When it was sealed for another way of signing, is not what was sealed, or cannot be written.
pub(crate) fn again(
    dist: &Folder,
    sealed: &Sealed,
    with: &SignWith,
    key: &Key,
) -> Result<Vec<PathBuf>, Failure> {
    let manifest = &sealed.manifest;
    if manifest.signing != mode(with) {
        let problem =
            Diagnostic::new(&codes::SIGN_SEALED_OTHERWISE, "it was sealed for another signer")
                .at(Location::file(Manifest::FILE))
                .help(
                    "run `package-actions build`, then `seal` with the same `--sign` as here: the \
                 manifest says how it is signed",
                );
        return Err(Failure::usage(problem));
    }
    if manifest.evidence != verify::evidence_of(manifest) {
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
    release(dist, sealed, key)?;
    Ok(manifest.evidence.iter().map(|item| dist.join(&item.path)).collect())
}

/// Signs one file: `FILE.sigstore.json` beside it, and the public key of a run's own key.
///
/// # Errors
/// When it cannot be read, or the bundle cannot be written.
pub(crate) fn file(path: &Path, with: &SignWith, key: &Key) -> Result<Vec<PathBuf>, Diagnostic> {
    let (folder, name) = beside(path);
    let (_, digest) = folder.measure(&name)?;
    let bundle = format!("{name}{}", Manifest::BUNDLE_SUFFIX);
    folder.write(&bundle, key.sign_blob(&digest)?.as_bytes(), false)?;
    let mut written = vec![folder.join(&bundle)];
    if *with == SignWith::Local {
        folder.write(Manifest::KEY_FILE, key.public_pem().as_bytes(), false)?;
        written.push(folder.join(Manifest::KEY_FILE));
    }
    Ok(written)
}

fn download(path: &str) -> String {
    format!("github/{}", path.rsplit('/').next().unwrap_or(path))
}

/// Checks one file against its bundle: `FILE.sigstore.json` unless `bundle` names another.
///
/// # Errors
/// When the file or the bundle cannot be read.
pub(crate) fn check_file(
    path: &Path,
    bundle: Option<&Path>,
    key: &PublicKey,
) -> Result<Report, Failure> {
    let (folder, name) = beside(path);
    let (_, digest) = folder.measure(&name)?;
    let bundle = bundle
        .map_or_else(|| folder.join(&format!("{name}{}", Manifest::BUNDLE_SUFFIX)), Path::to_owned);
    let (bundle_folder, bundle_name) = beside(&bundle);
    let text = bundle_folder.read(&bundle_name, MAX_STATEMENT_BYTES)?;
    let text = String::from_utf8_lossy(&text);
    Ok(verify::verify_file(&name, &digest, &text, key, &P256))
}

fn beside(path: &Path) -> (Folder, String) {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    (Folder::new(parent.unwrap_or(Path::new("."))), name)
}
