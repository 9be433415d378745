//! One file with its bundle beside it.

use std::path::Path;

use model::Manifest;
use signing::Verifier;
use verify::{Dist as _, Policy, Report};

use super::MAX_EVIDENCE;
use crate::folder::beside;
use crate::options::Failure;

/// Checks one file against its bundle: `FILE.sigstore.json` unless `bundle` names another.
///
/// # Errors
/// When the file or the bundle cannot be read.
pub(super) fn file(path: &Path, bundle: Option<&Path>, policy: &Policy) -> Result<Report, Failure> {
    let (folder, name) = beside(path);
    let (_, digest) = folder.measure(&name)?;
    let bundle = bundle
        .map_or_else(|| folder.join(&format!("{name}{}", Manifest::BUNDLE_SUFFIX)), Path::to_owned);
    let (bundle_folder, bundle_name) = beside(&bundle);
    let text = bundle_folder.read(&bundle_name, MAX_EVIDENCE)?;
    let text = String::from_utf8_lossy(&text);
    Ok(verify::verify_file(&name, &digest, &text, policy, &Verifier))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use evidence::bundle::{self, Content};
    use signing::{Key, Signer as _};
    use verify::Answer;

    use super::super::scratch::Scratch;
    use super::*;

    #[test]
    fn a_bundle_with_a_certificate_cannot_be_judged_yet() {
        let bundles = Path::new(env!("CARGO_MANIFEST_DIR")).join("../evidence/tests/bundles");
        let policy = Policy::trust(Key::generate().unwrap().trusted());
        let folder = Scratch::new().unwrap();
        let check = |subject: &[u8], bundle: &str, expected: (Answer, &str)| {
            let subject_file = folder.path().join("subject");
            fs::write(&subject_file, subject).unwrap();
            let report = file(&subject_file, Some(&bundles.join(bundle)), &policy).unwrap();
            let problems = report.problems().0;
            let codes: Vec<&str> = problems.iter().map(|one| one.code.name).collect();
            assert_eq!((report.answer(), codes.as_slice()), (expected.0, &[expected.1][..]));
            Failure::of_report(&report).unwrap().kind as u8
        };
        for entry in fs::read_dir(&bundles).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name == "README.md" {
                continue;
            }
            let text = fs::read_to_string(bundles.join(&name)).unwrap();
            let Content::Envelope { payload, .. } = bundle::read(&text).unwrap().content else {
                panic!("{name} holds no statement");
            };
            let unknown = check(&payload, &name, (Answer::Unknown, "bundle-unsupported"));
            let no = check(b"another", &name, (Answer::No, "bundle-subject"));
            assert_eq!((unknown, no), (3, 1), "{name}");
        }
    }
}
