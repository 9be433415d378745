//! An image or a chart as a registry serves it: a trusted signer must have signed it, said how
//! it was built, and each platform's part of it alike.

mod sboms;
mod stated;
mod tag;
mod version;

use evidence::{SignatureCheck, Verified};
use model::{Diagnostic, Digest};

use crate::codes;
use crate::report::Findings;
use crate::{Policy, Report, Signer};
use stated::Stated;

/// What was asked of a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The reference, with the digest that was found.
    pub reference: &'a str,
    /// The tag that it names, which is `latest` where it names nothing at all.
    pub tag: Option<&'a str>,
    /// Whether it named the digest itself: then no tag led there.
    pub pinned: bool,
}

/// An index or a manifest that a registry served, and the evidence that refers to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// What people call it: the reference by digest.
    pub name: String,
    /// What its bytes hash to.
    pub digest: Digest,
    /// What people use of it, where that is something else: a chart's archive.
    pub content: Option<Digest>,
    /// The version that it says it has, in its annotations or else its configuration's labels
    /// (image-spec, "Pre-Defined Annotation Keys").
    pub version: Option<String>,
    /// What is wrong inside it.
    pub problem: Option<Diagnostic>,
    /// Sigstore bundles.
    pub bundles: Vec<String>,
    /// SPDX documents.
    pub sboms: Vec<String>,
    /// How much more refers to it that is larger than evidence of a release is.
    pub unread: usize,
}

/// Verifies what was served for `asked`: an index first, then what it lists. Evidence of others
/// beside the trusted signer's is not a fault: anybody may refer to an image.
#[must_use]
pub fn verify_served(
    asked: &Asked<'_>,
    served: &[Served],
    policy: &Policy,
    signatures: &dyn SignatureCheck,
) -> Report {
    let mut report = Report { artifacts: served.len(), ..Report::default() };
    report.version = asked.reference.to_owned();
    let all: Vec<(&Served, Stated)> =
        served.iter().map(|one| (one, Stated::of(one, policy, signatures))).collect();
    report.run("signatures", |found| signed(&all, found));
    report.run("provenance", |found| {
        for (one, stated) in &all {
            found.look();
            if stated.built == 0 {
                let problem = stated.lacks(&codes::IMAGE_PROVENANCE, "says how was built", one);
                found.add(problem, &one.name);
            }
        }
    });
    let mut notes = Vec::new();
    report.run("sboms", |found| sboms::check(&all, found, &mut notes));
    report.run("contents", |found| {
        for one in served {
            found.look();
            if let Some(problem) = &one.problem {
                found.add(problem.clone(), &one.name);
            }
        }
        if let Some((_, stated)) = all.first() {
            version::check(asked, served, stated, found, &mut notes);
        }
    });
    let unread: usize = served.iter().map(|one| one.unread).sum();
    if unread > 0 {
        let large = "documents that refer to it are too large to be of a release";
        notes.push(format!("{unread} {large}: not read"));
    }
    report.notes = notes;
    // Something else may be wrong with what was signed.
    let signers: Option<Vec<&Verified>> = all.iter().map(|(_, stated)| stated.signer()).collect();
    let first = signers.as_ref().and_then(|signers| signers.first());
    report.signer = first.map_or(Signer::Unsigned, |first| Signer::Trusted((*first).clone()));
    report
}

/// Each is signed, and as what it is served as.
fn signed(all: &[(&Served, Stated)], found: &mut Findings) {
    for (one, stated) in all {
        found.look();
        match stated.images.as_slice() {
            [] => found.add(stated.lacks(&codes::IMAGE_SIGNATURE, "signs", one), &one.name),
            [(name, _), ..] if stated.images.iter().all(|(name, _)| is_other(name, &one.name)) => {
                let message = format!("was signed as `{name}`: it is another image");
                found.wrong(&codes::IMAGE_OTHER, &one.name, message);
            }
            _ => {}
        }
    }
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

#[cfg(test)]
mod tests;
