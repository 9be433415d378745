//! The room of registries: what a shipment holds is asked about and written, thing by thing.

mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use model::{Diagnostic, Digest, Format, Manifest};

use self::standing::Standing;
use super::anonymous::anonymous;
use super::options::Options;
use super::reference::Reference;
use super::registry::Registry;
use super::shipment::{self, Content, Entry, Moves, Shipment, Thing};
use crate::age::{newer, numbers};
use crate::codes;
use crate::http::Http;
use crate::{Answer, Item, Room};

/// The registries of a release.
pub struct OciRoom<'h> {
    name: &'static str,
    registries: BTreeMap<String, Registry<'h>>,
    shipment: Shipment,
    /// Which repositories hold a blob, by registry, as far as seen: others mount it from there.
    held: Mutex<BTreeMap<(String, Digest), BTreeSet<String>>>,
    standing: Standing,
    /// Whether every blob is asked about.
    recheck: bool,
    /// What this run wrote, by the items' names.
    written: Mutex<BTreeSet<String>>,
    /// Tags that stay where they are.
    notices: Mutex<BTreeSet<Diagnostic>>,
    http: &'h Http,
}

/// The room for all images and charts of `manifest`, whose files are in `dist`. Asks no registry
/// yet.
///
/// # Errors
/// `registry-reference` when a name is not as registries take it, `registry-source` when a file of
/// `dist` is missing or altered.
pub fn room<'h>(
    http: &'h Http,
    manifest: &Manifest,
    dist: &Path,
    options: &Options,
) -> Result<OciRoom<'h>, Diagnostic> {
    let shipment = shipment::plan(manifest, dist, options)?;
    let mut registries = BTreeMap::new();
    for entry in shipment.entries.values() {
        if !registries.contains_key(&entry.registry) {
            let registry = Registry::new(http, &entry.registry, &options.keychain)?;
            registries.insert(entry.registry.clone(), registry);
        }
    }
    let name = if options.formats.contains(&Format::Oci) { "oci" } else { "helm" };
    Ok(OciRoom {
        name,
        registries,
        shipment,
        held: Mutex::default(),
        standing: Standing::new(),
        recheck: options.recheck,
        written: Mutex::default(),
        notices: Mutex::default(),
        http,
    })
}

impl OciRoom<'_> {
    /// What people pull when all is published.
    #[must_use]
    pub fn roots(&self) -> &[Reference] {
        &self.shipment.roots
    }

    fn find(&self, item: &Item) -> Result<(&Entry, &Registry<'_>), Diagnostic> {
        let entry = self.shipment.entries.get(&item.name);
        let found = entry.and_then(|entry| Some((entry, self.registries.get(&entry.registry)?)));
        found.ok_or_else(|| {
            let message = format!("`{}` is no item of this room", item.name);
            Diagnostic::new(&codes::REGISTRY_ITEM, message)
        })
    }

    fn was_written(&self, item: &Item) -> bool {
        self.written.lock().is_ok_and(|written| written.contains(&item.name))
    }

    fn remember(&self, entry: &Entry, digest: &Digest) {
        if let Ok(mut held) = self.held.lock() {
            let key = (entry.registry.clone(), *digest);
            held.entry(key).or_default().insert(entry.repository.clone());
        }
    }

    /// Another repository that holds the blob.
    fn elsewhere(&self, entry: &Entry, digest: &Digest) -> Option<String> {
        let held = self.held.lock().ok()?;
        let homes = held.get(&(entry.registry.clone(), *digest))?;
        homes.iter().find(|home| **home != entry.repository).cloned()
    }
}

impl Room for OciRoom<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn items(&self) -> &[Item] {
        &self.shipment.items
    }

    fn ask(&self, item: &Item) -> Result<Answer, Diagnostic> {
        let (entry, registry) = self.find(item)?;
        let mut attempt = 1;
        let answer = loop {
            let answer = self.http.block_on(self.look(entry, registry, item))?;
            let missing = matches!(answer, Answer::Absent | Answer::Stale);
            // What was just written may be served late: registries have caches and replicas.
            let last = attempt >= self.http.patience().attempts;
            if last || !missing || !self.was_written(item) {
                break answer;
            }
            self.http.block_on(self.http.wait(attempt, None));
            attempt += 1;
        };
        if answer == Answer::Same && matches!(entry.thing, Thing::Blob(..)) {
            self.remember(entry, &item.digest);
        }
        Ok(answer)
    }

    fn write(&self, item: &Item) -> Result<(), Diagnostic> {
        let (entry, registry) = self.find(item)?;
        let repository = entry.repository.as_str();
        self.standing.end();
        if let Thing::Tag { .. } = entry.thing {
            // A registry moves any tag when told to, so another publisher's is looked for once
            // more right before. What it then finds is the caller's to name.
            let found = self.http.block_on(self.look(entry, registry, item))?;
            if matches!(found, Answer::Other(_) | Answer::Same) {
                return Ok(());
            }
        }
        let from = self.elsewhere(entry, &item.digest);
        self.http.block_on(async {
            match &entry.thing {
                Thing::Blob(source, _) => {
                    let from = from.as_deref();
                    registry.put_blob(repository, &item.digest, item.size, source, from).await
                }
                Thing::Manifest(Content { media_type, bytes }) => {
                    let target = item.digest.to_string();
                    registry.put_manifest(repository, &target, media_type, bytes).await
                }
                Thing::Listing(entries) => registry.list(repository, &item.digest, entries).await,
                Thing::Tag { tag, content: Content { media_type, bytes }, .. } => {
                    registry.put_manifest(repository, tag, media_type, bytes).await
                }
            }
        })?;
        if let Ok(mut written) = self.written.lock() {
            written.insert(item.name.clone());
        }
        Ok(())
    }

    fn notices(&self) -> Vec<Diagnostic> {
        self.notices.lock().map(|notices| notices.iter().cloned().collect()).unwrap_or_default()
    }

    fn hidden(&self) -> Vec<Diagnostic> {
        let open =
            |root: &&Reference| self.registries.get(&root.registry).is_some_and(Registry::is_open);
        let behind_a_login: Vec<&Reference> =
            self.shipment.roots.iter().filter(|root| !open(root)).collect();
        anonymous(self.http, &behind_a_login)
    }
}

