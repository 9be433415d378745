//! Semantic Versioning 2.0.0, section "Backus-Naur Form Grammar".
//!
//! Only whether a text is valid, and which of two comes first. The crate `semver` answers that for
//! all but one case: it takes pre-release numbers beyond 64 bits, which other readers order
//! differently, so a check of our own would stay beside it, and its identifiers would come into
//! every WASM module.

use std::cmp::Ordering;

/// Whether `text` is a SemVer version.
pub(super) fn is_valid(text: &str) -> bool {
    let (rest, build) = match text.split_once('+') {
        Some((rest, build)) => (rest, Some(build)),
        None => (text, None),
    };
    let (core, pre) = match rest.split_once('-') {
        Some((core, pre)) => (core, Some(pre)),
        None => (rest, None),
    };
    let numbers: Vec<&str> = core.split('.').collect();
    numbers.len() == 3
        && numbers.iter().all(|number| is_number(number))
        && pre.is_none_or(|pre| pre.split('.').all(is_prerelease_part))
        && build.is_none_or(|build| build.split('.').all(is_part))
}

/// Whether a valid version has a pre-release part.
pub(super) fn has_prerelease(text: &str) -> bool {
    text.split('+').next().is_some_and(|rest| rest.contains('-'))
}

/// The three numbers of a valid version.
pub(super) fn numbers(text: &str) -> [u64; 3] {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let mut numbers = core.split('.').map(|number| number.parse().unwrap_or(0));
    [(); 3].map(|()| numbers.next().unwrap_or(0))
}

/// Which of two valid versions comes first ("Precedence"); build metadata does not count.
pub(super) fn precedence(a: &str, b: &str) -> Ordering {
    numbers(a).cmp(&numbers(b)).then_with(|| match (prerelease(a), prerelease(b)) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => parts(a).cmp(&parts(b)),
    })
}

fn prerelease(text: &str) -> Option<&str> {
    text.split('+').next().unwrap_or_default().split_once('-').map(|(_, pre)| pre)
}

/// Numbers come before words.
fn parts(pre: &str) -> Vec<(bool, u64, &str)> {
    let part = |part| match str::parse::<u64>(part) {
        Ok(number) if is_number(part) => (false, number, ""),
        _ => (true, 0, part),
    };
    pre.split('.').map(part).collect()
}

fn is_number(text: &str) -> bool {
    // Beyond 64 bits no reader agrees on the order any more.
    text.parse::<u64>().is_ok_and(|number| number.to_string() == text)
}

fn is_part(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn is_prerelease_part(text: &str) -> bool {
    let numeric = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    is_part(text) && (!numeric || is_number(text))
}
