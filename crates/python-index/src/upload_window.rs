//! How long an index takes files of a release, from the times that it states.

/// Days after which the public index takes no more files of a release.
pub(crate) const CLOSED_DAYS: u64 = 14;

/// Days from which there is a warning.
pub(crate) const LATE_DAYS: u64 = 10;

/// Seconds of a day.
pub(crate) const DAY: u64 = 86_400;

/// Seconds since 1970 of a time as PEP 700 spells it: `2026-01-31T12:30:00.123456Z`.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<u64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let whole = time.split('.').next().unwrap_or_default();
    let mut time = whole.splitn(3, ':').map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let sane = (1970..=9999).contains(&year) && (1..=12).contains(&month);
    if !sane || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Days of the civil calendar, counted from March so that leap days come last.
    let from_march = (month + 9) % 12;
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + of_year;
    Some((days.checked_sub(DAYS_TO_1970)? * 24 + hour) * 3600 + minute * 60 + second)
}

/// Days from 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: u64 = 719_468;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_seconds_since_1970() {
        let check =
            |text: &str, expected: Option<u64>| assert_eq!(seconds(text), expected, "{text}");
        check("1970-01-01T00:00:00Z", Some(0));
        check("2000-02-29T12:30:15.999999Z", Some(951_827_415));
        check("2026-03-01T00:00:00.1Z", Some(1_772_323_200));
        check("2026-12-31T23:59:59Z", Some(1_798_761_599));
        check("2026-12-31T23:59:59", None);
        check("2026-12-31 23:59:59Z", None);
        check("2026-13-01T00:00:00Z", None);
        check("1969-12-31T23:59:59Z", None);
        check("99999999999999999999-01-01T00:00:00Z", None);
        check("Z", None);
        check("", None);
    }
}
