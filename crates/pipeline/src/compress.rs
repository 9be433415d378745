//! The native compressor of image layers: libdeflate on all processors.
//!
//! It knows gzip and threads, nothing of images. Its output depends on its input and on
//! libdeflate's version alone, so that version belongs in a release's manifest.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use archive::LayerCompressor;
use libdeflater::{CompressionLvl, Compressor};
use model::ToolUse;

/// Compresses each MiB to a gzip member of its own, at level 6, several at a time. The members'
/// order is that of the input, so the number of threads leaves no trace.
#[derive(Debug, Default)]
pub(crate) struct Libdeflate {
    used: AtomicBool,
}

impl Libdeflate {
    /// Whether it compressed anything.
    pub(crate) fn was_used(&self) -> bool {
        self.used.load(Ordering::Relaxed)
    }

    /// The compressor as a release's manifest names it.
    #[must_use]
    pub(crate) fn tool() -> ToolUse {
        ToolUse { name: "libdeflate".to_owned(), version: VERSION.to_owned(), digest: None }
    }
}

impl LayerCompressor for Libdeflate {
    fn compress(&self, tar: &[u8]) -> Vec<u8> {
        self.used.store(true, Ordering::Relaxed);
        compress_on(tar, thread::available_parallelism().map_or(1, NonZero::get))
    }
}

/// Member `n` is made by thread `n % threads`.
fn compress_on(tar: &[u8], threads: usize) -> Vec<u8> {
    // An empty layer is one empty member.
    let chunks: Vec<&[u8]> = if tar.is_empty() { vec![tar] } else { tar.chunks(CHUNK).collect() };
    let threads = threads.clamp(1, chunks.len());
    let mut members: Vec<Vec<u8>> = vec![Vec::new(); chunks.len()];
    let mut shares: Vec<Vec<(&[u8], &mut Vec<u8>)>> = (0..threads).map(|_| Vec::new()).collect();
    for (index, work) in chunks.into_iter().zip(&mut members).enumerate() {
        if let Some(share) = shares.get_mut(index % threads) {
            share.push(work);
        }
    }
    thread::scope(|scope| {
        for share in shares {
            scope.spawn(move || {
                let mut compressor = Compressor::new(level());
                for (chunk, member) in share {
                    *member = gzip_member(&mut compressor, chunk);
                }
            });
        }
    });
    members.concat()
}

fn gzip_member(compressor: &mut Compressor, chunk: &[u8]) -> Vec<u8> {
    let mut member = vec![0; compressor.gzip_compress_bound(chunk.len())];
    // The bound is what libdeflate needs at most, so there is no second case.
    let length = compressor.gzip_compress(chunk, &mut member).unwrap_or_default();
    member.truncate(length);
    member
}

fn level() -> CompressionLvl {
    CompressionLvl::new(LEVEL).unwrap_or_default()
}

/// The version of libdeflate inside the `libdeflater` crate that `Cargo.lock` names; the golden
/// test below fails when it changes.
const VERSION: &str = "1.26";
/// Bytes of a member: compresses 0.2 % worse than one member, and bounds each thread's memory.
const CHUNK: usize = 1 << 20;
/// Within 1 % of the size of the highest levels, in a third of their time.
const LEVEL: i32 = 6;

#[cfg(test)]
mod tests {
    use super::*;

    fn text(length: usize) -> Vec<u8> {
        (0_u64..).flat_map(|n| (n * n % 1_009).to_le_bytes()).take(length).collect()
    }

    #[test]
    fn what_is_compressed_unpacks_again() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5] {
            let tar = text(length);
            assert_eq!(
                archive::gzip::read(&Libdeflate::default().compress(&tar)),
                Ok(tar),
                "{length}"
            );
        }
    }

    #[test]
    fn the_number_of_threads_leaves_no_trace() {
        let tar = text(5 * CHUNK + 7);
        let alone = compress_on(&tar, 1);
        for threads in [0, 2, 3, 64] {
            assert_eq!(compress_on(&tar, threads), alone, "{threads} threads");
        }
    }

    #[test]
    fn the_compressor_gives_the_bytes_that_it_always_gave() {
        let digest =
            model::Digest::of(&Libdeflate::default().compress(&text(CHUNK + 1_000))).to_string();
        assert_eq!(digest, GOLDEN, "libdeflate has changed: name its version above");
    }

    const GOLDEN: &str = "sha256:324d9312575e17629474a72df5aa32194389499b3edb4c59074c8d73ece8d1b6";
}
