//! GitHub Releases: a draft, its assets, and one publication.
//!
//! Everything is collect_by_insertion in a draft, which only people with write access see; publishing it is one
//! request at the very end, after which nothing of it changes (releases may be immutable). What is
//! there is compared by GitHub's own digests. This room knows GitHub's REST API (2022-11-28); it
//! does not know what the downloads are.

mod api;
mod disk;
mod fetch;
mod mark;
mod place;
mod publication;
mod rows;
mod settle;
mod upload;
mod view;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{Diagnostic, Diagnostics, Digest, Manifest};

use self::api::Api;
use self::disk::Download;
use self::rows::Asset;
use self::view::{Desk, Held, View};
use crate::codes;
use crate::http::Http;
use crate::{Answer, Item, Phase, Room, Secret};

pub use fetch::{ReleaseAddress, fetch};
pub use place::Repository;

/// Where the release goes, and as whom.
#[derive(Debug, Clone)]
pub struct GithubSetup {
    /// The repository; see [`Repository::of`].
    pub repository: Repository,
    /// `GITHUB_TOKEN` or `GH_TOKEN`, with `contents: write`.
    pub token: Option<Secret>,
    /// Whether nothing will be written: then what is public can be asked about without a token.
    pub asks_only: bool,
    /// The release's notes, in Markdown.
    pub notes: Option<String>,
}

/// The room `github`.
pub struct Github {
    api: Api,
    /// `/repos/owner/repo`.
    repo: String,
    release: Wanted,
    items: Vec<Item>,
    downloads: BTreeMap<String, Download>,
    state: Mutex<State>,
}

/// What the release is to be.
struct Wanted {
    tag: String,
    version: String,
    name: String,
    notes: String,
    commit: Option<String>,
    prerelease: bool,
    /// The set of its assets, as `sha256sum` would list them.
    set: Digest,
    /// `owner/repo@tag`, for people.
    shown: String,
}

/// What was seen, and what this run did.
#[derive(Default)]
struct State {
    view: Option<Arc<View>>,
    /// Drafts that this run made.
    made: Option<u64>,
    /// Assets that this run sent, by name: they are read back one by one.
    sent: BTreeMap<String, u64>,
    notices: Vec<Diagnostic>,
}

/// What an item is.
enum Kind<'a> {
    Draft,
    Asset(&'a Download),
    Publication,
}

impl Github {
    /// A room for the downloads of `dist/github/`, which are read and hashed now.
    ///
    /// # Errors
    /// `credentials-missing`; `github-address`; `github-asset-…` for what is missing, altered, or
    /// would not be taken.
    pub fn new(
        http: &Arc<Http>,
        manifest: &Manifest,
        dist: &Path,
        setup: GithubSetup,
    ) -> Result<Self, Diagnostics> {
        let one = |problem| Diagnostics(vec![problem]);
        let token = setup.token.filter(|token| !token.expose().trim().is_empty());
        if token.is_none() && !setup.asks_only {
            return Err(one(missing_token()));
        }
        let Repository { api, owner, repo } = setup.repository;
        if !(place::is_name(&owner) && place::is_name(&repo)) {
            let message = format!("`{owner}/{repo}` cannot be a repository");
            return Err(one(Diagnostic::new(&codes::GITHUB_ADDRESS, message)));
        }
        let downloads = disk::downloads(manifest, dist)?;
        let release = Wanted::of(manifest, (&owner, &repo), setup.notes, &downloads);
        let items = items(&release, &downloads);
        let named = |one: Download| (format!("github:{}/{}", release.shown, one.name), one);
        Ok(Self {
            api: Api::new(http, &api, token).map_err(one)?,
            repo: format!("/repos/{owner}/{repo}"),
            items,
            downloads: downloads.into_iter().map(named).collect(),
            release,
            state: Mutex::default(),
        })
    }

