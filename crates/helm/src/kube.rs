//! Which Kubernetes version a chart is rendered for: one that its own `kubeVersion` allows.
//!
//! Constraints are those of Masterminds/semver v3, which Helm reads them with. What cannot be read
//! allows nothing, as with Helm.

use std::cmp::Ordering;

/// The newest Kubernetes minor that is chosen: the one that the pinned Helm renders for by itself.
const NEWEST_MINOR: u64 = 36;

/// The newest version of Kubernetes that `constraint` allows; released minors before versions that
/// only the constraint names. `None` where it allows none.
pub(crate) fn allowed(constraint: &str) -> Option<String> {
    let constraint = Constraint::parse(constraint)?;
    let minors = (0..=NEWEST_MINOR).rev().map(|minor| Version::new(1, minor, 0));
    let released = minors.into_iter().find(|version| constraint.allows(version));
    let found = released.or_else(|| {
        let mut named: Vec<Version> =
            constraint.bounds().into_iter().filter(|one| constraint.allows(one)).collect();
        named.sort();
        named.pop()
    });
    found.map(|version| version.text())
}

/// Whether `text` is a version that Helm takes for `--kube-version`.
pub(crate) fn is_version(text: &str) -> bool {
    matches!(Partial::parse(text), Some(Partial { wild: None | Some(Wild::Patch), .. }))
}

/// Whether `constraint` allows `version`, the version of a chart; `None` where one of them cannot
/// be read.
pub(crate) fn fits(constraint: &str, version: &str) -> Option<bool> {
    let constraint = Constraint::parse(constraint)?;
    Some(constraint.allows(&Partial::parse(version)?.version))
}

/// A version. Build metadata plays no part.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Version {
    numbers: [u64; 3],
    pre: Vec<String>,
}

/// From which number on a constraint leaves a version open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wild {
    All,
    Minor,
    Patch,
}

/// A version as constraints write it: `1`, `1.x`, `v1.2.3-rc.1`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Partial {
    version: Version,
    wild: Option<Wild>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Is,
    IsNot,
    Above,
    Below,
    AtLeast,
    AtMost,
    Tilde,
    Caret,
}

#[derive(Debug)]
struct Term {
    operator: Operator,
    bound: Partial,
}

/// Alternatives, each of terms that must all hold.
#[derive(Debug)]
struct Constraint(Vec<Vec<Term>>);

impl Version {
    fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self { numbers: [major, minor, patch], pre: Vec::new() }
    }

    fn text(&self) -> String {
        let [major, minor, patch] = self.numbers;
        let dash = if self.pre.is_empty() { "" } else { "-" };
        format!("{major}.{minor}.{patch}{dash}{}", self.pre.join("."))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let pre = || match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare_pre(&self.pre, &other.pre),
        };
        self.numbers.cmp(&other.numbers).then_with(pre)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Identifiers of pre-releases (SemVer 2.0.0, section 11).
fn compare_pre(ours: &[String], theirs: &[String]) -> Ordering {
    for (one, other) in ours.iter().zip(theirs) {
        let order = match (one.parse::<u64>(), other.parse::<u64>()) {
            (Ok(one), Ok(other)) => one.cmp(&other),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => one.cmp(other),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    ours.len().cmp(&theirs.len())
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(text, _)| text);
        let (text, pre) = match text.split_once('-') {
            Some((text, pre)) => (text, pre.split('.').map(str::to_owned).collect()),
            None => (text, Vec::new()),
        };
        let identifier = |part: &String| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        let mut parts = text.split('.');
        let mut version = Version { numbers: [0; 3], pre };
        let mut wild = None;
        for (number, open) in version.numbers.iter_mut().zip([Wild::All, Wild::Minor, Wild::Patch])
        {
            match parts.next() {
                None | Some("x" | "X" | "*") => wild = wild.or(Some(open)),
                Some(part) if part.bytes().all(|byte| byte.is_ascii_digit()) => {
                    let read = part.parse().ok()?;
                    *number = if wild.is_none() { read } else { 0 };
                }
                Some(_) => return None,
            }
        }
        let whole = parts.next().is_none() && version.pre.iter().all(identifier);
        (whole && !text.is_empty()).then_some(Self { version, wild })
    }
}

impl Constraint {
    fn parse(text: &str) -> Option<Self> {
        text.split("||").map(terms).collect::<Option<_>>().map(Self)
    }

    /// Whether `version` is allowed. A pre-release is only where an alternative names one.
    fn allows(&self, version: &Version) -> bool {
        self.0.iter().any(|terms| {
            let names_pre = terms.iter().any(|term| !term.bound.version.pre.is_empty());
            let may_be_pre = version.pre.is_empty() || names_pre;
            may_be_pre && terms.iter().all(|term| term.allows(version))
        })
    }

