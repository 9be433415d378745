//! Line breaks that some readers see and others do not, and foreign text in messages.

/// Whether `text` holds a carriage return that no line feed follows. Python's reader of mail
/// headers ends a line there; one that knows line feeds alone does not.
pub(crate) fn has_lone_carriage_return(text: &str) -> bool {
    let bytes = text.as_bytes();
    let next = |at: usize| bytes.get(at + 1);
    bytes.iter().enumerate().any(|(at, byte)| *byte == b'\r' && next(at) != Some(&b'\n'))
}

/// The same for every character at which Python's `str.splitlines` ends a line: installers read
/// `RECORD` and `entry_points.txt` through it.
pub(crate) fn has_odd_line_break(text: &str) -> bool {
    const BREAKS: [char; 8] =
        ['\x0b', '\x0c', '\x1c', '\x1d', '\x1e', '\u{85}', '\u{2028}', '\u{2029}'];
    text.contains(BREAKS) || has_lone_carriage_return(text)
}

/// Foreign text for a message: control characters escaped, and no more of it than can be read.
pub(crate) fn shown(text: &str) -> String {
    const CHARS: usize = 200;
    let mut start: String = text.chars().take(CHARS).flat_map(char::escape_debug).collect();
    if text.chars().nth(CHARS).is_some() {
        start.push('…');
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_that_not_everybody_sees_are_found() {
        let check = |text: &str, lone: bool, odd: bool| {
            let found = (has_lone_carriage_return(text), has_odd_line_break(text));
            assert_eq!(found, (lone, odd), "{text:?}");
        };
        check("", false, false);
        check("a\nb\r\nc\r\n", false, false);
        check("a\rb", true, true);
        check("a\r", true, true);
        check("a\r\r\nb", true, true);
        check("a\u{b}b", false, true);
        check("a\u{2028}b", false, true);
        check("a\u{85}b", false, true);
        check("a\tb\u{a0}c", false, false);
    }

    #[test]
    fn a_message_shows_the_start_of_a_long_text() {
        assert_eq!(shown("a\u{7}b"), "a\\u{7}b");
        assert_eq!(shown(&"x".repeat(200)), "x".repeat(200));
        assert_eq!(shown(&"x".repeat(1 << 20)), format!("{}…", "x".repeat(200)));
    }
}
