//! One asset on its way: streamed from disk, resumed by sending it again.

use http::{Attempt, Content, Request};
use model::Diagnostic;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE};

use super::{Answer, GithubReleases, Held};
use crate::api::{BlockOn as _, Failed};
use crate::codes;
use crate::downloads::Download;
use crate::repository::{escaped, upload_address};
use crate::responses::Asset;

impl GithubReleases {
    /// Sends a download until the draft holds it. What was sent in part is deleted first: GitHub
    /// takes no second part.
    pub(crate) fn write_asset(&self, download: &Download) -> Result<(), Diagnostic> {
        self.api.http.retry_blocking(|_| {
            let view = self.view()?;
            let main = view.main.as_ref().filter(|main| main.release.draft);
            let main = main.ok_or_else(|| self.no_draft())?;
            if let Some(asset) = main.assets.get(&download.name) {
                match self.compare(download, asset, true)? {
                    Answer::Stale | Answer::Absent => self.discard(asset)?,
                    Answer::Same | Answer::Other(_) => return Ok(Attempt::Done(())),
                }
            }
            let failed = match self.send(main, download) {
                Ok(asset) => {
                    self.state().sent.insert(asset.name.clone(), asset.id);
                    return Ok(Attempt::Done(()));
                }
                Err(failed) => failed,
            };
            // Part of it may be there now, or all of it, or another publisher was quicker.
            self.forget();
            let again = match &failed {
                Failed::Said { status, code, .. } => {
                    matches!(status, 404 | 408 | 500..) || code == "already_exists"
                }
                Failed::Unanswered(_) => true,
            };
            let problem = failed.problem();
            if again { Ok(Attempt::retry(Err(problem))) } else { Err(problem) }
        })
    }

    fn discard(&self, asset: &Asset) -> Result<(), Diagnostic> {
        self.repository().delete("releases/assets", asset.id).block_on(&self.api)
    }

    fn send(&self, main: &Held, download: &Download) -> Result<Asset, Failed> {
        let request = self.upload(main, download).map_err(Failed::Unanswered)?;
        let reply = self.api.http.send(request).block_on(&self.api).map_err(Failed::Unanswered)?;
        if !reply.status.is_success() {
            return Err(self.api.refused(reply.status, &reply.headers, &reply.body));
        }
        let asset: Asset = serde_json::from_slice(&reply.body).map_err(|error| {
            let message = format!("GitHub's answer to an upload cannot be read: {error}");
            Failed::Unanswered(Diagnostic::new(&codes::GITHUB_ANSWER, message))
        })?;
        if asset.name == download.name {
            return Ok(asset);
        }
        let shown = asset.name.escape_debug();
        let message = format!("GitHub changed the name of `{}` to `{shown}`", download.name);
        self.discard(&asset).map_err(Failed::Unanswered)?;
        let problem =
            Diagnostic::new(&codes::GITHUB_ASSET_NAME, message).help("use a plainer file name");
        Err(Failed::Said { status: 422, code: String::new(), problem })
    }

    fn upload(&self, main: &Held, download: &Download) -> Result<Request, Diagnostic> {
        let mut url = upload_address(&self.api.base, &main.release.upload_url)?;
        url.set_query(Some(&format!("name={}", escaped(&download.name))));
        let request = Request::new(Method::POST, url)
            .header(CONTENT_TYPE, content_type(&download.name))
            .header(ACCEPT, "application/vnd.github+json")
            .content(Content::File {
                path: download.path.clone(),
                offset: 0,
                length: download.size,
            });
        self.api.signed(request)
    }

    fn no_draft(&self) -> Diagnostic {
        let message = format!("the draft of `{}` does not exist any more", self.release.shown);
        Diagnostic::new(&codes::GITHUB_NO_DRAFT, message).help("run the same command again")
    }
}

/// The content type that browsers are given for a download.
fn content_type(name: &str) -> &'static str {
    let ends = |suffix: &str| name.ends_with(suffix);
    if ends(".json") {
        "application/json"
    } else if ends(".txt") || ends(".pub") || ends(".asc") {
        "text/plain"
    } else if ends(".tar.gz") || ends(".tgz") {
        "application/gzip"
    } else if ends(".whl") || ends(".zip") {
        "application/zip"
    } else {
        "application/octet-stream"
    }
}
