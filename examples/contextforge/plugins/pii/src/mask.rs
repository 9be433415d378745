//! Finds e-mail addresses and phone numbers in one pass over the text, without regular expressions.
//!
//! A phone number is `+` and 8 to 15 digits, or 10 to 15 digits in at least three groups; groups
//! are parted by spaces, hyphens or parentheses. Dates, IP addresses and plain numbers stay.

/// The most digits that a phone number has (ITU-T E.164).
const MAX_DIGITS: usize = 15;
/// The most bytes before and after an address's `@` (RFC 5321, 4.5.3.1); they also keep the work
/// linear, whatever the text.
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 255;

/// `text` with e-mail addresses as `[email]` and phone numbers as `[phone]`.
pub fn mask(text: &str, emails: bool, phones: bool) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let starts_here = !before.is_some_and(|c: char| c.is_alphanumeric() || c == '.');
        let found = if !starts_here {
            None
        } else if let Some(length) = email(rest).filter(|_| emails) {
            Some((length, "[email]"))
        } else if before == Some('-') {
            None
        } else {
            phone(rest).filter(|_| phones).map(|length| (length, "[phone]"))
        };
        let taken = found.map_or(first.len_utf8(), |(length, _)| length);
        let (head, tail) = rest.split_at(taken);
        masked.push_str(found.map_or(head, |(_, label)| label));
        before = head.chars().next_back();
        rest = tail;
    }
    masked
}

/// The length of the e-mail address that `text` starts with.
fn email(text: &str) -> Option<usize> {
    let local = run(text, MAX_LOCAL, |c| c.is_ascii_alphanumeric() || "._%+-".contains(c));
    let after = text.get(local..)?.strip_prefix('@')?;
    let domain = run(after, MAX_DOMAIN, |c| c.is_ascii_alphanumeric() || ".-".contains(c));
    let domain = after.get(..domain)?.trim_end_matches(['.', '-']);
    let (_, top) = domain.rsplit_once('.')?;
    let is_top = top.len() >= 2 && top.chars().all(|c| c.is_ascii_alphabetic());
    let is_domain = domain.split('.').all(|label| !label.is_empty());
    (local > 0 && is_top && is_domain).then_some(local + 1 + domain.len())
}

/// The length of the phone number that `text` starts with.
fn phone(text: &str) -> Option<usize> {
    let international = text.starts_with('+');
    let (mut digits, mut groups, mut end) = (0, 0, 0);
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '0'..='9' if digits > MAX_DIGITS => return None,
            '0'..='9' => {
                digits += 1;
                groups += usize::from(!previous.is_ascii_digit());
                end = at + 1;
            }
            '+' if at == 0 => {}
            '(' if previous != '(' => {}
            ' ' | '-' | ')' if previous.is_ascii_digit() || previous == ')' => {}
            _ => break,
        }
        previous = c;
    }
    let next = text.get(end..)?.chars().next();
    let goes_on = next.is_some_and(|c| c.is_alphanumeric() || c == ':' || c == '@');
    let is_phone = if international { digits >= 8 } else { digits >= 10 && groups >= 3 };
    (is_phone && digits <= MAX_DIGITS && !goes_on).then_some(end)
}

/// How many bytes at the start of `text`, at most `limit`, are ASCII that `accept` takes.
fn run(text: &str, limit: usize, accept: impl Fn(char) -> bool) -> usize {
    text.bytes().take(limit).take_while(|byte| accept(char::from(*byte))).count()
}

#[cfg(test)]
mod tests {
    use super::mask;

    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, true, true), expected, "masking {text:?}");
    }

    #[test]
    fn addresses_and_numbers_are_masked() {
        check("write to ada@example.org.", "write to [email].");
        check("<a.b+c@mail.example.co.uk>", "<[email]>");
        check("call +44 20 7946 0958 now", "call [phone] now");
        check("(555) 123-4567 or +15551234567", "[phone] or [phone]");
        check("Zoë: zoe@example.org", "Zoë: [email]");
    }

    #[test]
    fn what_only_looks_like_them_stays() {
        check("", "");
        check("user@localhost and a@b.", "user@localhost and a@b.");
        check("2026-11-22 10:30:00", "2026-11-22 10:30:00");
        check("192.168.100.100 and 1234567890123", "192.168.100.100 and 1234567890123");
        check("+1234567", "+1234567");
        check(&"1-".repeat(100_000), &"1-".repeat(100_000));
        check(&"a-".repeat(100_000), &"a-".repeat(100_000));
    }

    #[test]
    fn each_half_can_be_switched_off() {
        let text = "ada@example.org +44 20 7946 0958";
        assert_eq!(mask(text, true, false), "[email] +44 20 7946 0958");
        assert_eq!(mask(text, false, true), "ada@example.org [phone]");
    }
}
