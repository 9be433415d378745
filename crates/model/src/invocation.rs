//! An external tool's command, as data, before it runs.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What would be run: `--dry-run` prints it, `tools` runs it, tests compare it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Invocation {
    /// The program's name or path.
    pub program: String,
    /// Its arguments, not quoted.
    pub args: Vec<String>,
    /// Variables added to the child's small fixed environment. Never a secret.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub env: BTreeMap<String, String>,
    /// The folder it runs in; the caller's own when empty.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub dir: String,
}

impl Invocation {
    /// `program` with `args`, in the caller's folder, with nothing added to the environment.
    pub fn new<A: Into<String>>(
        program: impl Into<String>,
        args: impl IntoIterator<Item = A>,
    ) -> Self {
        Self {
            program: program.into(),
            args: args.into_iter().map(Into::into).collect(),
            env: BTreeMap::new(),
            dir: String::new(),
        }
    }

    /// The same, run in `dir`.
    #[must_use]
    pub fn dir(self, dir: impl Into<String>) -> Self {
        Self { dir: dir.into(), ..self }
    }

    /// The same with one more variable.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// The program's name, without the folder that it is in.
    #[must_use]
    pub fn program_name(&self) -> &str {
        self.program.rsplit(['/', '\\']).next().unwrap_or_default()
    }

    /// One line for a POSIX shell that does the same, ready to paste.
    #[must_use]
    pub fn shell_line(&self) -> String {
        let mut words = Vec::new();
        if !self.env.is_empty() {
            words.push("env".to_owned());
            words.extend(self.env.iter().map(|(name, value)| quote(&format!("{name}={value}"))));
        }
        words.push(quote(&self.program));
        words.extend(self.args.iter().map(|arg| quote(arg)));
        let line = words.join(" ");
        if self.dir.is_empty() { line } else { format!("(cd {} && {line})", quote(&self.dir)) }
    }
}

impl fmt::Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shell_line())
    }
}

fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_line_quotes_what_a_shell_would_read() {
        let line = Invocation::new("go", ["build", "-ldflags=-s -w", "it's", "", "$(x)"])
            .env("A", "1 2")
            .dir("my dir")
            .shell_line();
        let expected =
            r"(cd 'my dir' && env 'A=1 2' go build '-ldflags=-s -w' 'it'\''s' '' '$(x)')";
        assert_eq!(line, expected);
    }
}
