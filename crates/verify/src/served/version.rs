//! A tag is the registry's word: what is found under one must say itself that it is meant.

use evidence::statement::Statement;
use model::{Diagnostic, Digest, Platform};

use super::stated::Stated;
use super::{Asked, Served, tag};
use crate::codes;
use crate::report::Findings;

/// Holds the version that the signed bytes of the root say against the tag that was asked for, and
/// whether the tag is on all of the image. What no promise of the tag's decides becomes a note.
pub(super) fn check(
    asked: &Asked<'_>,
    served: &[Served],
    stated: &Stated,
    found: &mut Findings,
    notes: &mut Vec<String>,
) {
    let (Some(tag), Some(root)) = (asked.tag, served.first()) else { return };
    // A chart has one version, inside of it, which is held against its tag there.
    if root.content.is_some() {
        return;
    }
    let named = asked.reference.split('@').next().unwrap_or_default();
    let versions = versions(served, stated);
    let promised = match versions.as_slice() {
        [] => {
            notes.push(format!("nothing that is signed says which version `{named}` is"));
            tag::holds(tag, "")
        }
        [version, ..] => {
            let held = versions.iter().filter_map(|version| tag::holds(tag, version)).max();
            match held {
                Some(true) => {}
                Some(false) => found.add(other(named, version), &root.name),
                None => notes.push(format!("`{named}` holds the version `{version}`")),
            }
            held
        }
    };
    if asked.pinned {
        return;
    }
    if let Some((platform, index)) = part(root, &stated.ours) {
        let alone = format!("`{named}` holds the image for {platform} alone");
        let whole = index.map_or("an index".to_owned(), |index| format!("the index {index}"));
        let message = format!("{alone}; {whole} was released under that name");
        match promised.is_some() || tag == LATEST {
            true => {
                found.add(Diagnostic::new(&codes::IMAGE_PART, message).help(BY_DIGEST), &root.name)
            }
            false => notes.push(message),
        }
    }
}

/// The tag that a reference without one means.
pub(super) const LATEST: &str = "latest";

const BY_DIGEST: &str =
    "somebody moved the tag: ask for the release by digest, and tell its publisher";

fn other(named: &str, version: &str) -> Diagnostic {
    let message = format!("`{named}` holds the version `{version}`");
    Diagnostic::new(&codes::IMAGE_OTHER, message).help(BY_DIGEST)
}

/// What is signed and says a version: the root's own bytes, else those of its platforms, else the
/// statement of how it was built.
fn versions<'a>(served: &'a [Served], stated: &'a Stated) -> Vec<&'a str> {
    if let Some(said) = served.iter().find_map(|one| one.version.as_deref()) {
        return vec![said];
    }
    let said = stated.ours.iter();
    let said = said.map(|one| one.predicate.build_definition.external_parameters.version.as_str());
    said.filter(|version| !version.is_empty()).collect()
}

/// The platform of what was released as a part of an image only, and that image's index, where the
/// same statement names it.
fn part(root: &Served, ours: &[Statement]) -> Option<(Platform, Option<Digest>)> {
    let mut part = None;
    for statement in ours {
        let subjects = statement.subjects().ok()?;
        for (name, _) in subjects.iter().filter(|(_, digest)| *digest == root.digest) {
            let (image, platform) = name.rsplit_once('#')?;
            let platform = platform.parse().ok()?;
            let index = subjects.iter().find(|(other, _)| other == image);
            part = part.or(Some((platform, index.map(|(_, digest)| *digest))));
        }
    }
    part
}
