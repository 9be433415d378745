//! Build constraints: for which platforms a source file is compiled (`go help buildconstraint`;
//! Go's package `go/build`).

use model::Platform;

/// What a file is compiled for: a platform without cgo, and the build tags that are asked for.
#[derive(Debug, Clone, Copy)]
pub struct GoTarget<'a> {
    /// The platform.
    pub platform: Platform,
    /// Build tags.
    pub tags: &'a [String],
}

/// What the head of a file says of when it is compiled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Constraint {
    /// The expression of `//go:build`, which alone counts where it is there.
    go_build: Option<String>,
    /// The lines of `// +build`.
    plus_build: Vec<String>,
}

impl GoTarget<'_> {
    /// Whether a file called `name` is compiled for it, as far as its name says.
    pub(super) fn takes_name(self, name: &str) -> bool {
        let stem = name.split('.').next().unwrap_or_default();
        // What stands before the first `_` means nothing.
        let Some((_, words)) = stem.split_once('_') else { return true };
        let words: Vec<&str> = words.split('_').collect();
        let is_os = |word: &str| SYSTEMS.contains(&word);
        let is_arch = |word: &str| ARCHITECTURES.contains(&word);
        match words.as_slice() {
            [.., os, arch] if is_os(os) && is_arch(arch) => self.has(os) && self.has(arch),
            [.., last] if is_os(last) || is_arch(last) => self.has(last),
            _ => true,
        }
    }

    /// Whether a tag of a constraint holds for it. Releases of Go count as there: what they lack,
    /// the compiler says.
    fn has(self, tag: &str) -> bool {
        let (os, arch) = (self.platform.os(), self.platform.arch());
        let release = |minor: &str| !minor.is_empty() && minor.chars().all(|c| c.is_ascii_digit());
        [os, arch, "gc"].contains(&tag)
            || tag == "unix" && os != "windows"
            || tag.strip_prefix("go1.").is_some_and(release)
            || self.tags.iter().any(|own| own == tag)
    }
}

impl Constraint {
    /// Reads the comments in front of the package clause.
    pub(super) fn read(source: &str) -> Self {
        let mut found = Self::default();
        // Lines of `// +build` count once a blank line follows.
        let mut pending = Vec::new();
        let mut in_block = false;
        for line in source.trim_start_matches('\u{feff}').lines() {
            let mut line = line.trim();
            let is_blank = line.is_empty() && !in_block;
            while in_block || line.starts_with("/*") {
                let inside = if in_block { line } else { &line[2..] };
                in_block = !inside.contains("*/");
                line = inside.split_once("*/").map_or("", |(_, after)| after.trim_start());
                if in_block {
                    break;
                }
            }
            if is_blank {
                found.plus_build.append(&mut pending);
            }
            if line.is_empty() {
                continue;
            }
            let Some(comment) = line.strip_prefix("//") else { break };
            if let Some(expression) = after_word(comment, "go:build") {
                found.go_build.get_or_insert_with(|| expression.to_owned());
            } else if let Some(options) = after_word(comment.trim_start(), "+build") {
                pending.push(options.to_owned());
            }
        }
        found
    }

    /// Whether it is `ignore` alone.
    pub(super) fn is_ignore(&self) -> bool {
        match &self.go_build {
            Some(expression) => expression == "ignore",
            None => self.plus_build.iter().any(|line| line == "ignore"),
        }
    }

    /// Whether it holds for `target`. One that cannot be read does: the compiler says why not.
    pub(super) fn holds(&self, target: GoTarget<'_>) -> bool {
        if let Some(expression) = &self.go_build {
            let mut reader = Expression { rest: expression, target, depth: 0 };
            return reader.any().filter(|_| reader.rest.trim().is_empty()).unwrap_or(true);
        }
        let term = |term: &str| match term.strip_prefix('!') {
            Some(tag) => !target.has(tag),
            None => target.has(term),
        };
        let option = |option: &str| option.split(',').all(term);
        self.plus_build.iter().all(|line| line.split_whitespace().any(option))
    }
}

/// What follows `word` and white space.
fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(word)?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| rest.trim())
}

/// An expression of `//go:build`, evaluated as it is read. Nothing where it is not one.
struct Expression<'e, 't> {
    rest: &'e str,
    target: GoTarget<'t>,
    depth: usize,
}

