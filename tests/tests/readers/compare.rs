//! Counts what others make of what our readers accept.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::difference::Difference;
use crate::explained::EXPLAINED;
use crate::others::Other;
use crate::reading::Reading;

/// A kind of input, and who reads it.
pub struct Kind {
    pub name: &'static str,
    /// What our reader makes of it.
    pub ours: fn(&[u8]) -> Reading,
    pub others: &'static [Other],
    /// What of a reading of ours this other reader can see.
    pub visible: fn(Other, Value) -> Value,
    /// Another reader's reading, spelled as ours is.
    pub spelled: fn(Other, Value) -> Value,
}

/// All readings that differ without an explanation make this fail; the counts are printed.
pub fn check(kind: &Kind, inputs: &[Vec<u8>]) {
    let ours: Vec<Reading> = inputs.iter().map(|input| (kind.ours)(input)).collect();
    let accepted: Vec<(&[u8], &Value)> = inputs
        .iter()
        .zip(&ours)
        .filter_map(|(input, read)| Some((input.as_slice(), read.as_ref().ok()?)))
        .collect();
    // A generator whose inputs are all refused, or all accepted, would show nothing.
    let enough = accepted.len() * 50 >= inputs.len() && accepted.len() < inputs.len();
    assert!(enough, "{}: {} of {} accepted", kind.name, accepted.len(), inputs.len());
    let mut failures = Vec::new();
    for other in kind.others {
        let bytes: Vec<&[u8]> = accepted.iter().map(|(input, _)| *input).collect();
        let Some(readings) = other.read(&bytes) else { continue };
        let mut counts = Counts { inputs: inputs.len(), ..Counts::default() };
        for ((input, ours), theirs) in accepted.iter().zip(readings) {
            let theirs = theirs.map(|read| (kind.spelled)(*other, read));
            let ours = (kind.visible)(*other, (*ours).clone());
            let difference =
                Difference { kind: kind.name, other: *other, input, ours: &ours, theirs: &theirs };
            counts.add(&difference);
        }
        println!("{}, {}: {}", kind.name, other.name(), counts.told());
        failures.extend(counts.otherwise);
    }
    let shown = failures.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(failures.is_empty(), "{} read otherwise by others:\n{shown}", failures.len());
}

/// Differences that a failure shows.
const SHOWN: usize = 6;

#[derive(Default)]
struct Counts {
    inputs: usize,
    accepted: usize,
    same: usize,
    explained: BTreeMap<&'static str, usize>,
    otherwise: Vec<String>,
}

impl Counts {
    fn add(&mut self, difference: &Difference<'_>) {
        self.accepted += 1;
        if difference.theirs.as_ref() == Ok(difference.ours) {
            self.same += 1;
            return;
        }
        match EXPLAINED.iter().find(|one| (one.applies)(difference)) {
            Some(one) => *self.explained.entry(one.name).or_default() += 1,
            None => self.otherwise.push(difference.told()),
        }
    }

    fn told(&self) -> String {
        let Self { inputs, accepted, same, .. } = self;
        let mut text =
            format!("{inputs} inputs, {accepted} accepted by ours, {same} read the same");
        for (name, count) in &self.explained {
            text.push_str(&format!(", {count} explained ({name})"));
        }
        text + &format!(", {} read otherwise", self.otherwise.len())
    }
}
