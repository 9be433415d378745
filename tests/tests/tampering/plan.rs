//! Which changes are tried: for every file of the release, each kind of change.

use std::collections::BTreeSet;

use super::case::{Case, Change};
use super::memory::Folder;

/// Below this, each byte of a file is flipped.
const SMALL: usize = 4096;

/// So many seeded bytes of a larger file are flipped, and its first and last.
const POSITIONS: usize = 64;

/// Numbers that look like chance and are the same in every run (SplitMix64).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`, which must not be 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }
}

/// Every byte of small files and seeded bytes of large ones, each with seeded other bits.
pub fn flips(clean: &Folder, chance: &mut Chance) -> Vec<Case> {
    let mut cases = Vec::new();
    for path in clean.paths() {
        let length = clean.bytes(path).len();
        let positions: BTreeSet<usize> = if length < SMALL {
            (0..length).collect()
        } else {
            let chosen = (0..POSITIONS).map(|_| chance.below(length));
            chosen.chain([0, length - 1]).collect()
        };
        for at in positions {
            let bits = u8::try_from(1 + chance.below(255)).unwrap();
            cases.push(Case::new(path, Change::Flip { at, bits }));
        }
    }
    cases
}

/// Every other kind of change.
pub fn others(clean: &Folder, chance: &mut Chance) -> Vec<Case> {
    let mut cases = Vec::new();
    for path in clean.paths() {
        let length = clean.bytes(path).len();
        cases.push(Case::new(path, Change::Cut { length: length - 1 }));
        cases.push(Case::new(path, Change::Cut { length: 0 }));
        cases.push(Case::new(path, Change::Swap { with: sibling(clean, path, chance) }));
        for change in [Change::Remove, Change::Link, Change::Folder] {
            cases.push(Case::new(path, change));
        }
        // Beside the file, under a name that looks as if it belonged there.
        let beside = [".asc", ".bak", ".sigstore.json"].map(|end| format!("{path}{end}"));
        for place in beside.iter().filter(|place| !clean.paths().any(|path| path == *place)) {
            for change in [Change::AddFile, Change::AddFolder, Change::AddLink] {
                cases.push(Case::new(place, change));
            }
        }
    }
    cases
}

/// Another file with other bytes, of the same folder where there is one.
fn sibling(clean: &Folder, path: &str, chance: &mut Chance) -> String {
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(at, _)| at.to_owned());
    let differs = |other: &&String| clean.bytes(other) != clean.bytes(path);
    let mut others: Vec<&String> =
        clean.paths().filter(|other| folder(other) == folder(path)).filter(differs).collect();
    if others.is_empty() {
        others = clean.paths().filter(differs).collect();
    }
    others[chance.below(others.len())].clone()
}
