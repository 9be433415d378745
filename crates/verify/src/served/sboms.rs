//! Bills of materials in a registry: whoever can write there can attach one, so those count that
//! the key's statement of how the image was built names by their digests.

use std::collections::BTreeSet;

use model::{Diagnostic, Digest};

use super::Served;
use super::stated::Stated;
use crate::codes;
use crate::report::Findings;

/// Each has an SBOM that the key names, and that speaks of it. Others are passed over, whatever
/// they say: anybody's scanner may attach its own. Where the key names none, as in statements of
/// others, that becomes a note.
pub(super) fn check(all: &[(&Served, Stated)], found: &mut Findings, notes: &mut Vec<String>) {
    let (mut others, mut nobodys) = (0, 0);
    for (one, stated) in all {
        let named = stated.sboms();
        let (own, other): (Vec<&String>, Vec<&String>) =
            one.sboms.iter().partition(|text| named.contains(&Digest::of(text.as_bytes())));
        if named.is_empty() && !other.is_empty() {
            nobodys += 1;
            continue;
        }
        found.look();
        if named.is_empty() {
            let message = format!("no SBOM refers to {}", one.digest);
            found.add(Diagnostic::new(&codes::IMAGE_SBOM, message), &one.name);
            continue;
        }
        match about(one, &own) {
            Ok(count) => others += one.sboms.len() - count,
            Err(problem) => found.add(problem, &one.name),
        }
    }
    if others > 0 {
        notes.push(format!("{others} other SBOMs refer to it: not by the given key, passed over"));
    }
    if nobodys > 0 {
        let unnamed = format!("of {nobodys} of these no statement by the given key names an SBOM");
        notes.push(format!("{unnamed}: what refers to it as one was not looked at"));
    }
}

/// How many of `own`, which the key names, speak of `one`: its statement may name those of a whole
/// release.
///
/// # Errors
/// `image-sbom` when none does.
fn about(one: &Served, own: &[&String]) -> Result<usize, Diagnostic> {
    let expected = one.content.unwrap_or(one.digest);
    let mut why = String::new();
    let mut count = 0;
    for text in own {
        match components::parse(text) {
            Ok(facts) if facts.digest == expected => count += 1,
            Ok(facts) => why = format!(": one describes {}", facts.digest),
            Err(problem) => why = format!(": {}", problem.message),
        }
    }
    if count > 0 {
        return Ok(count);
    }
    let message = format!("no SBOM that the given key names refers to {}{why}", one.digest);
    let help = "the registry lost it, or somebody replaced it: publish it again with `--recheck`";
    Err(Diagnostic::new(&codes::IMAGE_SBOM, message).help(help))
}

impl Stated {
    /// The digests of the SBOMs that the key names.
    fn sboms(&self) -> BTreeSet<Digest> {
        let named = self.ours.iter().filter_map(|statement| statement.byproducts().ok());
        named.flatten().map(|(_, digest)| digest).collect()
    }
}
