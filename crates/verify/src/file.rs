//! One file and its bundle, without a release around them.

use evidence::bundle::{self, Content};
use evidence::{PublicKey, SignatureCheck, statement};
use model::{Digest, Problem};

use crate::{Report, Signer};

/// Checks that `bundle` is `key`'s signature over the file called `name` whose digest is `digest`,
/// or `key`'s signed statement with that digest among its subjects. The bundle may come from
/// another program.
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
        match check(digest, bundle, key, signatures) {
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
    digest: &Digest,
    text: &str,
    key: &PublicKey,
    signatures: &dyn SignatureCheck,
) -> Result<(), Problem> {
    let bundle = bundle::read(text)?;
    if let Content::Message { .. } = bundle.content {
        return bundle.verify_file(digest, key, signatures);
    }
    let statement = String::from_utf8_lossy(bundle.verify_statement(key, signatures)?);
    let subjects = statement::parse(&statement)?.subjects()?;
    if subjects.iter().any(|(_, subject)| subject == digest) {
        return Ok(());
    }
    Err(Problem::error("bundle-subject", format!("no subject of the statement is {digest}")))
}
