//! The one way in which anything is tried again: how often, after which waits, and what counts.

use std::time::{Duration, SystemTime};

use model::Diagnostic;
use reqwest::StatusCode;

/// The bounds of retrying one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all; 1 is no retry.
    pub attempts: u32,
    /// The wait before the second attempt; it doubles from there.
    pub first_wait: Duration,
    /// The longest single wait, also when a server asks for a longer one.
    pub longest_wait: Duration,
    /// The time in which at least one byte must move, or the attempt counts as failed.
    pub idle_timeout: Duration,
}

/// What one attempt came to, where it did not fail for good.
#[derive(Debug)]
pub enum Attempt<T, E = Diagnostic> {
    /// This is the outcome.
    Done(T),
    /// Another attempt may end better.
    Retry {
        /// The outcome, if this was the last attempt.
        outcome: Result<T, E>,
        /// The wait that the server asked for.
        after: Option<Duration>,
    },
}

impl<T, E> Attempt<T, E> {
    /// To be tried again; `outcome` is the outcome if this was the last attempt.
    pub fn retry(outcome: Result<T, E>) -> Self {
        Self::Retry { outcome, after: None }
    }
}

impl Default for RetryPolicy {
    /// Six attempts over about half a minute; a server that says when to come back is waited for
    /// up to a minute at a time.
    fn default() -> Self {
        Self {
            attempts: 6,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(60),
            idle_timeout: IDLE_TIMEOUT,
        }
    }
}

impl RetryPolicy {
    /// As many attempts, no wait between them.
    #[must_use]
    pub fn without_waits(attempts: u32) -> Self {
        Self {
            attempts,
            first_wait: Duration::ZERO,
            longest_wait: Duration::ZERO,
            idle_timeout: IDLE_TIMEOUT,
        }
    }

    /// The wait after failed attempt number `attempt` (from 1): what the server `asked` for, else
    /// twice the last one, less up to half of it by `chance` (0 to 255), so that many clients that
    /// failed together do not come back together.
    #[must_use]
    pub fn wait(&self, attempt: u32, asked: Option<Duration>, chance: u8) -> Duration {
        let share = f64::from(chance) / 255.0;
        if let Some(asked) = asked {
            // A server that says when means not before: chance only adds.
            return asked.saturating_add(self.first_wait.mul_f64(share)).min(self.longest_wait);
        }
        let doublings = attempt.saturating_sub(1).min(MAX_DOUBLINGS);
        let wait = self.first_wait.saturating_mul(1 << doublings).min(self.longest_wait);
        wait.mul_f64(1.0 - share / 2.0)
    }

    /// What follows attempt number `attempt` (from 1): the outcome, or the wait that the server
    /// asked for before the next attempt.
    pub(crate) fn next<T, E>(
        &self,
        attempt: u32,
        ended: Result<Attempt<T, E>, E>,
    ) -> Next<Result<T, E>> {
        match ended {
            Ok(Attempt::Retry { after, .. }) if attempt < self.attempts => Next::Again(after),
            Ok(Attempt::Retry { outcome, .. }) => Next::End(outcome),
            Ok(Attempt::Done(outcome)) => Next::End(Ok(outcome)),
            Err(error) => Next::End(Err(error)),
        }
    }
}

/// What follows an attempt.
pub(crate) enum Next<T> {
    /// The outcome.
    End(T),
    /// Another attempt, after the wait that the server asked for.
    Again(Option<Duration>),
}

/// Whether a status may pass by itself. 429 and 503 say that nothing was done, so they are waited
/// for even where a request must not be sent twice.
#[must_use]
pub fn is_transient(status: StatusCode, repeatable: bool) -> bool {
    match status.as_u16() {
        429 | 503 => true,
        408 | 500 | 502 | 504 => repeatable,
        _ => false,
    }
}

/// Registries take their time to hash a large blob before they answer.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// 2^16 times the first wait is above any sensible longest one.
const MAX_DOUBLINGS: u32 = 16;

/// The wait that a `Retry-After` header asks for (RFC 9110, 10.2.3): seconds, or a date. Nothing
/// for a text that is neither; zero for a date that has passed.
pub(crate) fn retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let then = httpdate::parse_http_date(text).ok()?;
    Some(then.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn waits_double_and_never_pass_the_longest() {
        let policy = RetryPolicy {
            attempts: 9,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(10),
            idle_timeout: IDLE_TIMEOUT,
        };
        let check = |attempt, asked: Option<u64>, chance, expected: u64| {
            let wait = policy.wait(attempt, asked.map(Duration::from_secs), chance);
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
    fn only_what_may_end_better_is_tried_again_and_not_for_ever() {
        let policy = RetryPolicy::without_waits(2);
        let check = |attempt, ended: Result<Attempt<u8, u8>, u8>, expected: Option<_>| {
            let outcome = match policy.next(attempt, ended) {
                Next::End(outcome) => Some(outcome),
                Next::Again(_) => None,
            };
            assert_eq!(outcome, expected, "attempt {attempt}");
        };
        check(1, Ok(Attempt::Done(1)), Some(Ok(1)));
        check(1, Err(1), Some(Err(1)));
        check(1, Ok(Attempt::retry(Err(1))), None);
        check(1, Ok(Attempt::retry(Ok(1))), None);
        check(2, Ok(Attempt::retry(Err(2))), Some(Err(2)));
        check(2, Ok(Attempt::retry(Ok(2))), Some(Ok(2)));
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
        // The two obsolete forms, which a recipient must accept (RFC 9110, 5.6.7).
        check("Sunday, 06-Nov-94 08:50:00 GMT", Some(23));
        check("Sun Nov  6 08:50:00 1994", Some(23));
        check("-1", None);
        check("soon", None);
        check("Sun, 06 Nov 1994 25:49:37 GMT", None);
        check("Sun, 06 Nov 99999999999999999999 08:49:37 GMT", None);
        check("Sun, 06", None);
        check("", None);
    }
}