    fn desk(&self) -> Desk<'_> {
        Desk { api: &self.api, repo: &self.repo }
    }

    fn kind(&self, item: &Item) -> Option<Kind<'_>> {
        match (item.phase, item.step) {
            (Phase::Stage, DRAFT_STEP) => Some(Kind::Draft),
            (Phase::Stage, _) => self.downloads.get(&item.name).map(Kind::Asset),
            (Phase::Finish, _) => Some(Kind::Publication),
            (Phase::Index, _) => None,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is there, asked once. One thread asks, the others wait for its answer.
    fn view(&self) -> Result<Arc<View>, Diagnostic> {
        let mut state = self.state();
        if let Some(view) = &state.view {
            return Ok(Arc::clone(view));
        }
        let asked = self.desk().view(&self.release.tag, state.made).await_on(&self.api)?;
        Ok(Arc::clone(state.view.insert(Arc::new(asked))))
    }

    /// Forgets what was seen, so that it is asked anew.
    fn forget(&self) {
        self.state().view = None;
    }

    fn notice(&self, problem: Diagnostic) {
        let mut state = self.state();
        if !state.notices.contains(&problem) {
            state.notices.push(problem);
        }
    }

    /// The asset of a download as it is now.
    fn asset(&self, download: &Download) -> Result<Option<Asset>, Diagnostic> {
        let sent = self.state().sent.remove(&download.name);
        if let Some(id) = sent {
            if let Some(asset) = self.desk().asset(id).await_on(&self.api)? {
                let mut state = self.state();
                let view = state.view.as_mut().map(Arc::make_mut);
                if let Some(main) = view.and_then(|view| view.main.as_mut()) {
                    main.assets.insert(asset.name.clone(), asset.clone());
                }
                return Ok(Some(asset).filter(|asset| asset.name == download.name));
            }
            self.forget();
        }
        let view = self.view()?;
        Ok(view.main.as_ref().and_then(|main| main.assets.get(&download.name)).cloned())
    }

    fn ask_asset(&self, download: &Download) -> Result<Answer, Diagnostic> {
        let Some(asset) = self.asset(download)? else { return Ok(Answer::Absent) };
        let draft = self.view()?.main.as_ref().is_none_or(|main| main.release.draft);
        self.compare(download, &asset, draft)
    }

    /// What an asset is to a download of the same name.
    fn compare(&self, wanted: &Download, asset: &Asset, draft: bool) -> Result<Answer, Diagnostic> {
        Ok(match self.compare_bytes(wanted, asset, draft)? {
            Answer::Other(found) if draft => Answer::Other(format!("{found} {IN_DRAFT}")),
            answer => answer,
        })
    }

    fn compare_bytes(
        &self,
        wanted: &Download,
        asset: &Asset,
        draft: bool,
    ) -> Result<Answer, Diagnostic> {
        if !asset.is_whole() {
            return Ok(Answer::Stale);
        }
        let same_size = asset.size == wanted.size;
        if let Some(digest) = asset.sha256() {
            return Ok(match digest == wanted.digest {
                true if same_size => Answer::Same,
                // One of the two is a lie.
                true => Answer::Other(format!("{digest}, but {} bytes", asset.size)),
                false => Answer::Other(digest.to_string()),
            });
        }
        // Servers of people tell no digests yet: their size decides, then their bytes.
        if !same_size {
            let found = format!("{} bytes instead of {}", asset.size, wanted.size);
            return Ok(if draft { Answer::Stale } else { Answer::Other(found) });
        }
        let found = self.desk().hashed(asset.id, wanted.size).await_on(&self.api)?;
        Ok(match found {
            Some(digest) if digest == wanted.digest => Answer::Same,
            Some(digest) => Answer::Other(digest.to_string()),
            None => Answer::Other(format!("more than {} bytes", wanted.size)),
        })
    }
}

impl Room for Github {
    fn name(&self) -> &str {
        "github"
    }

    fn items(&self) -> &[Item] {
        &self.items
    }

    fn ask(&self, item: &Item) -> Result<Answer, Diagnostic> {
        match self.kind(item) {
            Some(Kind::Draft) => self.ask_draft(),
            Some(Kind::Asset(download)) => self.ask_asset(download),
            Some(Kind::Publication) => self.ask_publication(),
            None => Err(unknown(item)),
        }
    }

    fn write(&self, item: &Item) -> Result<(), Diagnostic> {
        match self.kind(item) {
            Some(Kind::Draft) => self.write_draft(),
            Some(Kind::Asset(download)) => self.write_asset(download),
            Some(Kind::Publication) => self.write_publication(),
            None => Err(unknown(item)),
        }
    }

    fn notices(&self) -> Vec<Diagnostic> {
        self.state().notices.clone()
    }
}

/// Said of what is not yet seen, and so may be undone.
const IN_DRAFT: &str = "(in a draft: delete that to start again)";

const DRAFT_STEP: u8 = 0;
const ASSET_STEP: u8 = 1;

impl Wanted {
    fn of(
        manifest: &Manifest,
        (owner, repo): (&str, &str),
        notes: Option<String>,
        downloads: &[Download],
    ) -> Self {
        let release = &manifest.release;
        let lines = downloads.iter().map(|one| format!("{}  {}\n", one.digest.hex(), one.name));
        Self {
            tag: release.tag.clone(),
            version: release.version.text().to_owned(),
            name: release.tag.clone(),
            notes: notes.unwrap_or_default(),
            commit: manifest.source.commit.clone(),
            prerelease: release.version.is_prerelease(),
            set: Digest::of(lines.collect::<String>().as_bytes()),
            shown: format!("{owner}/{repo}@{}", release.tag),
        }
    }
}

fn items(release: &Wanted, downloads: &[Download]) -> Vec<Item> {
    let shown = &release.shown;
    let of_set = |name: String, phase: Phase, step: u8| Item {
        name,
        phase,
        step,
        size: 0,
        digest: release.set,
    };
    let draft = of_set(format!("github:{shown} (draft)"), Phase::Stage, DRAFT_STEP);
    let asset = |download: &Download| Item {
        name: format!("github:{shown}/{}", download.name),
        phase: Phase::Stage,
        step: ASSET_STEP,
        size: download.size,
        digest: download.digest,
    };
    let publication = of_set(format!("github:{shown}"), Phase::Finish, PUBLICATION_STEP);
    let assets = downloads.iter().map(asset);
    [draft].into_iter().chain(assets).chain([publication]).collect()
}

/// After every tag of a registry: what a release's notes point at is there when it is seen.
const PUBLICATION_STEP: u8 = u8::MAX;

fn missing_token() -> Diagnostic {
    let message = "a GitHub release needs a token, and `GITHUB_TOKEN` (or `GH_TOKEN`) is not set";
    Diagnostic::new(&codes::CREDENTIALS_MISSING, message).help(
        "in a workflow: `permissions: contents: write` and `GITHUB_TOKEN: ${{ github.token }}`; \
         elsewhere: `GH_TOKEN=$(gh auth token)`",
    )
}

fn unknown(item: &Item) -> Diagnostic {
    Diagnostic::new(&codes::GITHUB_ITEM, format!("`{}` is no item of this room", item.name))
}

/// Drives a question to its end from a thread of the driver.
trait AwaitOn: Future + Sized {
    fn await_on(self, api: &Api) -> Self::Output {
        api.http.block_on(self)
    }
}

impl<F: Future> AwaitOn for F {}
