//! An image or a chart as a registry serves it: whoever holds the key must have signed it, said how
//! it was built, and each platform's part of it alike.

use evidence::{PublicKey, SignatureCheck, bundle, statement};
use model::{Digest, Problem};

use crate::report::Findings;
use crate::{Report, Signer};

/// An index or a manifest that a registry served, and the evidence that refers to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// What people call it: the reference by digest.
    pub name: String,
    /// What its bytes hash to.
    pub digest: Digest,
    /// What people use of it, where that is something else: a chart's archive.
    pub content: Option<Digest>,
    /// What is wrong inside it.
    pub problem: Option<Problem>,
    /// Sigstore bundles.
    pub bundles: Vec<String>,
    /// SPDX documents.
    pub sboms: Vec<String>,
}

/// Verifies what was served under `reference`: an index first, then what it lists. Evidence of
/// others beside the key's own is no fault: anybody may refer to an image.
#[must_use]
pub fn verify_served(
    reference: &str,
    served: &[Served],
    key: &PublicKey,
    signatures: &dyn SignatureCheck,
) -> Report {
    let mut report = Report { artifacts: served.len(), ..Report::default() };
    report.version = reference.to_owned();
    let states = |predicate_type| {
        move |one: &Served| {
            let mut why = None;
            for bundle in &one.bundles {
                match check(bundle, one, predicate_type, key, signatures) {
                    Ok(Some(name)) => return Ok(name),
                    Ok(None) => {}
                    Err(problem) => why = Some(problem),
                }
            }
            Err(why)
        }
    };
    let missing = |code: &str, what: &str, one: &Served, why: Option<Problem>| {
        let why = why.map_or_else(String::new, |why| format!(": {}", why.message));
        Problem::error(code, format!("nothing by the given key {what} {}{why}", one.digest))
    };
    report.run("signatures", |found| {
        for one in served {
            found.look();
            match states(statement::IMAGE_PREDICATE_TYPE)(one) {
                Err(why) => found.add(missing("image-signature", "signs", one, why), &one.name),
                Ok(signed) if is_other(&signed, &one.name) => {
                    let message = format!("was signed as `{signed}`: it is another image");
                    found.wrong("image-other", &one.name, message);
                }
                Ok(_) => {}
            }
        }
    });
    report.run("provenance", |found| {
        for one in served {
            found.look();
            if let Err(why) = states(statement::PREDICATE_TYPE)(one) {
                found.add(missing("image-provenance", "says how was built", one, why), &one.name);
            }
        }
    });
    report.run("sboms", |found| sboms(served, found));
    report.run("contents", |found| {
        for one in served {
            found.look();
            if let Some(problem) = &one.problem {
                found.add(problem.clone(), &one.name);
            }
        }
    });
    report.signer = if report.is_good() { Signer::Key } else { Signer::Unsigned };
    report
}

/// Whether what was signed under one name is served under that of another image. Copies keep the
/// last part of their names; what a statement does not name says nothing.
fn is_other(signed: &str, served: &str) -> bool {
    let last = |name: &str| {
        let name = name.split('@').next().unwrap_or_default();
        let last = name.rsplit('/').next().unwrap_or_default();
        last.split(':').next().unwrap_or_default().to_owned()
    };
    !signed.is_empty() && last(signed) != last(served)
}

/// What the key's statement of that type in `text` calls what was served: nothing when it is about
/// something else. How a chart was built is said of its archive as well.
///
/// # Errors
/// When it is no bundle, or not by the key.
fn check(
    text: &str,
    served: &Served,
    predicate_type: &str,
    key: &PublicKey,
    signatures: &dyn SignatureCheck,
) -> Result<Option<String>, Problem> {
    let bundle = bundle::read(text)?;
    if let bundle::Content::Message { .. } = bundle.content {
        return Ok(None);
    }
    let payload = bundle.verify_statement(key, signatures)?;
    let statement = statement::read(&String::from_utf8_lossy(payload))?;
    let about = |digest: &Digest| statement.subjects.iter().find(|(_, one)| one == digest);
    let built = predicate_type == statement::PREDICATE_TYPE;
    let content = served.content.as_ref().filter(|_| built);
    let named = about(&served.digest).filter(|_| content.is_none_or(|it| about(it).is_some()));
    let named = named.filter(|_| statement.predicate_type == predicate_type);
    Ok(named.map(|(name, _)| name.clone()))
}

/// Each has a bill of materials that speaks of it, and none speaks of something else. No signature
/// covers them in a registry; the release's `checksums.txt` does.
fn sboms(served: &[Served], found: &mut Findings) {
    for one in served {
        if one.sboms.is_empty() {
            let message = format!("no SBOM refers to {}", one.digest);
            found.add(Problem::error("image-sbom", message), &one.name);
        }
        let expected = one.content.unwrap_or(one.digest);
        for text in &one.sboms {
            found.look();
            match sbom::parse(text) {
                Ok(facts) if facts.digest == expected => {}
                Ok(facts) => {
                    let message = format!("describes {}, expected {expected}", facts.digest);
                    found.add(Problem::error("sbom-subject", message), &one.name);
                }
                Err(problem) => found.add(problem, &one.name),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_keeps_its_name_and_another_image_has_another() {
        let check = |signed: &str, served: &str, expected: bool| {
            assert_eq!(is_other(signed, served), expected, "{signed} as {served}");
        };
        check("ghcr.io/o/app", "ghcr.io/o/app@sha256:1", false);
        check("ghcr.io/o/app", "127.0.0.1:5000/mirror/o/app@sha256:1", false);
        check("ghcr.io/o/app:1.0@sha256:1", "ghcr.io/o/app@sha256:1", false);
        check("ghcr.io/o/app", "ghcr.io/o/other@sha256:1", true);
        check("", "ghcr.io/o/app@sha256:1", false);
    }
}
