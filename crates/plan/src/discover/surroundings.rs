//! What is around a tree and not in it: the repository's remotes and tags, the name of the folder.

use model::{Version, registry_part_fits};

/// What whoever proposes knows of the repository besides its files. Empty where nobody can say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Addresses of the remote that the repository is fetched from, the likeliest first.
    pub remotes: Vec<String>,
    /// Its tags, the newest first.
    pub tags: Vec<String>,
    /// Those of them that are on the commit.
    pub here: Vec<String>,
    /// The name of the tree's folder.
    pub folder: String,
}

impl Surroundings {
    /// The repository's web address.
    pub(super) fn repository(&self) -> Option<String> {
        self.remotes.iter().find_map(|remote| web_address(remote))
    }

    /// What the repository is called: as its remote says, else its folder.
    pub(super) fn name(&self) -> Option<String> {
        let address = self.repository();
        let of_remote = address.as_deref().and_then(|address| address.rsplit('/').next());
        let name = of_remote.unwrap_or(&self.folder);
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// How the commit's tags are written, or else those that exist, and one of them: those with
    /// nothing or `v` in front of the version where there are such, else those that are most.
    pub(super) fn tag(&self) -> Option<(String, &str)> {
        pattern(&self.here).or_else(|| pattern(&self.tags))
    }
}

fn pattern(tags: &[String]) -> Option<(String, &str)> {
    let mut patterns: Vec<(String, &str, usize)> = Vec::new();
    for tag in tags {
        let Some(prefix) = before_version(tag) else { continue };
        match patterns.iter_mut().find(|(known, ..)| known == prefix) {
            Some((_, _, count)) => *count += 1,
            None => patterns.push((prefix.to_owned(), tag, 1)),
        }
    }
    let is_plain = |prefix: &str| ["", "v"].contains(&prefix);
    // Of equals, the last one is taken: the newest has to stand there.
    patterns.reverse();
    let best = patterns.into_iter().max_by_key(|(prefix, _, count)| (is_plain(prefix), *count));
    best.map(|(prefix, tag, _)| (format!("{prefix}{{version}}"), tag))
}

/// What stands in front of the version in a tag that ends with one.
fn before_version(tag: &str) -> Option<&str> {
    let is_version = |text: &str| text.contains('.') && Version::parse(text).is_ok();
    let mut starts = tag.char_indices().filter(|(at, c)| {
        let before = tag[..*at].chars().next_back();
        c.is_ascii_digit() && !before.is_some_and(|c| c.is_ascii_digit() || c == '.')
    });
    let (at, _) = starts.find(|(at, _)| is_version(&tag[*at..]))?;
    let prefix = &tag[..at];
    (!prefix.contains(['{', '}'])).then_some(prefix)
}

/// The web address of the repository that git reaches at `remote` (git-fetch, "GIT URLS"); nothing
/// where it is a folder, or a name that only this machine knows.
fn web_address(remote: &str) -> Option<String> {
    let (scheme, rest) = match remote.split_once("://") {
        Some((scheme, rest)) => (scheme, rest),
        // `user@host:path`.
        None => ("ssh", remote),
    };
    if !["https", "http", "ssh", "git", "git+ssh", "ssh+git"].contains(&scheme) {
        return None;
    }
    let separators: &[char] = if remote.contains("://") { &['/'] } else { &[':', '/'] };
    let (host, path) = rest.split_at(rest.find(separators)?);
    if !remote.contains("://") && !path.starts_with(':') {
        return None;
    }
    let host = host.rsplit('@').next()?.to_ascii_lowercase();
    let is_web = scheme.starts_with("http");
    // A port of ssh is no port of the web.
    let host = if is_web { host.as_str() } else { host.split(':').next()? };
    let host = if host == "ssh.github.com" { "github.com" } else { host };
    let path = path.trim_matches(['/', ':']);
    let path = path.strip_suffix(".git").unwrap_or(path).trim_end_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.~+".contains(c);
    let parts_fit = path.split('/').all(|part| !part.is_empty() && part.chars().all(plain));
    let host_fits = host.contains('.') && host.chars().all(|c| plain(c) || c == ':');
    (parts_fit && host_fits && path.contains('/')).then(|| format!("https://{host}/{path}"))
}

/// The registry of the forge that `repository` is on, where it has one whose name is known and that
/// a configuration without `registry` would not take by itself.
pub(super) fn registry(repository: &str) -> Option<String> {
    let (host, path) = repository.strip_prefix("https://")?.split_once('/')?;
    let path = path.to_lowercase();
    let found = match host {
        "gitlab.com" => format!("registry.gitlab.com/{path}"),
        "codeberg.org" => format!("codeberg.org/{}", path.split('/').next()?),
        _ => return None,
    };
    found.split('/').skip(1).all(registry_part_fits).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_leads_to_the_page_of_its_repository() {
        let check = |remote: &str, expected: Option<&str>| {
            assert_eq!(web_address(remote).as_deref(), expected, "{remote}");
        };
        let github = Some("https://github.com/Own-er/na.me");
        for remote in [
            "git@github.com:Own-er/na.me.git",
            "github.com:Own-er/na.me",
            "git@github.com:/Own-er/na.me.git",
            "ssh://git@github.com/Own-er/na.me.git",
            "ssh://git@ssh.github.com:443/Own-er/na.me.git",
            "https://github.com/Own-er/na.me.git",
            "https://GitHub.com/Own-er/na.me/",
            "https://user@github.com/Own-er/na.me",
            "https://x-access-token:secret@github.com/Own-er/na.me.git",
            "git://github.com/Own-er/na.me.git",
            "git+ssh://git@github.com/Own-er/na.me.git",
        ] {
            check(remote, github);
        }
        check("git@gitlab.com:a/b/c.git", Some("https://gitlab.com/a/b/c"));
        check("https://git.example.org:8443/a/b.git", Some("https://git.example.org:8443/a/b"));
        check("ssh://git@git.example.org:2222/a/b.git", Some("https://git.example.org/a/b"));
        for remote in [
            "/srv/git/a/b.git",
            "../a/b",
            "file:///srv/git/a.git",
            "work:a/b.git",
            "C:\\git\\a",
            "https://github.com",
            "https://github.com/",
            "git@github.com:",
            "https://example.com/a b/c",
            "ext::sh -c x",
            "",
        ] {
            check(remote, None);
        }
    }

    #[test]
    fn tags_are_written_as_those_that_exist() {
        let check = |tags: &[&str], expected: Option<(&str, &str)>| {
            let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
            let around = Surroundings { tags, ..Surroundings::default() };
            let found = around.tag();
            let found = found.as_ref().map(|(pattern, tag)| (pattern.as_str(), *tag));
            assert_eq!(found, expected, "{:?}", around.tags);
        };
        check(&[], None);
        check(&["nightly", "latest", "v1"], None);
        check(&["8.4.2", "8.4.1"], Some(("{version}", "8.4.2")));
        check(&["v1.2.3-rc.1", "v1"], Some(("v{version}", "v1.2.3-rc.1")));
        check(&["name-v1.2.3"], Some(("name-v{version}", "name-v1.2.3")));
        check(&["release-1.2.3", "old"], Some(("release-{version}", "release-1.2.3")));
        check(&["lib2/v0.10.0"], Some(("lib2/v{version}", "lib2/v0.10.0")));
        check(&["chart-1.0.1", "chart-1.0.0", "v0.9.0"], Some(("v{version}", "v0.9.0")));
        check(&["b-v2.0.0", "a-v1.1.0", "a-v1.0.0"], Some(("a-v{version}", "a-v1.1.0")));
        check(&["v2.0.0", "1.0.0"], Some(("v{version}", "v2.0.0")));
        check(&["2.0.0", "v1.0.0"], Some(("{version}", "2.0.0")));
        let tags = ["v1.1.0", "v1.0.0", "8.4.2"].map(str::to_owned).to_vec();
        let around =
            Surroundings { tags, here: vec!["8.4.2".to_owned()], ..Surroundings::default() };
        assert_eq!(around.tag().unwrap().0, "{version}", "the commit's own tag decides");
    }

    #[test]
    fn a_registry_is_that_of_the_forge() {
        let check = |repository: &str, expected: Option<&str>| {
            assert_eq!(registry(repository).as_deref(), expected, "{repository}");
        };
        check("https://gitlab.com/Group/sub/Name", Some("registry.gitlab.com/group/sub/name"));
        check("https://codeberg.org/Owner/name", Some("codeberg.org/owner"));
        check("https://github.com/a/b", None);
        check("https://git.example.org/a/b", None);
    }
}
