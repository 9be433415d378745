//! Dockerfiles (also named Containerfiles): their names, and the instructions that a plan needs.
//!
//! Looks at lines, without variables: what cannot be read so is left out.

/// What follows the name in `Dockerfile.x`, or precedes it in `x.Dockerfile`; empty for a plain
/// one, nothing when the file is not a Dockerfile.
#[must_use]
pub fn suffix(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    for base in ["Dockerfile", "Containerfile"] {
        if let Some(rest) = name.strip_prefix(base) {
            let suffix = rest.strip_prefix('.');
            let plain = rest.is_empty().then_some("");
            return plain.or(suffix).filter(|suffix| !NOT_IMAGES.contains(suffix));
        }
        let ending = format!(".{}", base.to_lowercase());
        if let Some(stem) = name.to_lowercase().strip_suffix(&ending) {
            return name.get(..stem.len()).filter(|stem| !stem.is_empty());
        }
    }
    None
}

/// Suffixes of files that are not Dockerfiles, or not such that a release is made of.
const NOT_IMAGES: [&str; 9] =
    ["dockerignore", "containerignore", "dev", "test", "tests", "ci", "j2", "tmpl", "md"];

/// Whether the text builds an image at all.
#[must_use]
pub fn builds(text: &str) -> bool {
    text.lines().any(|line| instruction(line, "FROM").is_some())
}

/// Sources of `COPY` and `ADD` that are plain paths of the build context.
#[must_use]
pub fn copied(text: &str) -> Vec<&str> {
    let mut sources = Vec::new();
    for line in text.lines() {
        let Some(rest) = instruction(line, "COPY").or_else(|| instruction(line, "ADD")) else {
            continue;
        };
        if rest.contains("--from=") || rest.starts_with('[') {
            continue;
        }
        let words: Vec<&str> =
            rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
        let Some((_, from)) = words.split_last() else { continue };
        let plain = |word: &&&str| !word.contains(['$', '*', '?', ':', '<', '\\']);
        let paths = from.iter().filter(plain).map(|word| {
            let word = word.trim_start_matches("./").trim_start_matches('/');
            word.trim_end_matches('/')
        });
        sources.extend(paths.filter(|path| !path.is_empty() && *path != "."));
    }
    sources
}

/// The last `USER` of the last stage, when it is written out; nothing when the base decides.
#[must_use]
pub fn last_user(text: &str) -> Option<String> {
    let mut user = None;
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let instruction = words.next().unwrap_or_default();
        if instruction.eq_ignore_ascii_case("FROM") {
            user = None;
        } else if instruction.eq_ignore_ascii_case("USER") {
            user = words.next().filter(|user| !user.contains('$')).map(str::to_owned);
        }
    }
    user
}

fn instruction<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let line = line.trim_start();
    let word = line.get(..name.len())?;
    let rest = line.get(name.len()..)?;
    (word.eq_ignore_ascii_case(name) && rest.starts_with([' ', '\t'])).then(|| rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockerfiles_are_known_by_their_names() {
        for (path, expected) in [
            ("Dockerfile", Some("")),
            ("a/Containerfile.lite", Some("lite")),
            ("api.Dockerfile", Some("api")),
            ("api.dockerfile", Some("api")),
            ("Dockerfile.dockerignore", None),
            ("Dockerfiles", None),
            ("a/README.md", None),
        ] {
            assert_eq!(suffix(path), expected, "{path}");
        }
    }
}
