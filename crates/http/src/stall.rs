//! Whether a body still arrives at a useful rate: a byte now and then would hold a run for as long
//! as a server likes, without the connection ever being idle.

use std::time::Duration;

use tokio::time::Instant;

/// Bytes that must arrive within one idle time-out.
const MIN_BYTES: u64 = 4 << 10;

/// How a body has arrived so far.
#[derive(Debug)]
pub(crate) struct StallDetector {
    start: Instant,
    /// When the current window began, and what arrived in it.
    window_start: Duration,
    bytes: u64,
}

impl StallDetector {
    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), window_start: Duration::ZERO, bytes: 0 }
    }

    /// Counts `bytes` that have arrived. Whether the body has stalled: true at the end of a window
    /// of `idle_timeout` in which next to nothing arrived.
    pub(crate) fn is_stalled_after(&mut self, bytes: u64, idle_timeout: Duration) -> bool {
        self.is_stalled_at(bytes, idle_timeout, self.start.elapsed())
    }

    fn is_stalled_at(&mut self, bytes: u64, idle_timeout: Duration, now: Duration) -> bool {
        self.bytes += bytes;
        if now.saturating_sub(self.window_start) < idle_timeout {
            return false;
        }
        let stalled = self.bytes < MIN_BYTES;
        (self.window_start, self.bytes) = (now, 0);
        stalled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_drips_is_told_from_a_slow_one() {
        let check = |arrived: &[(u64, u64)], expected: Option<u64>| {
            let mut detector = StallDetector::new();
            let stalls = |(second, bytes): &&(u64, u64)| {
                let (now, idle_timeout) = (Duration::from_secs(*second), Duration::from_secs(60));
                detector.is_stalled_at(*bytes, idle_timeout, now)
            };
            let found = arrived.iter().find(stalls).map(|(second, _)| *second);
            assert_eq!(found, expected, "{arrived:?}");
        };
        let each_second = |bytes| (1..=300).map(|second| (second, bytes)).collect::<Vec<_>>();
        check(&each_second(1), Some(60));
        check(&each_second(60), Some(60));
        check(&each_second(70), None);
        check(&[(1, 100_000), (59, 1), (61, 1), (119, 1), (122, 1)], Some(122));
        check(&[(10, 1), (20, 1)], None);
    }
}
