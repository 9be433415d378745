//! One asset on its way: streamed from disk, resumed by sending it again.

use model::Diagnostic;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE};

use super::api::Failed;
use super::disk::Download;
use super::place::{escaped, upload_address};
use super::rows::Asset;
use super::{Answer, AwaitOn as _, Github, Held};
use crate::codes;
use crate::http::{Content, Request};

impl Github {
    /// Sends a download until the draft holds it. What was sent in part is deleted first: GitHub
    /// takes no second part.
    pub(super) fn write_asset(&self, download: &Download) -> Result<(), Diagnostic> {
        let attempts = self.api.http.patience().attempts;
        let mut attempt = 1;
        loop {
            let view = self.view()?;
            let main = view.main.as_ref().filter(|main| main.release.draft);
            let main = main.ok_or_else(|| self.no_draft())?;
            if let Some(asset) = main.assets.get(&download.name) {
                match self.compare(download, asset, true)? {
                    Answer::Stale | Answer::Absent => self.discard(asset)?,
                    Answer::Same | Answer::Other(_) => return Ok(()),
                }
            }
            let failed = match self.send(main, download) {
                Ok(asset) => {
                    self.state().sent.insert(asset.name.clone(), asset.id);
                    return Ok(());
                }
                Err(failed) => failed,
            };
            // Part of it may be there now, or all of it, or another publisher was quicker.
            self.forget();
            let again = match &failed {
                Failed::Said { status, code, .. } => {
                    matches!(status, 404 | 408 | 500..) || code == "already_exists"
                }
                Failed::Unheard(_) => true,
            };
            if !again || attempt >= attempts {
                return Err(failed.problem());
            }
            self.api.http.wait(attempt, None).await_on(&self.api);
            attempt += 1;
        }
    }

    fn discard(&self, asset: &Asset) -> Result<(), Diagnostic> {
        self.desk().delete("releases/assets", asset.id).await_on(&self.api)
    }

    fn send(&self, main: &Held, download: &Download) -> Result<Asset, Failed> {
        let request = self.upload(main, download).map_err(Failed::Unheard)?;
        let reply = self.api.http.send(request).await_on(&self.api).map_err(Failed::Unheard)?;
        if !reply.status.is_success() {
            return Err(self.api.refused(reply.status, &reply.headers, &reply.body));
        }
        let asset: Asset = serde_json::from_slice(&reply.body).map_err(|error| {
            let message = format!("GitHub's answer to an upload cannot be read: {error}");
            Failed::Unheard(Diagnostic::new(&codes::GITHUB_ANSWER, message))
        })?;
        if asset.name == download.name {
            return Ok(asset);
        }
        let shown = asset.name.escape_debug();
        let message = format!("GitHub changed the name of `{}` to `{shown}`", download.name);
        self.discard(&asset).map_err(Failed::Unheard)?;
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
        let message = format!("the draft of `{}` is gone", self.release.shown);
        Diagnostic::new(&codes::GITHUB_NO_DRAFT, message).help("run the same command again")
    }
}

/// What browsers are told that a download is.
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