impl OciRoom<'_> {
    /// What a registry holds under an item's name.
    async fn look(
        &self,
        entry: &Entry,
        registry: &Registry<'_>,
        item: &Item,
    ) -> Result<Answer, Diagnostic> {
        let repository = entry.repository.as_str();
        let there = |held| if held { Answer::Same } else { Answer::Absent };
        match &entry.thing {
            Thing::Blob(_, by) => {
                if self.is_vouched_for(entry, registry, by).await? {
                    return Ok(Answer::Same);
                }
                registry.holds_blob(repository, &item.digest, item.size).await.map(there)
            }
            Thing::Manifest(content) => {
                self.stands(entry, registry, &item.name, content).await.map(there)
            }
            Thing::Listing(entries) => {
                let listed = registry.referrers(repository, &item.digest).await?.digests();
                let missing = entries.iter().any(|one| !listed.contains(&one.digest));
                Ok(match (missing, listed.is_empty()) {
                    (false, _) => Answer::Same,
                    (true, true) => Answer::Absent,
                    (true, false) => Answer::Stale,
                })
            }
            Thing::Tag { tag, moves, .. } => {
                let found = registry.tag(repository, tag).await?;
                if found == Some(item.digest) {
                    return Ok(Answer::Same);
                }
                if let Moves::Forward(version) = moves
                    && let Some(why) = ahead(registry, repository, tag, version, found).await?
                {
                    self.stays(item, &why);
                    return Ok(Answer::Same);
                }
                Ok(match (found, moves) {
                    (None, _) => Answer::Absent,
                    (Some(found), Moves::Never) => Answer::Other(found.to_string()),
                    (Some(_), _) => Answer::Stale,
                })
            }
        }
    }

    /// Whether a blob is held, as the manifest called `by` stands that names it.
    async fn is_vouched_for(
        &self,
        entry: &Entry,
        registry: &Registry<'_>,
        by: &str,
    ) -> Result<bool, Diagnostic> {
        let manifest = self.shipment.entries.get(by).map(|entry| &entry.thing);
        match manifest {
            Some(Thing::Manifest(content)) if !self.recheck && self.standing.holds() => {
                self.stands(entry, registry, by, content).await
            }
            _ => Ok(false),
        }
    }

    async fn stands(
        &self,
        entry: &Entry,
        registry: &Registry<'_>,
        name: &str,
        content: &Content,
    ) -> Result<bool, Diagnostic> {
        let (digest, size) = (Digest::of(&content.bytes), content.bytes.len() as u64);
        let question = registry.holds_manifest(&entry.repository, &digest, size);
        self.standing.ask(name, question).await
    }

    fn stays(&self, item: &Item, why: &str) {
        let message = format!("`{}` stays where it is: {why}", item.name);
        let problem = Diagnostic::new(&codes::REGISTRY_TAG_STAYS, message)
            .help("move it by hand, if it is to point at this release all the same");
        if let Ok(mut notices) = self.notices.lock() {
            notices.insert(problem);
        }
    }
}

/// Why a tag that only goes forward stays: what is newer than `version`, or what cannot be told.
async fn ahead(
    registry: &Registry<'_>,
    repository: &str,
    tag: &str,
    version: &str,
    found: Option<Digest>,
) -> Result<Option<String>, Diagnostic> {
    if let Some(tags) = registry.tags(repository).await? {
        let newer = newer(&tags, version);
        return Ok(newer.map(|newer| format!("`{newer}` is newer than `{version}`")));
    }
    if found.is_none() {
        return Ok(None);
    }
    let said = registry.version_of(repository, tag).await?;
    let told = said.as_deref().and_then(numbers).zip(numbers(version));
    Ok(match (told, said) {
        (Some((there, own)), _) if own >= there => None,
        (Some(_), Some(said)) => Some(format!("`{said}` is newer than `{version}`")),
        _ => Some("the registry lists no tags, and what it points at says no version".to_owned()),
    })
}