/// Parentheses and negations in each other: more than a person writes.
const MAX_DEPTH: usize = 100;

impl Expression<'_, '_> {
    fn any(&mut self) -> Option<bool> {
        let mut holds = self.all()?;
        while self.take("||") {
            holds |= self.all()?;
        }
        Some(holds)
    }

    fn all(&mut self) -> Option<bool> {
        let mut holds = self.one()?;
        while self.take("&&") {
            holds &= self.one()?;
        }
        Some(holds)
    }

    fn one(&mut self) -> Option<bool> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let holds = if self.take("!") {
            !self.one()?
        } else if self.take("(") {
            let holds = self.any()?;
            if !self.take(")") {
                return None;
            }
            holds
        } else {
            let rest = self.rest.trim_start();
            let in_tag = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
            let end = rest.find(|c: char| !in_tag(c)).unwrap_or(rest.len());
            let (tag, rest) = rest.split_at(end);
            self.rest = rest;
            if tag.is_empty() {
                return None;
            }
            self.target.has(tag)
        };
        self.depth -= 1;
        Some(holds)
    }

    fn take(&mut self, mark: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

/// Operating systems that a file's name can end with (Go's `internal/syslist`).
const SYSTEMS: [&str; 18] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
];

/// Architectures that a file's name can end with.
const ARCHITECTURES: [&str; 24] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The platforms of a file: `l`inux amd64, linux arm64, `d`arwin both, `w`indows.
    fn check(name: &str, source: &str, tags: &[&str], expected: &str) {
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let constraint = Constraint::read(source);
        let found: String = Platform::ALL
            .iter()
            .filter(|platform| {
                let target = GoTarget { platform: **platform, tags: &tags };
                target.takes_name(name) && constraint.holds(target)
            })
            .map(|platform| match platform {
                Platform::LinuxAmd64 => 'l',
                Platform::LinuxArm64 => 'L',
                Platform::DarwinAmd64 => 'd',
                Platform::DarwinArm64 => 'D',
                Platform::WindowsAmd64 => 'w',
            })
            .collect();
        assert_eq!(found, expected, "{name}\n{source}");
    }

    #[test]
    fn a_files_name_says_for_which_platforms_it_is() {
        for (name, expected) in [
            ("main.go", "lLdDw"),
            ("linux.go", "lLdDw"),
            ("main_linux.go", "lL"),
            ("main_unix.go", "lLdDw"),
            ("a_b_windows.go", "w"),
            ("main_linux_arm64.go", "L"),
            ("main_amd64.go", "ldw"),
            ("main_arm64_linux.go", "lL"),
            ("main_freebsd.go", ""),
            ("main_darwin.pb.go", "dD"),
        ] {
            check(name, "package main\n", &[], expected);
        }
    }

    #[test]
    fn the_comments_in_front_of_the_package_clause_say_it_too() {
        let source = |lines: &str| format!("{lines}\n\npackage main\n");
        for (line, expected) in [
            ("//go:build linux", "lL"),
            ("//go:build linux || darwin && arm64", "lLD"),
            ("//go:build !(windows || darwin)", "lL"),
            ("//go:build unix&&!linux", "dD"),
            ("//go:build ignore", ""),
            ("//go:build cgo", ""),
            ("//go:build go1.18 && !windows", "lLdD"),
            ("//go:build !go1.18", ""),
            ("//go:build (", "lLdDw"),
            ("// Copyright\n\n/* more\n\n*/ //go:build windows", "w"),
            ("// +build linux,arm64 windows", "Lw"),
            ("// +build linux darwin\n// +build !arm64", "ld"),
            ("//go:build linux\n// +build windows", "lL"),
            ("//go:builds linux", "lLdDw"),
        ] {
            check("main.go", &source(line), &[], expected);
        }
        check("main.go", "// +build linux\npackage main\n", &[], "lLdDw");
        check("main.go", "package main\n\n//go:build linux\n", &[], "lLdDw");
        check("main.go", "//go:build pro && linux\n\npackage main\n", &["pro"], "lL");
        let deep = format!("//go:build {}linux\n\npackage main\n", "!".repeat(100_000));
        check("main.go", &deep, &[], "lLdDw");
    }
}
