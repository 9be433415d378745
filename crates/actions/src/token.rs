//! Words that nobody could have written into a text before.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// 32 random hex digits.
pub(crate) fn token() -> String {
    let mut bytes = [0_u8; 16];
    if getrandom::fill(&mut bytes).is_err() {
        // The system gives none now; what it gave this process at its start is left.
        let seeded = |_| RandomState::new().build_hasher().finish().to_le_bytes();
        bytes = [0, 1].map(seeded).concat().try_into().unwrap_or_default();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
