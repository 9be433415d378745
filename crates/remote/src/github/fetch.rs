//! Brings the assets of a published release into a folder, for others to verify. What GitHub says
//! of an asset is held against its bytes; nothing here judges content.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use model::limits::MAX_RELEASE_ASSETS;
use model::{Code, Diagnostic};
use reqwest::header::ACCEPT;

use super::AwaitOn as _;
use super::api::Api;
use super::disk::MAX_ASSET_BYTES;
use super::place::Repository;
use super::rows::Asset;
use super::view::Desk;
use crate::Secret;
use crate::codes;
use crate::drive::each;
use crate::http::{Http, Request, address};

/// Bytes of one release at most, as far as it is fetched: far above what releases hold.
const MAX_RELEASE_BYTES: u64 = 16 << 30;

/// Assets that are fetched at a time.
const WIDTH: usize = 6;

/// A published release.
#[derive(Debug, Clone)]
pub struct ReleaseAddress<'a> {
    /// Where it is.
    pub repository: &'a Repository,
    /// Its tag.
    pub tag: &'a str,
    /// With whose leave; nobody's for what all may see.
    pub token: Option<Secret>,
}

/// Fetches the assets of a release into `folder`, which is made if need be, under their names; of
/// all its assets those whose name is `wanted`.
///
/// # Errors
/// `github-absent` when there is no such release; `github-digest` when an asset's bytes are not
/// what GitHub says; `github-asset-…` when it lists what no release holds; and what asking ends
/// with.
pub fn fetch(
    http: &Arc<Http>,
    from: &ReleaseAddress<'_>,
    folder: &Path,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<(), Diagnostic> {
    let Repository { api, owner, repo } = from.repository;
    let api = Api::new(http, api, from.token.clone())?;
    let desk = Desk { api: &api, repo: &format!("/repos/{owner}/{repo}") };
    let shown = format!("{owner}/{repo}@{}", from.tag);
    let release = desk.published(from.tag).await_on(&api)?;
    let listed = match release {
        Some(release) => desk.listed(release.id).await_on(&api)?,
        None => None,
    };
    let listed = listed.ok_or_else(|| absent(&shown))?;
    sound(&listed, &shown)?;
    fs::create_dir_all(folder).map_err(|error| {
        let message = format!("cannot make `{}`: {error}", folder.display());
        Diagnostic::new(&codes::REMOTE_FILE, message)
    })?;
    let wanted: Vec<&Asset> = listed.iter().filter(|asset| wanted(&asset.name)).collect();
    let fetched = each(&wanted, WIDTH, |asset| one(&desk, asset, folder));
    fetched.into_iter().flatten().collect()
}

/// That these can be files of one folder, and how large they are together.
fn sound(listed: &[Asset], shown: &str) -> Result<(), Diagnostic> {
    let wrong = |code: &'static Code, message: String| Err(Diagnostic::new(code, message));
    if listed.len() > MAX_RELEASE_ASSETS {
        let message = format!("`{shown}` lists {} assets", listed.len());
        return wrong(&codes::GITHUB_TOO_MANY_ASSETS, message);
    }
    let mut names = BTreeSet::new();
    for asset in listed {
        let name = asset.name.as_str();
        let is_name = name != "." && !name.contains('/') && model::path_problem(name).is_none();
        if !is_name || !names.insert(name) {
            let message = format!("`{shown}` lists `{}` twice, or no name", name.escape_debug());
            return wrong(&codes::GITHUB_ASSET_NAME, message);
        }
        if !asset.is_whole() {
            let message = format!("`{name}` of `{shown}` was sent in part only");
            return wrong(&codes::GITHUB_ASSET_PART, message);
        }
    }
    let bytes = listed.iter().fold(0_u64, |sum, asset| sum.saturating_add(asset.size));
    if bytes > MAX_RELEASE_BYTES || listed.iter().any(|asset| asset.size > MAX_ASSET_BYTES) {
        let message = format!("`{shown}` says that it has {bytes} bytes, more than is fetched");
        return wrong(&codes::GITHUB_ASSET_SIZE, message);
    }
    Ok(())
}

fn one(desk: &Desk<'_>, asset: &Asset, folder: &Path) -> Result<(), Diagnostic> {
    let api = desk.api;
    let request = request(desk, asset)?;
    let path = folder.join(&asset.name);
    let (size, digest) = match api.http.saved(&request, &path, asset.size).await_on(api) {
        // One byte too many is as wrong as one too few.
        Err(problem) if problem.code == &codes::REMOTE_BODY_LIMIT => {
            (asset.size.saturating_add(1), None)
        }
        other => other.map(|(size, digest)| (size, Some(digest)))?,
    };
    if size != asset.size {
        let message = format!(
            "`{}` is said to have {} bytes; {size} or more are served",
            asset.name, asset.size
        );
        return Err(lie(message));
    }
    match (asset.sha256(), digest) {
        (Some(told), Some(found)) if told != found => {
            let message =
                format!("`{}` is said to be {told}; what is served is {found}", asset.name);
            Err(lie(message))
        }
        _ => Ok(()),
    }
}

/// The API counts what strangers ask; downloads it does not count.
fn request(desk: &Desk<'_>, asset: &Asset) -> Result<Request, Diagnostic> {
    if !desk.api.is_signed() && !asset.browser_download_url.is_empty() {
        return Ok(Request::get(address(&asset.browser_download_url)?));
    }
    let base = desk.api.base.as_str().trim_end_matches('/');
    let url = address(&format!("{base}{}/releases/assets/{}", desk.repo, asset.id))?;
    desk.api.signed(Request::get(url).header(ACCEPT, "application/octet-stream"))
}

fn absent(shown: &str) -> Diagnostic {
    Diagnostic::new(&codes::GITHUB_ABSENT, format!("there is no published release `{shown}`")).help(
        "look at the name and the tag; a private repository looks absent to strangers: set \
         `GITHUB_TOKEN`",
    )
}

fn lie(message: String) -> Diagnostic {
    Diagnostic::new(&codes::GITHUB_DIGEST, message)
        .help("GitHub, or something between it and here, alters what it holds: do not use it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_files_of_one_folder_is_fetched() {
        let asset = |name: &str, state: &str, size: u64| Asset {
            id: 1,
            name: name.to_owned(),
            state: state.to_owned(),
            size,
            digest: None,
            browser_download_url: String::new(),
        };
        let good = || asset("a", "uploaded", 1);
        let check = |listed: &[Asset], expected: Result<(), &str>| {
            let found = sound(listed, "o/r@v1").map_err(|problem| problem.code.to_string());
            assert_eq!(found, expected.map_err(str::to_owned), "{listed:?}");
        };
        check(&[], Ok(()));
        check(&[good(), asset("b.tgz", "uploaded", 2)], Ok(()));
        check(&[good(), good()], Err("github-asset-name"));
        for name in ["../a", "a/b", "", ".", ".."] {
            check(&[asset(name, "uploaded", 1)], Err("github-asset-name"));
        }
        check(&[asset("a", "starter", 1)], Err("github-asset-part"));
        check(&[asset("a", "uploaded", u64::MAX)], Err("github-asset-size"));
        check(&vec![good(); 1_001], Err("github-too-many-assets"));
    }
}
