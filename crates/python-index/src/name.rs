//! Project names as indexes compare them (PEP 503).

/// A project's normalized name (PEP 503).
pub(crate) fn normalized(name: &str) -> String {
    let parts: Vec<&str> = name
        .split(['-', '_', '.'])
        .enumerate()
        .filter(|(at, part)| *at == 0 || !part.is_empty())
        .map(|(_, part)| part)
        .collect();
    let joined = parts.join("-").to_ascii_lowercase();
    let ends_open = name.ends_with(['-', '_', '.']);
    if ends_open { format!("{joined}-") } else { joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_in_their_normalized_form() {
        for (name, expected) in
            [("A.b", "a-b"), ("a__B--c", "a-b-c"), ("abc", "abc"), ("a-", "a-"), ("", "")]
        {
            assert_eq!(normalized(name), expected);
        }
    }
}
