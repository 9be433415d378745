//! The flags that Go's linker is given: the release's version, commit and time in place of
//! `{version}`, `{commit}` and `{date}`.
//!
//! They are one text in the syntax of `go build -ldflags`: words between white space, one that
//! starts with a quote ending with it, and no escapes (`go help build`).

use format::suggest;

/// What placeholders stand for; empty where it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// The version, without a `v` in front.
    pub(crate) version: String,
    /// The commit.
    pub(crate) commit: String,
    /// The commit's time, as RFC 3339 writes it.
    pub(crate) date: String,
}

/// The placeholders, and the variables of the main package that are set to them by default.
pub(crate) const PLACEHOLDERS: [&str; 3] = ["version", "commit", "date"];

impl Stamp {
    fn value(&self, placeholder: &str) -> Option<&str> {
        match placeholder {
            "version" => Some(&self.version),
            "commit" => Some(&self.commit),
            "date" => Some(&self.date),
            _ => None,
        }
    }

    /// `flags` with what the placeholders stand for. A flag with one that stands for nothing is
    /// left out, so that a program says what it says without.
    pub(crate) fn fill(&self, flags: &str) -> String {
        let mut filled: Vec<String> = Vec::new();
        for word in words(flags) {
            let mut text = word.to_owned();
            let mut is_known = true;
            for name in PLACEHOLDERS {
                let (mark, value) = (format!("{{{name}}}"), self.value(name).unwrap_or_default());
                is_known &= !(value.is_empty() && text.contains(&mark));
                text = text.replace(&mark, value);
            }
            if is_known {
                filled.push(text);
            } else if filled.last().is_some_and(|last| last == "-X" || last == "--X") {
                filled.pop();
            }
        }
        filled.join(" ")
    }
}

/// The flags that set those of a main package's variables, `texts`, that are called like a
/// placeholder. Go's linker refuses to set one of another type.
pub(crate) fn default_flags(texts: &[&str]) -> String {
    let set = PLACEHOLDERS.iter().filter(|name| texts.contains(name));
    set.map(|name| format!("-X main.{name}={{{name}}}")).collect::<Vec<_>>().join(" ")
}

/// What is wrong with `flags`, and what to do about it.
pub(crate) fn problem(flags: &str) -> Option<(String, String)> {
    if let Some(open) = words(flags).find(|word| is_open(word)) {
        let quote = open.chars().take(1).collect::<String>();
        let message = format!("a {quote} is not closed");
        return Some((message, format!("close it with {quote}, which cannot be escaped")));
    }
    let mut rest = flags;
    while let Some((_, after)) = rest.split_once('{') {
        rest = after;
        if after.starts_with('{') {
            let message = "`{{` starts a template of another tool".to_owned();
            return Some((message, "write `{version}`, `{commit}` or `{date}`".to_owned()));
        }
        let Some((name, _)) = after.split_once('}') else { continue };
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if is_name && !PLACEHOLDERS.contains(&name) {
            let message = format!("nothing stands for `{{{name}}}`");
            return Some((message, suggest(name, PLACEHOLDERS)));
        }
    }
    None
}

/// The words, each with its quotes.
fn words(flags: &str) -> impl Iterator<Item = &str> {
    let mut rest = flags;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let end = match first {
            '"' | '\'' => rest[1..].find(first).map_or(rest.len(), |at| at + 2),
            _ => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

/// Whether a word lacks the quote that it should end with.
fn is_open(word: &str) -> bool {
    let quote = word.chars().next().filter(|first| ['"', '\''].contains(first));
    quote.is_some_and(|quote| word.len() == 1 || !word.ends_with(quote))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_stand_for_the_release_and_its_commit() {
        let stamp = Stamp {
            version: "1.2.3".into(),
            commit: "c0ffee".into(),
            date: "2026-10-01T07:08:09Z".into(),
        };
        let bare = Stamp { version: "1.2.3".into(), ..Stamp::default() };
        let check = |flags: &str, expected: &str, without_git: &str| {
            assert_eq!(problem(flags), None, "{flags}");
            assert_eq!(stamp.fill(flags), expected);
            assert_eq!(bare.fill(flags), without_git);
        };
        check("-X a.b={version}", "-X a.b=1.2.3", "-X a.b=1.2.3");
        check("-X  a={commit}\t-X b={date}", "-X a=c0ffee -X b=2026-10-01T07:08:09Z", "");
        check(
            "-X=a={commit} -X 'a.b=My tool {version}' -checklinkname=0",
            "-X=a=c0ffee -X 'a.b=My tool 1.2.3' -checklinkname=0",
            "-X 'a.b=My tool 1.2.3' -checklinkname=0",
        );
        check("-X 'a={commit} x' -buildid=", "-X 'a=c0ffee x' -buildid=", "-buildid=");
        check("-X 'a={\"b\": {}}'", "-X 'a={\"b\": {}}'", "-X 'a={\"b\": {}}'");
        check("", "", "");
    }

    #[test]
    fn what_no_release_can_fill_in_is_told() {
        let check = |flags: &str, message: &str, help: &str| {
            let (found, advice) = problem(flags).unwrap();
            assert!(found.contains(message) && advice.contains(help), "{flags}: {found}, {advice}");
        };
        check("-X a.b={verison}", "`{verison}`", "did you mean `version`?");
        check("-X a.b={tag}", "`{tag}`", "`version`, `commit`, `date`");
        check("-X a.b={{.Version}}", "`{{`", "`{version}`");
        check("-X 'a.b=c", "a ' is not closed", "cannot be escaped");
        check("-X \"", "a \" is not closed", "cannot be escaped");
    }

    #[test]
    fn the_variables_that_a_program_has_are_set_by_default() {
        let check = |texts: &[&str], expected: &str| assert_eq!(default_flags(texts), expected);
        check(&[], "");
        check(&["name", "version"], "-X main.version={version}");
        check(&["date", "commit"], "-X main.commit={commit} -X main.date={date}");
    }
}
