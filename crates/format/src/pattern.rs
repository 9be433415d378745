//! Names with `*` in them: of packages in a selection, of a meta package's members, of files.
//!
//! `*` is the only special character, and it also fits `/`. Helm's ignore files have another
//! language (Go's `filepath.Match`: `?`, `[a-z]`, escapes, no `*` across `/`), which the crate
//! `helm` reads by itself; no question about overlaps could be answered in that one.

/// Whether `text` fits `pattern`, where `*` stands for any characters, or none.
#[must_use]
pub fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut left) = text.strip_prefix(head) else {
        return false;
    };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        match left.find(part) {
            Some(start) => left = left.get(start + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

/// Whether some text fits both patterns.
///
/// Patterns are as long as file names, so the table of their pairs stays small.
#[must_use]
pub fn overlap(a: &str, b: &str) -> bool {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    // `row[j]`: whether the rest of `a` from the row's index on and `b` from `j` on can be equal.
    let mut row: Vec<bool> = Vec::new();
    for i in (0..=a.len()).rev() {
        let mut next = vec![false; b.len() + 1];
        for j in (0..=b.len()).rev() {
            let below = |j: usize| row.get(j).copied().unwrap_or(false);
            let right = next.get(j + 1).copied().unwrap_or(false);
            let (x, y) = (a.get(i), b.get(j));
            let fits = match (x, y) {
                (None, None) => true,
                (Some('*'), _) => below(j) || (y.is_some() && right),
                (_, Some('*')) => right || (x.is_some() && below(j)),
                (Some(x), Some(y)) => x == y && below(j + 1),
                _ => false,
            };
            if let Some(cell) = next.get_mut(j) {
                *cell = fits;
            }
        }
        row = next;
    }
    row.first().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        assert_eq!(overlap(pattern, text), expected, "overlap {pattern} {text}");
        assert_eq!(overlap(text, pattern), expected, "overlap {text} {pattern}");
    }

    #[test]
    fn a_star_stands_for_any_characters_or_none() {
        check("a-*", "a-b", true);
        check("a-*", "a-", true);
        check("a-*", "a", false);
        check("*", "", true);
        check("a*b*c", "axxbyyc", true);
        check("a*b*c", "axxcyyb", false);
        check("ab*ba", "aba", false);
        check("a", "a", true);
        check("a", "ab", false);
        check("a-1-*-none-any.whl", "a-1-py3-none-any.whl", true);
        check("a-1-*-none-any.whl", "a-10-py3-none-any.whl", false);
        check("a-cp39-abi3-manylinux*_x86_64.whl", "a-cp39-abi3-manylinux_2_17_x86_64.whl", true);
        check("a-cp*-cp*-win.whl", "a-cp312-cp312-win.whl", true);
    }

    #[test]
    fn two_patterns_overlap_when_one_text_fits_both() {
        for (a, b, expected) in [
            ("a-*.whl", "a-1-*.whl", true),
            ("a-*-linux.whl", "a-*-mac.whl", false),
            ("*b", "a*", true),
            ("a*", "b*", false),
            ("*", "**", true),
        ] {
            assert_eq!(overlap(a, b), expected, "{a} {b}");
            assert_eq!(overlap(b, a), expected, "{b} {a}");
        }
    }
}
