//! What all layers together unpack to.

use std::collections::BTreeSet;

use model::Digest;

/// The layers so far.
///
/// All of them are held to the ratio of one archive, else a hundred small ones would each unpack to
/// the smallest limit of one. A blob that several images share counts once as packed, and each time
/// as unpacked.
#[derive(Debug, Default)]
pub(super) struct Layers {
    blobs: BTreeSet<Digest>,
    packed: u64,
    unpacked: u64,
}

impl Layers {
    /// Counts a layer that unpacks from `packed` to `unpacked` bytes; the most bytes allowed, where
    /// it takes the layers above them.
    pub(super) fn count(&mut self, blob: Digest, packed: u64, unpacked: u64) -> Result<(), u64> {
        if self.blobs.insert(blob) {
            self.packed = self.packed.saturating_add(packed);
        }
        self.unpacked = self.unpacked.saturating_add(unpacked);
        let allowed = archive::gzip::allowance(self.packed);
        if self.unpacked > allowed { Err(allowed) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_layers_share_the_ratio_of_one_archive() {
        let check = |layers: &[(&str, u64, u64)], fits: bool| {
            let mut counted = Layers::default();
            let count = |(blob, packed, unpacked): &(&str, u64, u64)| {
                counted.count(Digest::of(blob.as_bytes()), *packed, *unpacked).is_ok()
            };
            assert_eq!(layers.iter().all(count), fits, "{layers:?}");
        };
        const MIB: u64 = 1 << 20;
        check(&[("a", 1_000, 60 * MIB)], true);
        check(&[("a", 1_000, 60 * MIB), ("b", 1_000, 60 * MIB)], false);
        check(&[("a", 1_000, 60 * MIB), ("b", 10 * MIB, 60 * MIB)], true);
        check(&[("a", 1_000, 60 * MIB), ("a", 1_000, 60 * MIB)], false);
        // Two images with one base: once on the disk, twice in memory.
        check(&[("a", 30 * MIB, 100 * MIB), ("a", 30 * MIB, 100 * MIB)], true);
        check(&[("a", 2 * MIB, 60 * MIB), ("a", 2 * MIB, 60 * MIB)], false);
    }
}
