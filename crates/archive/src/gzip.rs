//! gzip (RFC 1952): one member written, all members read.

use std::io::{Read, Write};

use flate2::bufread::GzDecoder;
use flate2::{Compression, GzBuilder};
use model::Budget;
use model::limits::{MAX_UNPACK_RATIO, MAX_UNPACKED_BYTES, RATIO_CHECK_FROM_BYTES};

use crate::ArchiveError;

/// Compresses at level 6, without a name, a time (0) or an operating system (255).
#[must_use]
pub fn write(bytes: &[u8]) -> Vec<u8> {
    write_with(bytes, LEVEL)
}

/// The same at another level, 0 to 9.
#[must_use]
pub fn write_with(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut out = GzBuilder::new()
        .mtime(0)
        .operating_system(UNKNOWN_OS)
        .write(Vec::new(), Compression::new(level.min(9)));
    // Writing into memory does not fail.
    let _ = out.write_all(bytes);
    out.finish().unwrap_or_default()
}

/// Decompresses all members, one after the other.
///
/// # Errors
/// If a member is damaged or truncated, other bytes follow, or the output exceeds the limits of
/// [`model::limits`], which is never buffered beyond them.
pub fn read(bytes: &[u8]) -> Result<Vec<u8>, ArchiveError> {
    read_within(bytes, allowance(bytes.len() as u64))
}

/// The same for a stream inside of an artifact, from whose `budget` the output is taken, three
/// quarters of what is left at most: what is in one file costs no more than the file may.
///
/// # Errors
/// As [`read`], and [`ArchiveError::TooMuchWork`] when the output exceeds what is left.
pub fn read_nested(bytes: &[u8], budget: &Budget) -> Result<Vec<u8>, ArchiveError> {
    let own = allowance(bytes.len() as u64);
    // Room for reading it is left, and for the next one.
    let left = budget.left() / 4 * 3;
    match read_within(bytes, own.min(left)) {
        Ok(out) => {
            budget.spend(out.len() as u64)?;
            Ok(out)
        }
        Err(ArchiveError::Bomb { .. }) if left < own => {
            budget.spend(u64::MAX)?;
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

/// The most decompressed bytes of an archive of `packed` bytes.
#[must_use]
pub fn allowance(packed: u64) -> u64 {
    packed.saturating_mul(MAX_UNPACK_RATIO).clamp(RATIO_CHECK_FROM_BYTES, MAX_UNPACKED_BYTES)
}

fn read_within(bytes: &[u8], allowed: u64) -> Result<Vec<u8>, ArchiveError> {
    if !bytes.starts_with(&MAGIC) {
        return Err(ArchiveError::NotThis { format: "gzip" });
    }
    let packed = bytes.len() as u64;
    let mut rest = bytes;
    let mut out = Vec::new();
    while !rest.is_empty() {
        if !rest.starts_with(&MAGIC) {
            return Err(ArchiveError::TrailingBytes { count: rest.len() });
        }
        let mut member = GzDecoder::new(rest);
        let remaining = (allowed + 1).saturating_sub(out.len() as u64);
        member.by_ref().take(remaining).read_to_end(&mut out).map_err(|error| damage(&error))?;
        let size = out.len() as u64;
        if size > MAX_UNPACKED_BYTES {
            return Err(ArchiveError::TooLarge { member: STREAM.to_owned() });
        }
        if size > allowed {
            return Err(ArchiveError::Bomb { packed });
        }
        rest = member.into_inner();
    }
    Ok(out)
}

fn damage(error: &std::io::Error) -> ArchiveError {
    let member = STREAM.to_owned();
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => ArchiveError::Truncated { member },
        _ => ArchiveError::Corrupt { member, why: "is damaged" },
    }
}

const MAGIC: [u8; 2] = [0x1f, 0x8b];
const LEVEL: u32 = 6;
const UNKNOWN_OS: u8 = 255;
const STREAM: &str = "the compressed stream";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_unpacks_again_also_in_several_members() {
        for text in [&b""[..], b"a", &[7; 100_000]] {
            assert_eq!(read(&write(text)).unwrap(), text);
        }
        let two = [write(b"one "), write(b"two")].concat();
        assert_eq!(read(&two).unwrap(), b"one two");
    }

    #[test]
    fn the_header_says_nothing_about_this_machine() {
        assert_eq!(write(b"x")[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    }

    #[test]
    fn damaged_streams_are_refused() {
        let check = |bytes: &[u8], code: &str| {
            assert_eq!(read(bytes).map_err(|error| error.code().name), Err(code), "{bytes:?}");
        };
        let good = write(b"some text that is packed");
        check(b"", "archive-format");
        check(b"PK\x03\x04", "archive-format");
        check(&[&good[..], b"\0"].concat(), "archive-trailing-bytes");
        check(&[&good[..], b"more"].concat(), "archive-trailing-bytes");
        check(&[&good[..], &[0x1f, 0x8b]].concat(), "archive-truncated");
        for end in 2..good.len() {
            check(&good[..end], "archive-truncated");
        }
        let mut crc = good.clone();
        let place = crc.len() - 8;
        crc[place] ^= 1;
        check(&crc, "archive-corrupt");
    }

    #[test]
    fn no_damage_makes_the_reader_panic_or_grow() {
        let good = [write(&[5; 3_000]), write(b"some text")].concat();
        crate::mutation::each(&good, 1_000, |bytes| {
            if let Ok(unpacked) = read(bytes) {
                assert!(unpacked.len() <= bytes.len() * 1_100);
            }
        });
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        let members = write(&vec![0; 10_000]).repeat(3);
        let packed = members.len() as u64;
        assert_eq!(read_within(&members, 30_000).map(|bytes| bytes.len()), Ok(30_000));
        assert_eq!(read_within(&members, 29_999), Err(ArchiveError::Bomb { packed }));
        assert_eq!(read_within(&members, 10_000), Err(ArchiveError::Bomb { packed }));
    }

    #[test]
    fn streams_in_one_artifact_share_its_budget() {
        let zeros = write(&[0; 10_000]);
        let budget = Budget::limited(30_000);
        assert_eq!(read_nested(&zeros, &budget).map(|out| out.len()), Ok(10_000));
        assert_eq!(read_nested(&zeros, &budget).map(|out| out.len()), Ok(10_000));
        let refused = Err(ArchiveError::TooMuchWork { limit: 30_000 });
        assert_eq!(read_nested(&zeros, &budget), refused);
        assert_eq!(read_nested(&write(b"x"), &budget), refused, "nothing is left");
    }

    #[test]
    fn small_archives_may_unpack_to_64_mib_and_larger_ones_to_50_times_their_size() {
        assert_eq!(allowance(100), 64 << 20);
        assert_eq!(allowance(2 << 20), 100 << 20);
        assert_eq!(allowance(1 << 30), 4 << 30);
        assert_eq!(allowance(u64::MAX), 4 << 30);
    }
}
