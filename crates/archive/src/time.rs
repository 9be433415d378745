//! Seconds since 1970 as a date in UTC and back, without a clock and without time zones.
//!
//! The one place for civil dates: archives, documents and registries spell them, and the crates
//! `chrono` and `time` bring clocks and zones that no pure crate may reach.

/// A moment in UTC, in the proleptic Gregorian calendar, without leap seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Year, 1970 or later.
    pub year: u64,
    /// Month, from 1.
    pub month: u64,
    /// Day of the month, from 1.
    pub day: u64,
    /// Hour, from 0.
    pub hour: u64,
    /// Minute, from 0.
    pub minute: u64,
    /// Second, from 0.
    pub second: u64,
}

impl Moment {
    /// The moment `epoch` seconds after 1970-01-01T00:00:00Z. Later than the year 9999 counts as
    /// that year's last second: no format here can write it.
    #[must_use]
    pub fn at(epoch: u64) -> Self {
        let epoch = epoch.min(END_OF_9999);
        let (days, rest) = (epoch / 86_400, epoch % 86_400);
        // Years that start in March put the leap day last; an era is 400 years, 146,097 days.
        let shifted = days + DAYS_TO_1970;
        let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
        let leaps = day_of_era / 1_460;
        let year_of_era = (day_of_era + day_of_era / 36_524 - leaps - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        Self {
            year: era * 400 + year_of_era + u64::from(month <= 2),
            month,
            day: day_of_year - (153 * from_march + 2) / 5 + 1,
            hour: rest / 3_600,
            minute: rest % 3_600 / 60,
            second: rest % 60,
        }
    }

    /// As RFC 3339 writes it: `1980-01-01T00:00:00Z`.
    #[must_use]
    pub fn rfc3339(&self) -> String {
        let Self { year, month, day, hour, minute, second } = self;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// Seconds since 1970 of a time that RFC 3339 spells in UTC, such as `2026-01-31T12:30:00.123456Z`:
/// its fraction is cut off. Nothing for other spellings, and for years before 1970 or after 9999.
///
/// A day that its month does not have counts as one of the next month.
#[must_use]
pub fn epoch_of_rfc3339(text: &str) -> Option<u64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    // A number by itself may have a sign.
    let number = |text: &str| text.parse::<u64>().ok().filter(|_| digits(text));
    let mut date = date.splitn(3, '-').map(number);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (whole, fraction) = time.split_once('.').unwrap_or((time, "0"));
    if !digits(fraction) {
        return None;
    }
    let mut time = whole.splitn(3, ':').map(number);
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let sane = (1970..=9999).contains(&year) && (1..=12).contains(&month);
    if !sane || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Days are counted from March, so that leap days come last.
    let from_march = (month + 9) % 12;
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + of_year;
    let epoch = (days.checked_sub(DAYS_TO_1970)? * 24 + hour) * 3600 + minute * 60 + second;
    // Its leap second would be one of the year 10000.
    (epoch <= END_OF_9999).then_some(epoch)
}

/// Days from 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: u64 = 719_468;

/// 9999-12-31T23:59:59Z.
const END_OF_9999: u64 = 253_402_300_799;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_dates() {
        let check = |epoch: u64, expected: &str| {
            assert_eq!(Moment::at(epoch).rfc3339(), expected);
            assert_eq!(epoch_of_rfc3339(expected), Some(epoch.min(END_OF_9999)));
        };
        check(0, "1970-01-01T00:00:00Z");
        check(315_532_800, "1980-01-01T00:00:00Z");
        check(951_782_399, "2000-02-28T23:59:59Z");
        check(951_782_400, "2000-02-29T00:00:00Z");
        check(951_868_800, "2000-03-01T00:00:00Z");
        check(1_709_164_800, "2024-02-29T00:00:00Z");
        check(1_795_369_999, "2026-11-22T17:53:19Z");
        check(4_107_542_400, "2100-03-01T00:00:00Z");
        check(END_OF_9999, "9999-12-31T23:59:59Z");
        check(u64::MAX, "9999-12-31T23:59:59Z");
    }

    #[test]
    fn dates_are_read_as_seconds() {
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(epoch_of_rfc3339(text), expected, "{text}");
        };
        check("1970-01-01T00:00:00Z", Some(0));
        check("2000-02-29T12:30:15.999999Z", Some(951_827_415));
        check("2026-03-01T00:00:00.1Z", Some(1_772_323_200));
        check("2026-12-31T23:59:59Z", Some(1_798_761_599));
        check("2026-12-31T23:59:59", None);
        check("2026-12-31 23:59:59Z", None);
        check("2026-13-01T00:00:00Z", None);
        check("1969-12-31T23:59:59Z", None);
        check("99999999999999999999-01-01T00:00:00Z", None);
        check("2026-01-31T12:30:00.Z", None);
        check("2026-01-31T12:30:00.1\0Z", None);
        check("2026-01-31T12:30:00.1.2Z", None);
        check("+2026-01-31T12:30:00Z", None);
        check("2026-01-31T12:30:+1Z", None);
        check("9999-12-31T23:59:60Z", None);
        check("Z", None);
        check("", None);
    }
}
