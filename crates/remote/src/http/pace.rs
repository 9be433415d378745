//! Whether a body comes on or drips: a byte now and then would hold a run for as long as a server
//! likes, without ever being silent.

use std::time::Duration;

use tokio::time::Instant;

/// Bytes that must come in the time in which silence is put up with.
const LEAST: u64 = 4 << 10;

/// How a body has come so far.
#[derive(Debug)]
pub(super) struct Pace {
    start: Instant,
    /// When the running stretch began, and what came in it.
    since: Duration,
    bytes: u64,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), since: Duration::ZERO, bytes: 0 }
    }

    /// Takes in that `bytes` came. Gives whether the body still comes on: false at the end of a
    /// stretch as long as `idle` that brought next to nothing.
    pub(super) fn holds(&mut self, bytes: u64, idle: Duration) -> bool {
        self.holds_at(bytes, idle, self.start.elapsed())
    }

    fn holds_at(&mut self, bytes: u64, idle: Duration, now: Duration) -> bool {
        self.bytes += bytes;
        if now.saturating_sub(self.since) < idle {
            return true;
        }
        let enough = self.bytes >= LEAST;
        (self.since, self.bytes) = (now, 0);
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drip_is_told_from_a_slow_body() {
        let check = |came: &[(u64, u64)], expected: Option<u64>| {
            let mut pace = Pace::new();
            let fails = |(second, bytes): &&(u64, u64)| {
                !pace.holds_at(*bytes, Duration::from_secs(60), Duration::from_secs(*second))
            };
            assert_eq!(came.iter().find(fails).map(|(second, _)| *second), expected, "{came:?}");
        };
        let each_second = |bytes| (1..=300).map(|second| (second, bytes)).collect::<Vec<_>>();
        check(&each_second(1), Some(60));
        check(&each_second(60), Some(60));
        check(&each_second(70), None);
        check(&[(1, 100_000), (59, 1), (61, 1), (119, 1), (122, 1)], Some(122));
        check(&[(10, 1), (20, 1)], None);
    }
}
