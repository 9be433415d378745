//! What is shown of a stream: lines, without the secrets that the command was given.

use std::collections::VecDeque;

use super::secrets::Secrets;

/// The most that is kept of a stream, in bytes from its end.
pub(super) const MAX_TAIL: usize = 64 << 10;

/// What was shown of one stream so far.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The end of an unfinished line, which is the beginning of a secret.
    held: Vec<u8>,
    tail: VecDeque<u8>,
}

impl Shown {
    /// The text to show now that `piece` has come: a line, or a part of a very long one.
    pub(super) fn piece(&mut self, piece: &[u8], secrets: &Secrets) -> String {
        self.held.extend_from_slice(piece);
        let (shown, held) = secrets.hidden(&self.held, piece.ends_with(b"\n"));
        self.held = held.to_vec();
        self.keep(&shown)
    }

    /// The text that was held back, once the stream has ended.
    pub(super) fn rest(&mut self, secrets: &Secrets) -> String {
        let (shown, _) = secrets.hidden(&std::mem::take(&mut self.held), true);
        self.keep(&shown)
    }

    /// The end of what was shown.
    pub(super) fn tail(self) -> String {
        String::from_utf8_lossy(&Vec::from(self.tail)).into_owned()
    }

    fn keep(&mut self, shown: &[u8]) -> String {
        self.tail.extend(shown);
        let excess = self.tail.len().saturating_sub(MAX_TAIL);
        self.tail.drain(..excess);
        String::from_utf8_lossy(shown).trim_end_matches(['\n', '\r']).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_wherever_a_long_line_is_split() {
        let secrets = Secrets::of(&[("A", "geheim-ß"), ("B", "geheim")]);
        let line = "see geheim-ß and geheim\n".as_bytes();
        for at in 0..line.len() {
            for second in at..line.len() {
                let mut shown = Shown::default();
                let mut told = shown.piece(&line[..at], &secrets);
                told += &shown.piece(&line[at..second], &secrets);
                told += &shown.piece(&line[second..], &secrets);
                told += &shown.rest(&secrets);
                assert_eq!(told, "see *** and ***", "split at {at} and {second}");
                assert_eq!(shown.tail(), "see *** and ***\n");
            }
        }
    }

    #[test]
    fn a_secret_is_not_shown_by_the_end_that_is_kept() {
        let secrets = Secrets::of(&[("A", "0123456789")]);
        for more in 0..20 {
            let mut shown = Shown::default();
            shown.piece(b"0123456789\n", &secrets);
            let line = format!("{}\n", "x".repeat(MAX_TAIL - 12 + more));
            shown.piece(line.as_bytes(), &secrets);
            let tail = shown.tail();
            assert!(!tail.contains(|c: char| c.is_ascii_digit()), "{}", &tail[..20]);
        }
    }

    #[test]
    fn a_line_without_an_end_is_shown_when_its_stream_ends() {
        let secrets = Secrets::of(&[("A", "0123456789")]);
        let mut shown = Shown::default();
        assert_eq!(shown.piece(b"see 0123", &secrets), "see ");
        assert_eq!(shown.rest(&secrets), "0123");
    }
}
