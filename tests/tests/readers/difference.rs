//! An input that another reader may read otherwise.

use serde_json::Value;

use crate::others::Other;
use crate::reading::Reading;

/// An input, and what two readers make of it.
pub struct Difference<'a> {
    pub kind: &'static str,
    pub other: Other,
    pub input: &'a [u8],
    pub ours: &'a Value,
    pub theirs: &'a Reading,
}

impl Difference<'_> {
    /// Up to the first place where they differ.
    pub fn told(&self) -> String {
        let ours = self.ours.to_string();
        let theirs = match self.theirs {
            Ok(read) => read.to_string(),
            Err(why) => format!("refused: {why}"),
        };
        let same = ours.bytes().zip(theirs.bytes()).take_while(|(a, b)| a == b).count();
        let from = |text: &str| {
            let start = text.floor_char_boundary(same.saturating_sub(LONGEST / 3));
            text[start..].chars().take(LONGEST).collect::<String>()
        };
        let spare: Vec<&[u8]> =
            self.input.split(|byte| *byte == 0).filter(|text| !text.is_empty()).collect();
        let input: String =
            spare.join(&0).escape_ascii().take(3 * LONGEST).map(char::from).collect();
        let name = self.other.name();
        let kind = self.kind;
        format!(
            "{kind} and {name}:\n  ours   {}\n  theirs {}\n  {input}",
            from(&ours),
            from(&theirs)
        )
    }
}

/// Characters of an input in a message.
const LONGEST: usize = 150;
