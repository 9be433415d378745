//! Who signs: the signer that a caller asks for, and what a manifest and a policy say of it.

use std::env;

use model::{Diagnostic, Location, Signing};
use signing::{Key, Signer};
use verify::Policy;

use crate::codes;
use crate::key_file;
use crate::options::{Failure, SignWith};

/// What the manifest says of a way to sign.
pub(crate) fn mode(with: &SignWith) -> Signing {
    match with {
        SignWith::None => Signing::NONE,
        SignWith::Local => Signing::LOCAL,
        SignWith::Key(_) | SignWith::Variable(_) => Signing::KEY,
    }
}

/// What signs; nothing when nothing does.
///
/// # Errors
/// When the key's file cannot be read or holds no key that can sign.
pub(crate) fn open(with: &SignWith) -> Result<Option<Box<dyn Signer>>, Failure> {
    let key = match with {
        SignWith::None => return Ok(None),
        SignWith::Local => Key::generate()?,
        SignWith::Key(file) => {
            let location = Location::file(file.display().to_string());
            let pem = key_file::text(file, "name the file of a private key");
            let key = pem.and_then(|pem| Key::from_pem(&pem));
            key.map_err(|problem| Failure::usage(problem.at(location)))?
        }
        SignWith::Variable(name) => {
            // Children get an allow-list of variables, so this one is not theirs.
            let pem = env::var(name).ok().filter(|pem| !pem.trim().is_empty());
            let pem = pem.ok_or_else(|| {
                let message = format!("the environment variable `{name}` is not set, or empty");
                let help = "set it to a private key in PEM form, from a secret";
                Failure::usage(Diagnostic::new(&codes::KEY_UNREADABLE, message).help(help))
            })?;
            Key::from_pem(&pem).map_err(Failure::usage)?
        }
    };
    Ok(Some(Box::new(key)))
}

/// Whom to trust with what was just signed: the caller's own signer, but nobody in particular for a
/// key that was made for the run.
pub(crate) fn policy(with: &SignWith, signer: Option<&dyn Signer>) -> Policy {
    match signer {
        Some(signer) if mode(with) != Signing::LOCAL => Policy::trust(signer.trusted()),
        _ => Policy::default(),
    }
}
