//! PEP 440 versions: parsing with its liberal spellings, and the normal form.

use std::cmp::Ordering;
use std::fmt;

/// A parsed version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pep440 {
    epoch: u64,
    release: Vec<u64>,
    pre: Option<(Pre, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
    local: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pre {
    Alpha,
    Beta,
    Candidate,
}

/// Characters of a commit's hash in the version of a snapshot: as git abbreviates in a small
/// repository, and the same in each clone.
pub(super) const SHORT_COMMIT_CHARS: usize = 7;

/// Release numbers at most: no version in the field has more than eight.
const MAX_RELEASE_PARTS: usize = 32;

impl Pep440 {
    /// Reads any spelling of PEP 440's appendix B; white space around it is not ours to trim.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let (public, local) = match lower.split_once('+') {
            Some((public, local)) => (public, parse_local(local)?),
            None => (lower.as_str(), Vec::new()),
        };
        let mut rest = public.strip_prefix('v').unwrap_or(public);
        let mut epoch = 0;
        if let Some((number, after)) = rest.split_once('!') {
            epoch = parse_number(number)?;
            rest = after;
        }
        let mut reader = Reader(rest);
        let release = reader.release()?;
        let pre = reader.pre();
        let post = reader.post();
        let dev = reader.labelled(&["dev"]);
        reader.0.is_empty().then_some(Self { epoch, release, pre, post, dev, local })
    }

    /// The same version as SemVer; nothing for an epoch or more than three release numbers.
    pub(super) fn to_semver(&self) -> Option<String> {
        if self.epoch != 0 || self.release.len() > 3 {
            return None;
        }
        let number = |index: usize| self.release.get(index).copied().unwrap_or(0);
        let mut text = format!("{}.{}.{}", number(0), number(1), number(2));
        let mut pre = Vec::new();
        if let Some((kind, number)) = self.pre {
            let word = match kind {
                Pre::Alpha => "alpha",
                Pre::Beta => "beta",
                Pre::Candidate => "rc",
            };
            pre.push(format!("{word}.{number}"));
        }
        pre.extend(self.dev.map(|number| format!("dev.{number}")));
        if self.is_snapshot() {
            // What sets two snapshots apart must count when SemVer compares them.
            text.push_str(&format!("-{}.{}", pre.join("."), self.local.join(".")));
            return Some(text);
        }
        if !pre.is_empty() {
            text.push('-');
            text.push_str(&pre.join("."));
        }
        let mut build: Vec<String> = self.post.map(|n| format!("post.{n}")).into_iter().collect();
        build.extend(self.local.iter().cloned());
        if !build.is_empty() {
            text.push('+');
            text.push_str(&build.join("."));
        }
        Some(text)
    }

    pub(super) fn is_prerelease(&self) -> bool {
        self.pre.is_some() || self.dev.is_some()
    }

    /// Whether it is `X.Y.Z.devN+gCOMMIT`: what a commit is called that no tag is on.
    pub(super) fn is_snapshot(&self) -> bool {
        let commit = match self.local.as_slice() {
            [local] => local.strip_prefix('g'),
            _ => None,
        };
        let is_hash = |text: &str| {
            text.len() >= SHORT_COMMIT_CHARS && text.chars().all(|c| c.is_ascii_hexdigit())
        };
        self.pre.is_none()
            && self.post.is_none()
            && self.dev.is_some()
            && commit.is_some_and(is_hash)
    }

    /// The epoch and the first three release numbers.
    pub(super) fn numbers(&self) -> (u64, [u64; 3]) {
        let number = |index: usize| self.release.get(index).copied().unwrap_or(0);
        (self.epoch, [number(0), number(1), number(2)])
    }

    /// Which of two comes first (PEP 440, "Summary of permitted suffixes and relative ordering").
    pub(super) fn precedence(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }

    fn key(&self) -> impl Ord + use<> {
        let stage = match (self.pre, self.post, self.dev) {
            (Some(_), _, _) => 1,
            (None, None, Some(_)) => 0,
            (None, _, _) => 2,
        };
        let local = |part: &String| (part.parse::<u64>().ok(), part.clone());
        let local: Vec<_> = self.local.iter().map(local).collect();
        let dev = (self.dev.is_none(), self.dev);
        (self.epoch, self.trimmed().release, stage, self.pre, self.post, dev, local)
    }

    /// Without zeros at the end of the release numbers, which do not count when comparing.
    pub(super) fn trimmed(&self) -> Self {
        let mut trimmed = self.clone();
        while trimmed.release.len() > 1 && trimmed.release.last() == Some(&0) {
            trimmed.release.pop();
        }
        trimmed
    }
}

