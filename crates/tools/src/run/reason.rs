//! Why a command failed, in a few lines: its output without progress messages.

use std::path::Path;

use model::Invocation;

use super::RunError;

/// The most lines of a reason.
const MAX_LINES: usize = 14;
/// Lines below the first error that go with it: compilers show the place there.
const BELOW_FIRST: usize = 3;
/// The most characters of a line: the complete command line of a linker does not help anybody.
const MAX_CHARS: usize = 240;
/// The most characters of the command.
const MAX_COMMAND: usize = 160;

impl RunError {
    /// Why `invocation` failed, for the user: the command without its folders and variables, and at
    /// most fourteen lines of its output, the most useful ones. The complete command
    /// line is in [`RunError::problem`].
    #[must_use]
    pub fn reason(&self, invocation: &Invocation) -> String {
        self.told(&command(invocation))
    }

    /// The same of a command that is shown as `command`.
    pub(super) fn told(&self, command: &str) -> String {
        let Self::Failed { status, tail, .. } = self else { return self.to_string() };
        let words = telling(tail);
        if words.is_empty() {
            return format!("`{command}` failed ({status}); it printed nothing");
        }
        format!("`{command}` failed ({status}):\n{words}")
    }

    /// Whether cargo refused to change a lock file because of `--locked`.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::Failed { tail, .. } if tail.contains("--locked was passed"))
    }
}

fn command(invocation: &Invocation) -> String {
    let words = std::iter::once(invocation.program_name().to_owned())
        .chain(invocation.args.iter().map(|argument| short(argument)));
    cut(&words.collect::<Vec<_>>().join(" "), MAX_COMMAND)
}

/// An argument without the folders of an absolute path in it.
fn short(argument: &str) -> String {
    let (option, value) = match argument.split_once('=') {
        Some((option, value)) => (format!("{option}="), value),
        None => (String::new(), argument),
    };
    match value.rsplit_once('/') {
        Some((_, name)) if Path::new(value).is_absolute() => format!("{option}…/{name}"),
        _ => argument.to_owned(),
    }
}

/// The most useful lines of `tail`, in their order.
fn telling(tail: &str) -> String {
    let lines: Vec<&str> = tail.lines().map(str::trim_end).collect();
    let lines: Vec<&str> = lines.into_iter().filter(|line| !is_progress(line)).collect();
    let says_no = |number: &usize| lines.get(*number).is_some_and(|line| is_refusal(line));
    let refusals: Vec<usize> = (0..lines.len()).filter(says_no).collect();
    // The first error is the cause, the last ones are its consequences.
    let first = refusals.first().copied();
    let mut shown: Vec<usize> =
        first.into_iter().flat_map(|first| first..=first + BELOW_FIRST).collect();
    shown.retain(|number| *number < lines.len());
    let others = refusals.iter().rev().copied();
    let rest = first.map_or(0..lines.len(), |first| first..lines.len()).rev();
    for number in others.chain(rest) {
        if shown.len() == MAX_LINES {
            break;
        }
        if !shown.contains(&number) {
            shown.push(number);
        }
    }
    shown.sort_unstable();
    let shown = shown.iter().filter_map(|number| lines.get(*number));
    shown.map(|line| cut(line, MAX_CHARS)).collect::<Vec<_>>().join("\n")
}

fn is_refusal(line: &str) -> bool {
    const WORDS: [&str; 9] = [
        "error",
        "unable to",
        "cannot ",
        "could not",
        "not found",
        "no such",
        "undefined",
        "panicked",
        "failed",
    ];
    let line = line.to_lowercase();
    WORDS.iter().any(|word| line.contains(word))
}

/// What cargo, maturin, uv and buildx print while they succeed.
fn is_progress(line: &str) -> bool {
    const VERBS: [&str; 19] = [
        "Adding",
        "Blocking",
        "Building",
        "Built",
        "Checking",
        "Compiling",
        "Downloaded",
        "Downloading",
        "Fetching",
        "Finished",
        "Fresh",
        "Installed",
        "Locking",
        "Prepared",
        "Resolved",
        "Running",
        "Updating",
        "Unpacking",
        "warning:",
    ];
    let line = line.trim_start();
    let first = line.split_whitespace().next().unwrap_or_default();
    let says_nothing = !line.contains(char::is_alphanumeric);
    // `#7 [2/3] RUN …`: buildx repeats the error below its steps.
    let step = first.strip_prefix('#').is_some_and(|n| n.parse::<u32>().is_ok());
    step || says_nothing || VERBS.contains(&first) || !first.is_ascii() && !is_refusal(line)
}

/// `text`, shortened in its middle to `limit` characters.
fn cut(text: &str, limit: usize) -> String {
    let count = text.chars().count();
    if count <= limit {
        return text.to_owned();
    }
    let half = limit / 2;
    let start: String = text.chars().take(half).collect();
    let end: String = text.chars().skip(count - half).collect();
    format!("{start} … {end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(tail: &str) -> RunError {
        RunError::Failed {
            program: "cargo".to_owned(),
            line: String::new(),
            status: "exit status: 101".to_owned(),
            code: Some(101),
            tail: tail.to_owned(),
            log: None,
        }
    }

    fn check(tail: &str, expected: &str) {
        let args = ["build", "--locked", "--out=/some/out"];
        let invocation = Invocation::new("/c/bin/cargo", args).env("A", "b");
        let error = failed(tail);
        let expected =
            format!("`cargo build --locked --out=…/out` failed (exit status: 101){expected}");
        assert_eq!(error.reason(&invocation), expected);
    }

    #[test]
    fn the_command_and_the_words_that_tell_most_are_kept() {
        check("", "; it printed nothing");
        check("   Compiling a v1\n\nerror: no\n", ":\nerror: no");
        check("error: no\n  |\n  = note: why", ":\nerror: no\n  = note: why");
        check("just words\nmore\n", ":\njust words\nmore");
        let many: String = (0..30).map(|number| format!("  note {number}\n")).collect();
        let long = format!("before\nerror[E1]: the cause\n{many}error: could not compile `a`\n");
        let notes = (0..3).chain(21..30);
        let kept: String = notes.map(|number| format!("  note {number}\n")).collect();
        check(&long, &format!(":\nerror[E1]: the cause\n{kept}error: could not compile `a`"));
    }

    #[test]
    fn a_long_line_loses_its_middle() {
        let line = format!("error: {} \"Security\" é", "x".repeat(5000));
        let start = format!("error: {}", "x".repeat(113));
        let end = format!("{} \"Security\" é", "x".repeat(107));
        check(&line, &format!(":\n{start} … {end}"));
    }

    #[test]
    fn a_refusal_to_change_the_lock_is_known() {
        let check = |tail: &str, expected: bool| {
            assert_eq!(failed(tail).is_locked(), expected, "{tail}");
        };
        let lock = "the lock file /s/Cargo.lock";
        check(
            &format!("error: {lock} needs to be updated but --locked was passed to prevent this"),
            true,
        );
        check(&format!("error: cannot update {lock} because --locked was passed"), true);
        check("error: could not compile `a`", false);
    }
}
