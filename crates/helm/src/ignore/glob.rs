//! Shell patterns as Go's `filepath.Match` reads them (on systems whose separator is `/`).
//!
//! `*` and `?` never match a `/`; `[a-z]` and `[^a-z]` are one character; `\` takes the next
//! character as it is. A pattern is read only as far as needed, as in Go.
//!
//! Another language than the configuration's names with `*` (crate `plan`), where `*` fits any
//! text; and glob crates differ from Go in brackets, escapes, and in when a bad pattern is an
//! error.

/// A malformed pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("syntax error in pattern")]
pub(super) struct BadPattern;

/// Whether `pattern` matches all of `name`.
///
/// # Errors
/// If the part of the pattern that was read is malformed.
pub(super) fn matches(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut pattern, mut name) = (pattern.as_slice(), name.as_slice());
    'pattern: while !pattern.is_empty() {
        let (star, chunk, rest) = scan_chunk(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Ok(!name.contains(&'/'));
        }
        if let Some(after) = match_chunk(chunk, name)? {
            // The last chunk must match all that is left.
            if after.is_empty() || !pattern.is_empty() {
                name = after;
                continue;
            }
        }
        if star {
            for start in 0..name.len() {
                if name.get(start) == Some(&'/') {
                    break;
                }
                let tail = name.get(start + 1..).unwrap_or_default();
                if let Some(after) = match_chunk(chunk, tail)? {
                    if pattern.is_empty() && !after.is_empty() {
                        continue;
                    }
                    name = after;
                    continue 'pattern;
                }
            }
        }
        return Ok(false);
    }
    Ok(name.is_empty())
}

/// The leading stars, the text up to the next star outside brackets, and the rest.
fn scan_chunk(pattern: &[char]) -> (bool, &[char], &[char]) {
    let stars = pattern.iter().take_while(|c| **c == '*').count();
    let pattern = pattern.get(stars..).unwrap_or_default();
    let mut in_range = false;
    let mut index = 0;
    while let Some(c) = pattern.get(index) {
        match c {
            '\\' => index += 1,
            '[' => in_range = true,
            ']' => in_range = false,
            '*' if !in_range => break,
            _ => {}
        }
        index += 1;
    }
    let (chunk, rest) = pattern.split_at(index.min(pattern.len()));
    (stars > 0, chunk, rest)
}

/// The rest of `name` after `chunk` matched its start; `None` if it does not match.
fn match_chunk<'n>(chunk: &[char], mut name: &'n [char]) -> Result<Option<&'n [char]>, BadPattern> {
    let mut chunk = chunk;
    // After a mismatch, the syntax of the rest of the chunk is still checked.
    let mut failed = false;
    while let Some((first, rest)) = chunk.split_first() {
        failed |= name.is_empty();
        match first {
            '[' => {
                let subject = if failed { None } else { take(&mut name) };
                let (met, after) = match_range(rest, subject)?;
                failed |= !met;
                chunk = after;
            }
            '?' => {
                failed |= !failed && take(&mut name) == Some('/');
                chunk = rest;
            }
            _ => {
                let (literal, after) = match first {
                    '\\' => rest.split_first().ok_or(BadPattern)?,
                    _ => (first, rest),
                };
                failed |= !failed && take(&mut name) != Some(*literal);
                chunk = after;
            }
        }
    }
    Ok((!failed).then_some(name))
}

fn take(name: &mut &[char]) -> Option<char> {
    let (first, rest) = name.split_first()?;
    *name = rest;
    Some(*first)
}

/// Reads a bracket expression after its `[`: whether it contains `subject`, and what follows it.
fn match_range(chunk: &[char], subject: Option<char>) -> Result<(bool, &[char]), BadPattern> {
    let (negated, mut chunk) = match chunk.split_first() {
        Some(('^', rest)) => (true, rest),
        _ => (false, chunk),
    };
    let mut met = false;
    let mut ranges = 0;
    loop {
        if let Some((']', rest)) = chunk.split_first()
            && ranges > 0
        {
            return Ok((met != negated, rest));
        }
        let low = range_end(&mut chunk)?;
        let mut high = low;
        if chunk.first() == Some(&'-') {
            chunk = chunk.get(1..).unwrap_or_default();
            high = range_end(&mut chunk)?;
        }
        met |= subject.is_some_and(|c| low <= c && c <= high);
        ranges += 1;
    }
}

fn range_end(chunk: &mut &[char]) -> Result<char, BadPattern> {
    let first = take(chunk).ok_or(BadPattern)?;
    let c = match first {
        '-' | ']' => return Err(BadPattern),
        '\\' => take(chunk).ok_or(BadPattern)?,
        c => c,
    };
    // A bracket expression that ends with the chunk was never closed.
    if chunk.is_empty() { Err(BadPattern) } else { Ok(c) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, name: &str, expected: Result<bool, BadPattern>) {
        assert_eq!(matches(pattern, name), expected, "{pattern:?} and {name:?}");
    }

    #[test]
    fn patterns_meet_what_go_meets() {
        for (pattern, name, met) in [
            ("abc", "abc", true),
            ("*", "abc", true),
            ("*c", "abc", true),
            ("a*", "a", true),
            ("a*", "ab/c", false),
            ("a*/b", "abc/b", true),
            ("a*/b", "a/c/b", false),
            ("a*b*c*d*e*/f", "axbxcxdxe/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false),
            ("a*b?c*x", "abxbbxdbxebxczzx", true),
            ("a*b?c*x", "abxbbxdbxebxczzy", false),
            ("ab[c]", "abc", true),
            ("ab[b-d]", "abc", true),
            ("ab[e-g]", "abc", false),
            ("ab[^c]", "abc", false),
            ("ab[^e-g]", "abc", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "ab", false),
            ("a?b", "a☺b", true),
            ("a[^a]b", "a☺b", true),
            ("a???b", "a☺b", false),
            ("[a-ζ]*", "α", true),
            ("*[a-ζ]", "A", false),
            ("a?b", "a/b", false),
            ("a*b", "a/b", false),
            ("[\\]a]", "]", true),
            ("[\\-x]", "-", true),
            ("[x\\-]", "z", false),
            ("*x", "xxx", true),
            ("", "", true),
            ("", "a", false),
            ("*", "a/b", false),
        ] {
            check(pattern, name, Ok(met));
        }
    }

    #[test]
    fn patterns_that_go_refuses_are_refused() {
        for pattern in ["[]a]", "[-]", "[x-]", "[-x]", "\\", "[a-b-c]", "[", "[^", "[^bc", "a["] {
            check(pattern, "a", Err(BadPattern));
        }
        check("a[", "ab", Err(BadPattern));
        check("a[", "x", Err(BadPattern));
        check("a*b[", "x", Ok(false));
    }
}