impl fmt::Display for Pep440 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.epoch != 0 {
            write!(f, "{}!", self.epoch)?;
        }
        let release: Vec<String> = self.release.iter().map(u64::to_string).collect();
        f.write_str(&release.join("."))?;
        if let Some((kind, number)) = self.pre {
            let word = match kind {
                Pre::Alpha => "a",
                Pre::Beta => "b",
                Pre::Candidate => "rc",
            };
            write!(f, "{word}{number}")?;
        }
        if let Some(number) = self.post {
            write!(f, ".post{number}")?;
        }
        if let Some(number) = self.dev {
            write!(f, ".dev{number}")?;
        }
        if !self.local.is_empty() {
            write!(f, "+{}", self.local.join("."))?;
        }
        Ok(())
    }
}

/// What is left of the text to read.
struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn release(&mut self) -> Option<Vec<u64>> {
        let mut release = vec![self.number()?];
        while let Some(after) = self.0.strip_prefix('.') {
            let mut next = Reader(after);
            match next.number() {
                Some(number) if release.len() < MAX_RELEASE_PARTS => release.push(number),
                _ => break,
            }
            self.0 = after.get(after.len() - next.0.len()..)?;
        }
        Some(release)
    }

    fn pre(&mut self) -> Option<(Pre, u64)> {
        let words = [
            (Pre::Alpha, ["alpha", "a"].as_slice()),
            (Pre::Beta, ["beta", "b"].as_slice()),
            (Pre::Candidate, ["preview", "pre", "rc", "c"].as_slice()),
        ];
        words.iter().find_map(|(kind, words)| self.labelled(words).map(|number| (*kind, number)))
    }

    fn post(&mut self) -> Option<u64> {
        if let Some(after) = self.0.strip_prefix('-') {
            let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            if digits > 0 {
                self.0 = after;
                return self.number();
            }
        }
        self.labelled(&["post", "rev", "r"])
    }

    /// `[-_.]?WORD[-_.]?NUMBER?`: a missing number counts as 0.
    fn labelled(&mut self, words: &[&str]) -> Option<u64> {
        let separators = ['-', '_', '.'];
        let start = self.0.strip_prefix(separators).unwrap_or(self.0);
        let after = words.iter().find_map(|word| start.strip_prefix(word))?;
        let number = after.strip_prefix(separators).unwrap_or(after);
        if number.starts_with(|c: char| c.is_ascii_digit()) {
            self.0 = &self.0[self.0.len() - number.len()..];
            return self.number();
        }
        self.0 = &self.0[self.0.len() - after.len()..];
        Some(0)
    }

    fn number(&mut self) -> Option<u64> {
        let rest = self.0.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = self.0.get(..self.0.len() - rest.len())?;
        // One that is too large is left to read, which makes the whole text no version.
        let number = parse_number(digits)?;
        self.0 = rest;
        Some(number)
    }
}

fn parse_number(digits: &str) -> Option<u64> {
    digits.chars().all(|c| c.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn parse_local(text: &str) -> Option<Vec<String>> {
    let part = |part: &str| {
        let fits = !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
        let is_number = part.chars().all(|c| c.is_ascii_digit());
        let bare = part.trim_start_matches('0');
        let normal = match is_number {
            true if bare.is_empty() => "0",
            true => bare,
            false => part,
        };
        fits.then(|| normal.to_owned())
    };
    text.split(['-', '_', '.']).map(part).collect()
}