    /// The versions that it names, and those just above and below them.
    fn bounds(&self) -> Vec<Version> {
        let mut found = Vec::new();
        for Term { bound, .. } in self.0.iter().flatten() {
            let [major, minor, patch] = bound.version.numbers;
            found.push(bound.version.clone());
            found.push(Version::new(major, minor, patch));
            found.push(Version::new(major, minor, patch.saturating_add(1)));
            found.push(Version::new(major, minor.saturating_add(1), 0));
            found.push(Version::new(major.saturating_add(1), 0, 0));
            found.push(Version::new(major, minor, patch.saturating_sub(1)));
            found.push(Version::new(major, minor.saturating_sub(1), 0));
            found.push(Version::new(major.saturating_sub(1), 0, 0));
        }
        found
    }
}

/// The terms of one alternative: separated by commas or spaces; `1.2 - 1.4` is a range.
fn terms(text: &str) -> Option<Vec<Term>> {
    let mut words: Vec<String> = Vec::new();
    let mut hyphen = false;
    for word in text.split([',', ' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()) {
        if word == "-" {
            let last = words.pop()?;
            words.push(format!(">={last}"));
            hyphen = true;
        } else if std::mem::take(&mut hyphen) {
            words.push(format!("<={word}"));
        } else if let Some(last) = words.last_mut().filter(|last| is_operator(last)) {
            // `>= 1.2`: the operator stands alone.
            last.push_str(word);
        } else {
            words.push(word.to_owned());
        }
    }
    let terms: Option<Vec<Term>> = words.iter().flat_map(|word| split(word)).map(term).collect();
    terms.filter(|terms| !terms.is_empty() && !hyphen)
}

fn is_operator(text: &str) -> bool {
    text.chars().all(is_sign)
}

fn is_sign(c: char) -> bool {
    "<>=!~^".contains(c)
}

/// `>=1.2<1.4`: a further operator starts a further term.
fn split(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut in_version) = (0, false);
    for (at, c) in word.char_indices() {
        if is_sign(c) && in_version {
            parts.extend(word.get(start..at));
            (start, in_version) = (at, false);
        } else if !is_sign(c) {
            in_version = true;
        }
    }
    parts.extend(word.get(start..));
    parts
}

fn term(word: &str) -> Option<Term> {
    let version = word.trim_start_matches(is_sign);
    let operator = match word.get(..word.len() - version.len())? {
        "" | "=" => Operator::Is,
        "!=" => Operator::IsNot,
        ">" => Operator::Above,
        "<" => Operator::Below,
        ">=" | "=>" => Operator::AtLeast,
        "<=" | "=<" => Operator::AtMost,
        "~" | "~>" => Operator::Tilde,
        "^" => Operator::Caret,
        _ => return None,
    };
    Some(Term { operator, bound: Partial::parse(version)? })
}

impl Term {
    fn allows(&self, version: &Version) -> bool {
        let Self { operator, bound: Partial { version: bound, wild } } = self;
        let [major, minor, patch] = bound.numbers;
        let [ours, our_minor, our_patch] = version.numbers;
        let open_minor = *wild == Some(Wild::Minor);
        let tilde = || match wild {
            Some(Wild::All) => true,
            _ => version >= bound && ours == major && (open_minor || our_minor == minor),
        };
        match (operator, wild) {
            (Operator::Is, None) => version == bound,
            (Operator::Is, Some(_)) | (Operator::Tilde, _) => tilde(),
            (Operator::IsNot, None) => version != bound,
            (Operator::IsNot, Some(_)) => !tilde(),
            (Operator::Above, None | Some(Wild::All)) => version > bound,
            (Operator::Above, Some(Wild::Minor)) => ours > major,
            (Operator::Above, Some(Wild::Patch)) => (ours, our_minor) > (major, minor),
            (Operator::Below, _) => version < bound,
            (Operator::AtLeast, _) => version >= bound,
            (Operator::AtMost, None | Some(Wild::All)) => version <= bound,
            (Operator::AtMost, Some(Wild::Minor)) => ours <= major,
            (Operator::AtMost, Some(Wild::Patch)) => (ours, our_minor) <= (major, minor),
            (Operator::Caret, Some(Wild::All)) => true,
            (Operator::Caret, _) if version < bound => false,
            (Operator::Caret, _) if major > 0 || open_minor => ours == major,
            (Operator::Caret, _) if ours > 0 => false,
            (Operator::Caret, Some(_)) => our_minor == minor,
            (Operator::Caret, None) if minor > 0 => our_minor == minor,
            (Operator::Caret, None) => our_minor == 0 && our_patch == patch,
        }
    }
}

#[cfg(test)]
mod tests;
