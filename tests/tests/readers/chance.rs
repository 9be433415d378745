//! Numbers that look random, the same on every run and every machine, and damage made with them.

/// xorshift64 (Marsaglia 2003).
#[derive(Clone, Copy)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        let mut chance = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        // The first numbers of neighbouring seeds are alike.
        for _ in 0..8 {
            chance.next();
        }
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `end`; 0 for an `end` of 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from((self.next() >> 8) % end.max(1) as u64).unwrap()
    }

    /// True once in `times`.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[3]
    }

    pub fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
}

/// Changes a few bytes somewhere: cut off, added, removed, repeated, or overwritten.
pub fn damage(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let at = chance.below(bytes.len());
    match chance.below(8) {
        0 => bytes.truncate(at),
        1 => bytes.insert(at, chance.byte()),
        2 if at < bytes.len() => drop(bytes.remove(at)),
        3 => {
            let end = (at + 1 + chance.below(40)).min(bytes.len());
            let piece = bytes[at.min(end)..end].to_vec();
            let to = chance.below(bytes.len());
            bytes.splice(to..to, piece);
        }
        4 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
        _ => {
            let value = [0, 0xFF, b' ', chance.byte()][chance.below(4)];
            let end = (at + 1 + chance.below(8)).min(bytes.len());
            bytes[at.min(end)..end].fill(value);
        }
    }
}

/// Puts `value` at `at`, as far as there are bytes to overwrite.
pub fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    let end = (at + value.len()).min(bytes.len());
    if let Some(place) = bytes.get_mut(at..end) {
        place.copy_from_slice(&value[..place.len()]);
    }
}
