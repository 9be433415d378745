//! Files of one version as a Python index serves them. An index states digests and signs nothing:
//! what ties its files to a publisher is a signed manifest that lists them.

use std::collections::BTreeMap;

use evidence::{Refusal, attestation};
use format::{Destination, Inspects};
use model::{Artifact, Diagnostic, Digest, Manifest};

use crate::codes;
use crate::report::Findings;
use crate::{Report, Signer};

/// A wheel or sdist that an index served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// Its file name.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// What its bytes hash to.
    pub digest: Digest,
    /// What the index says that they hash to.
    pub stated: Option<Digest>,
    /// What its format says of its content.
    pub problems: Vec<Diagnostic>,
    /// Its provenance object (PEP 740), as it was served.
    pub provenance: Option<String>,
}

/// What the files must be.
#[derive(Clone)]
pub struct Expected<'a> {
    /// The release's manifest.
    pub manifest: &'a Manifest,
    /// The names of the version's files among its artifacts.
    pub names: Vec<String>,
    /// By whom the manifest is signed, as far as that was checked; else why it is not.
    pub signer: Result<Signer, Refusal>,
    /// The formats that are known: those of an index count.
    pub formats: &'a [&'a dyn Inspects],
}

/// Verifies what an index served as `subject`.
#[must_use]
pub fn verify_distributions(
    subject: &str,
    served: &[Distribution],
    expected: Option<&Expected<'_>>,
) -> Report {
    let mut report = Report { artifacts: served.len(), ..Report::default() };
    subject.clone_into(&mut report.version);
    report.run("index", |found| {
        for file in served {
            found.look();
            if let Some(stated) = file.stated.filter(|stated| *stated != file.digest) {
                let message = format!("has digest {}; the index says {stated}", file.digest);
                found.wrong(&codes::INDEX_DIGEST, &file.name, message);
            }
        }
    });
    report.run("contents", |found| {
        for file in served {
            found.look();
            for problem in &file.problems {
                found.add(problem.clone(), &file.name);
            }
        }
    });
    report.run("attestations", |found| {
        served.iter().for_each(|file| attested(file, found));
    });
    let signer =
        expected.map(|expected| report.run("manifest", |found| listed(served, expected, found)));
    report.signer = signer.unwrap_or_default();
    report.notes = notes(served, expected.is_some());
    report
}

/// Attestations that the index serves speak of this very file.
fn attested(file: &Distribution, found: &mut Findings) {
    let Some(text) = &file.provenance else { return };
    found.look();
    let all = match attestation::read(text) {
        Ok(all) => all,
        Err(problem) => return found.add(problem, &file.name),
    };
    for one in all {
        if one.statement.subjects != [(file.name.clone(), file.digest)] {
            let message = format!("an attestation of it is not about {} of that name", file.digest);
            found.wrong(&codes::INDEX_ATTESTATION, &file.name, message);
        }
    }
}

/// Every file is one of the manifest's, and none of those is missing.
fn listed(served: &[Distribution], expected: &Expected<'_>, found: &mut Findings) -> Signer {
    let signer = match &expected.signer {
        Ok(signer) => signer.clone(),
        Err(refusal) => {
            found.refuse(refusal.clone(), Manifest::FILE);
            Signer::Unsigned
        }
    };
    let of_index = |one: &&Artifact| {
        <dyn Inspects>::of(expected.formats, one.format)
            .is_ok_and(|format| format.destination() == Destination::Index)
    };
    let files = expected.manifest.artifacts.iter().filter(of_index);
    let mut wanted: BTreeMap<&str, _> = files
        .map(|one| (one.file.path.rsplit('/').next().unwrap_or_default(), &one.file))
        .collect();
    for file in served {
        found.look();
        match wanted.remove(file.name.as_str()) {
            None => {
                let message = "is not listed by the release's manifest";
                found.wrong(&codes::INDEX_FOREIGN, &file.name, message);
            }
            Some(sealed) if (sealed.digest, sealed.size) != (file.digest, file.size) => {
                let message = format!("has digest {}, expected {}", file.digest, sealed.digest);
                found.wrong(&codes::INDEX_OTHER, &file.name, message);
            }
            Some(_) => {}
        }
    }
    for name in expected.names.iter().filter(|name| wanted.contains_key(name.as_str())) {
        found.wrong(&codes::INDEX_MISSING, name, "is part of the release, and the index lacks it");
    }
    signer
}

/// What is not proven.
fn notes(served: &[Distribution], tied: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if !tied {
        notes.push(
            "the index serves what it says; nothing here says who made it: add `--key` and \
             `--manifest`, the release's signed `release.json`"
                .to_owned(),
        );
    }
    let silent = served.iter().filter(|file| file.stated.is_none()).count();
    if silent > 0 {
        notes.push(format!("the index states no SHA-256 of {silent} of {} files", served.len()));
    }
    if served.iter().any(|file| file.provenance.is_some()) {
        notes.push(
            "attestations name these files; whose signatures they carry is not checked here: \
             `pypi-attestations verify` does"
                .to_owned(),
        );
    }
    notes
}

#[cfg(test)]
mod tests;
