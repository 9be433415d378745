//! How long a transient failure is put up with.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The bounds of retrying one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Attempts in all; 1 is no retry.
    pub attempts: u32,
    /// The wait before the second attempt; it doubles from there.
    pub first: Duration,
    /// The longest single wait, also when a server asks for a longer one.
    pub longest: Duration,
    /// In which at least one byte must move, or the attempt counts as failed.
    pub idle: Duration,
}

impl Default for Patience {
    /// Six attempts over about half a minute; a server that says when to come back is heard for a
    /// minute at a time.
    fn default() -> Self {
        Self {
            attempts: 6,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(60),
            idle: IDLE,
        }
    }
}

impl Patience {
    /// As many attempts, no wait between them.
    #[must_use]
    pub fn without_waits(attempts: u32) -> Self {
        Self { attempts, first: Duration::ZERO, longest: Duration::ZERO, idle: IDLE }
    }

    /// The wait after failed attempt number `attempt` (from 1): what the server `asked` for, else
    /// twice the last one, less up to half of it by `chance` (0 to 255), so that many clients that
    /// failed together do not come back together.
    #[must_use]
    pub fn wait(&self, attempt: u32, asked: Option<Duration>, chance: u8) -> Duration {
        let share = f64::from(chance) / 255.0;
        if let Some(asked) = asked {
            // A server that says when means not before: chance only adds.
            return asked.saturating_add(self.first.mul_f64(share)).min(self.longest);
        }
        let doublings = attempt.saturating_sub(1).min(MAX_DOUBLINGS);
        let wait = self.first.saturating_mul(1 << doublings).min(self.longest);
        wait.mul_f64(1.0 - share / 2.0)
    }
}

/// Registries take their time to hash a large blob before they answer.
const IDLE: Duration = Duration::from_secs(60);

/// 2^16 times the first wait is above any sensible longest one.
const MAX_DOUBLINGS: u32 = 16;

/// The wait that a `Retry-After` header asks for (RFC 9110, 10.2.3): seconds, or a date. Nothing
/// for a text that is neither; zero for a date that has passed.
pub(crate) fn retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let then = Duration::from_secs(http_date(text)?);
    Some(then.saturating_sub(now.duration_since(UNIX_EPOCH).unwrap_or_default()))
}

/// Seconds since 1970 of an IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT`: the one form that
/// senders may write.
fn http_date(text: &str) -> Option<u64> {
    let mut words = text.split_once(", ")?.1.split(' ');
    let day: u64 = words.next()?.parse().ok().filter(|day| (1..=31).contains(day))?;
    let name = words.next()?;
    let month = MONTHS.iter().position(|month| *month == name)?;
    let year: u64 = words.next()?.parse().ok().filter(|year| (1970..=9999).contains(year))?;
    let mut clock = words.next()?.split(':').map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if words.next()? != "GMT" || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let years: u64 = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    let months: u64 = DAYS.iter().take(month).sum();
    let leap_day = u64::from(is_leap(year) && month > 1);
    Some((((years + months + leap_day + day - 1) * 24 + hour) * 60 + minute) * 60 + second)
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_never_pass_the_longest() {
        let patience = Patience {
            attempts: 9,
            first: Duration::from_secs(1),
            longest: Duration::from_secs(10),
            idle: IDLE,
        };
        let check = |attempt, asked: Option<u64>, chance, expected: u64| {
            let wait = patience.wait(attempt, asked.map(Duration::from_secs), chance);
            assert_eq!(wait, Duration::from_millis(expected), "attempt {attempt}, {asked:?}");
        };
        check(1, None, 0, 1_000);
        check(1, None, 255, 500);
        check(3, None, 0, 4_000);
        check(5, None, 0, 10_000);
        check(u32::MAX, None, 255, 5_000);
        check(1, Some(3), 0, 3_000);
        check(1, Some(3), 255, 4_000);
        check(1, Some(u64::MAX), 255, 10_000);
    }

    #[test]
    fn a_server_says_when_in_seconds_or_by_date() {
        let now = UNIX_EPOCH + Duration::from_secs(784_111_777);
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(retry_after(text, now), expected.map(Duration::from_secs), "{text}");
        };
        check("120", Some(120));
        check(" 0 ", Some(0));
        check("Sun, 06 Nov 1994 08:49:37 GMT", Some(0));
        check("Sun, 06 Nov 1994 08:50:00 GMT", Some(23));
        check("Sat, 05 Nov 1994 08:50:00 GMT", Some(0));
        check("Thu, 29 Feb 1996 00:00:00 GMT", Some(825_552_000 - 784_111_777));
        check("-1", None);
        check("soon", None);
        check("Sun, 06 Nov 1994 25:49:37 GMT", None);
        check("Sun, 06 Nov 99999999999999999999 08:49:37 GMT", None);
        check("Sun, 06", None);
        check("", None);
    }
}
