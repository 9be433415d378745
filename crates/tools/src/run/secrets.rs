//! Keeps the secrets that a command was given out of what is shown of its output.

/// The lines of a command's secrets, the longest first: one may be a part of another.
#[derive(Debug, Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    /// Those of variables with these values.
    pub(super) fn of(variables: &[(&str, &str)]) -> Self {
        let lines = variables.iter().flat_map(|(_, value)| value.lines());
        let lines = lines.filter(|line| !line.trim().is_empty());
        let mut lines: Vec<String> = lines.map(str::to_owned).collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.len()));
        Self(lines)
    }

    /// `bytes` without them, up to where one may have begun whose end has not come yet; and the
    /// bytes from there. With `is_end` nothing more comes.
    pub(super) fn hidden<'b>(&self, bytes: &'b [u8], is_end: bool) -> (Vec<u8>, &'b [u8]) {
        let mut shown = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some((first, more)) = rest.split_first() {
            let begun =
                |secret: &&String| secret.len() > rest.len() && secret.as_bytes().starts_with(rest);
            if !is_end && self.0.iter().any(|secret| begun(&secret)) {
                break;
            }
            match self.0.iter().find_map(|secret| rest.strip_prefix(secret.as_bytes())) {
                Some(after) => {
                    shown.extend_from_slice(b"***");
                    rest = after;
                }
                None => {
                    shown.push(*first);
                    rest = more;
                }
            }
        }
        (shown, rest)
    }
}
