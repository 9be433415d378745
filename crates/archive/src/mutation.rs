//! Seeded mutations of bytes, for tests: the same on every run and every machine.

/// Passes `count` damaged copies of `good` to `judge`.
pub(crate) fn each(good: &[u8], count: usize, mut judge: impl FnMut(&[u8])) {
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for _ in 0..count {
        let mut bytes = good.to_vec();
        for _ in 0..=chance.below(3) {
            damage(&mut bytes, &mut chance);
        }
        judge(&bytes);
    }
}

fn damage(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let at = chance.below(bytes.len());
    match chance.below(6) {
        0 => bytes.truncate(at),
        1 => bytes.insert(at.min(bytes.len()), chance.byte()),
        2 if at < bytes.len() => drop(bytes.remove(at)),
        3 => {
            let end = (at + 1 + chance.below(40)).min(bytes.len());
            let piece = bytes.get(at..end).unwrap_or_default().to_vec();
            let to = chance.below(bytes.len());
            bytes.splice(to..to, piece);
        }
        _ => {
            let value = [0, 0xFF, 0x7F, chance.byte()][chance.below(4)];
            let end = (at + 1 + chance.below(8)).min(bytes.len());
            bytes.get_mut(at..end).unwrap_or_default().fill(value);
        }
    }
}

/// xorshift64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[3]
    }
}
