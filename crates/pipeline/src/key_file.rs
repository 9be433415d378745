//! Files with keys, as users name them: read within a bound, and what is trusted through one.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use evidence::TrustedSigner;
use model::{Diagnostic, Location};
use verify::Policy;

use crate::codes;
use crate::options::Failure;

/// Bytes of a file with a key at most.
const MAX_KEY_BYTES: u64 = 16 << 10;

/// Whom to trust: the owner of the public key in the file `key`, or nobody in particular.
///
/// # Errors
/// When the file cannot be read, or holds no public key.
pub fn policy(key: Option<&Path>) -> Result<Policy, Failure> {
    let Some(file) = key else { return Ok(Policy::default()) };
    let location = Location::file(file.display().to_string());
    let pem = text(file, "name the file of a public key (PEM)");
    let signer = pem.and_then(|pem| TrustedSigner::read_key(&pem));
    signer.map(Policy::trust).map_err(|problem| Failure::usage(problem.at(location)))
}

/// The text of the key's file, which `help` describes.
///
/// # Errors
/// `key-unreadable`.
pub(crate) fn text(file: &Path, help: &str) -> Result<String, Diagnostic> {
    bounded(file, MAX_KEY_BYTES).map_err(|why| {
        let message = format!("the key cannot be read: {why}");
        Diagnostic::new(&codes::KEY_UNREADABLE, message).help(help)
    })
}

/// The text of a regular file, or of what a link to one names: devices and pipes never end, and
/// what a file says of its length need not hold.
fn bounded(file: &Path, limit: u64) -> Result<String, String> {
    let about = fs::metadata(file).map_err(|error| error.to_string())?;
    if !about.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    let mut text = String::new();
    let opened = fs::File::open(file).map_err(|error| error.to_string())?;
    opened.take(limit + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 > limit {
        return Err(format!("it has more than {limit} bytes"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_within_its_bound_whatever_it_says_of_its_length() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let file = folder.join("Cargo.toml");
        let text = fs::read_to_string(&file).unwrap();
        let length = text.len() as u64;
        let more = |limit: u64| Err(format!("it has more than {limit} bytes"));
        let irregular = Err("it is not a regular file".to_owned());
        assert_eq!(bounded(&file, length), Ok(text));
        assert_eq!(bounded(&file, length - 1), more(length - 1));
        assert_eq!(bounded(folder, length), irregular);
        if cfg!(target_os = "linux") {
            assert_eq!(bounded(Path::new("/proc/self/status"), 4), more(4));
            assert_eq!(bounded(Path::new("/dev/zero"), 4), irregular);
        }
    }
}
