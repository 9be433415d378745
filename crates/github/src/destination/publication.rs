//! The publication: the one moment in which the draft becomes the release.

use model::Diagnostic;
use publish::release_numbers;
use serde_json::json;

use super::draft_marker::without_marker;
use super::{Answer, GithubReleases, Held, Wanted};
use crate::api::BlockOn as _;
use crate::codes;

impl GithubReleases {
    pub(crate) fn ask_publication(&self) -> Result<Answer, Diagnostic> {
        let view = self.view()?;
        let published = view.main.as_ref().filter(|main| !main.release.draft);
        let Some(published) = published else {
            return self.tag_is_ours().map(|_| Answer::Absent);
        };
        let differences = self.differences(published)?;
        if !differences.is_empty() {
            return Ok(Answer::Other(format!("a published release with {}", few(&differences))));
        }
        let foreign = self.foreign(published);
        if !foreign.is_empty() {
            let message = format!(
                "the published release `{}` also holds {}",
                self.release.shown,
                few(&foreign)
            );
            self.notice(
                Diagnostic::warning(&codes::GITHUB_FOREIGN_ASSET, message)
                    .help("someone attached that: this release does not vouch for it"),
            );
        }
        Ok(Answer::Same)
    }

    /// Publishes the draft, once all of it was read anew.
    pub(crate) fn write_publication(&self) -> Result<(), Diagnostic> {
        self.forget();
        let view = self.view()?;
        let main = view.main.as_ref().ok_or_else(|| self.unfinished("there is no draft"))?;
        if !main.release.draft {
            return Ok(());
        }
        self.no_foreign(main)?;
        let differences = self.differences(main)?;
        if !differences.is_empty() {
            return Err(self.unfinished(&few(&differences)));
        }
        self.delete_surplus(&view)?;
        let is_tagged = self.tag_is_ours()?;
        let mut body = json!({
            "tag_name": self.release.tag, "draft": false, "prerelease": self.release.prerelease,
            "make_latest": self.make_latest()?,
        });
        // Only a tag that has to be made takes it. GitHub refuses it to the token of a workflow for
        // a commit whose workflows are not those of the default branch.
        let commit = self.release.commit.as_ref().filter(|_| !is_tagged);
        if let (Some(commit), Some(body)) = (commit, body.as_object_mut()) {
            body.insert("target_commitish".to_owned(), json!(commit));
        }
        if let (Some(notes), Some(body)) = (&main.release.body, body.as_object_mut()) {
            body.insert("body".to_owned(), json!(without_marker(notes)));
        }
        let patched = self.patch(main.release.id, &body);
        self.forget();
        patched
    }

    /// What a release lacks or holds with other bytes.
    fn differences(&self, held: &Held) -> Result<Vec<String>, Diagnostic> {
        let mut differences = Vec::new();
        for download in self.downloads.values() {
            let name = &download.name;
            let Some(asset) = held.assets.get(name) else {
                differences.push(format!("no `{name}`"));
                continue;
            };
            match self.compare(download, asset, held.release.draft)? {
                Answer::Same => {}
                Answer::Other(found) => differences.push(format!("`{name}` as {found}")),
                Answer::Absent | Answer::Stale => differences.push(format!("half of `{name}`")),
            }
        }
        Ok(differences)
    }

    /// Whether the tag is there, and so names the commit that was built.
    fn tag_is_ours(&self) -> Result<bool, Diagnostic> {
        let Some(commit) = &self.release.commit else { return Ok(false) };
        match self.repository().tag_commit(&self.release.tag).block_on(&self.api)? {
            Some(found) if found != *commit => {
                let message = format!(
                    "the tag `{}` is at commit `{found}`; this release is of `{commit}`",
                    self.release.tag
                );
                Err(Diagnostic::new(&codes::GITHUB_TAG_ELSEWHERE, message)
                    .help("build from the tag's commit, or release under a new version"))
            }
            found => Ok(found.is_some()),
        }
    }

    /// Whether this release is to be shown as the latest: a stable one that is not older than the
    /// one that is. Where that is unknown, GitHub decides, by version and date.
    fn make_latest(&self) -> Result<&'static str, Diagnostic> {
        if self.release.prerelease {
            return Ok("false");
        }
        let latest = self.repository().latest().block_on(&self.api)?;
        let Some(latest) = latest else { return Ok("true") };
        let Wanted { tag, version, .. } = &self.release;
        Ok(match is_not_older(tag, version, &latest) {
            Some(true) => "true",
            Some(false) => "false",
            None => "legacy",
        })
    }

    fn unfinished(&self, what: &str) -> Diagnostic {
        let message = format!("`{}` is not published: {what}", self.release.shown);
        Diagnostic::new(&codes::GITHUB_UNFINISHED, message)
            .help("stage the release again, then finish")
    }
}

/// Differences that are named; more are counted.
const FEW: usize = 5;

fn few(all: &[String]) -> String {
    let shown: Vec<&str> = all.iter().take(FEW).map(String::as_str).collect();
    let more = all.len().saturating_sub(FEW);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{more}", shown.join(", "))
}

/// Whether a version is not older than the one of `latest`; nothing when its tag is not spelled
/// alike, and so is of another line of releases.
fn is_not_older(tag: &str, version: &str, latest: &str) -> Option<bool> {
    let at = tag.rfind(version)?;
    let (before, after) = (tag.get(..at)?, tag.get(at + version.len()..)?);
    let other = latest.strip_prefix(before)?.strip_suffix(after)?;
    Some(release_numbers(version)? >= release_numbers(other)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_release_that_is_not_older_becomes_the_latest() {
        let check = |tag: &str, version: &str, latest: &str, expected: Option<bool>| {
            assert_eq!(is_not_older(tag, version, latest), expected, "{tag} after {latest}");
        };
        check("v1.2.3", "1.2.3", "v1.2.2", Some(true));
        check("v1.2.3", "1.2.3", "v1.10.0", Some(false));
        check("v1.2.3", "1.2.3", "v2.0.0", Some(false));
        check("v2.0", "2.0", "v2.0.0", Some(true));
        check("v1.0.0.post1", "1.0.0.post1", "v1.0.0", Some(true));
        check("app-1.2.3-final", "1.2.3", "app-1.3.0-final", Some(false));
        check("app-1.2.3", "1.2.3", "other-9.0.0", None);
        check("v1.2.3", "1.2.3", "nightly", None);
        check("release", "1.2.3", "v9.0.0", None);
    }

    #[test]
    fn many_differences_are_counted() {
        let all: Vec<String> = (0..7).map(|number| number.to_string()).collect();
        assert_eq!(few(&all), "0, 1, 2, 3, 4 and 2 more");
        assert_eq!(few(&all[..1]), "0");
    }
}
