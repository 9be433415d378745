//! Registries as a destination: what a shipment holds is asked about and written, object by object.

mod manifest_cache;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use http::{Attempt, Http};
use model::{Diagnostic, Digest, Manifest};
use publish::{Answer, Destination, Item, newest_above, release_numbers};

use self::manifest_cache::ManifestCache;
use crate::anonymous::anonymous;
use crate::client::Registry;
use crate::codes;
use crate::reference::Reference;
use crate::shipment::{self, Content, Entry, Moves, Object, Options, Shipment};

/// The registries of a release.
pub struct RegistryDestination<'h> {
    name: String,
    registries: BTreeMap<String, Registry<'h>>,
    shipment: Shipment,
    /// Which repositories hold a blob, by registry, as far as seen: others mount it from there.
    held: Mutex<BTreeMap<(String, Digest), BTreeSet<String>>>,
    manifests: ManifestCache,
    /// Whether every blob is asked about.
    recheck: bool,
    /// What this run wrote, by the items' names.
    written: Mutex<BTreeSet<String>>,
    /// Tags that are not moved.
    notices: Mutex<BTreeSet<Diagnostic>>,
    http: &'h Http,
}

/// The destination for what `manifest` has for registries, whose files are in `dist`. Asks no
/// registry yet.
///
/// # Errors
/// `registry-reference` when a name is not as registries take it, `registry-source` when a file of
/// `dist` is missing or altered.
pub fn destination<'h>(
    http: &'h Http,
    manifest: &Manifest,
    dist: &Path,
    options: &Options<'_>,
) -> Result<RegistryDestination<'h>, Diagnostic> {
    let shipment = shipment::plan(manifest, dist, options)?;
    let mut registries = BTreeMap::new();
    for entry in shipment.entries.values() {
        if !registries.contains_key(&entry.registry) {
            let registry = Registry::new(http, &entry.registry, &options.keychain)?;
            registries.insert(entry.registry.clone(), registry);
        }
    }
    Ok(RegistryDestination {
        name: options.name.to_owned(),
        registries,
        shipment,
        held: Mutex::default(),
        manifests: ManifestCache::new(),
        recheck: options.recheck,
        written: Mutex::default(),
        notices: Mutex::default(),
        http,
    })
}

impl RegistryDestination<'_> {
    /// What people pull when all is published.
    #[must_use]
    pub fn roots(&self) -> &[Reference] {
        &self.shipment.roots
    }

    fn find(&self, item: &Item) -> Result<(&Entry, &Registry<'_>), Diagnostic> {
        let entry = self.shipment.entries.get(&item.name);
        let found = entry.and_then(|entry| Some((entry, self.registries.get(&entry.registry)?)));
        found.ok_or_else(|| {
            let message = format!("`{}` is not an item of this destination", item.name);
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
    fn other_holder(&self, entry: &Entry, digest: &Digest) -> Option<String> {
        let held = self.held.lock().ok()?;
        let holders = held.get(&(entry.registry.clone(), *digest))?;
        holders.iter().find(|holder| **holder != entry.repository).cloned()
    }
}

impl Destination for RegistryDestination<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn items(&self) -> &[Item] {
        &self.shipment.items
    }

    fn ask(&self, item: &Item) -> Result<Answer, Diagnostic> {
        let (entry, registry) = self.find(item)?;
        let answer = self.http.block_on(self.http.retry(async |_| {
            let answer = self.look(entry, registry, item).await?;
            let missing = matches!(answer, Answer::Absent | Answer::Stale);
            // What was just written may be served late: registries have caches and replicas.
            Ok(if missing && self.was_written(item) {
                Attempt::retry(Ok(answer))
            } else {
                Attempt::Done(answer)
            })
        }))?;
        if answer == Answer::Same && matches!(entry.object, Object::Blob(..)) {
            self.remember(entry, &item.digest);
        }
        Ok(answer)
    }

    fn write(&self, item: &Item) -> Result<(), Diagnostic> {
        let (entry, registry) = self.find(item)?;
        let repository = entry.repository.as_str();
        self.manifests.end();
        if let Object::Tag { .. } = entry.object {
            // A registry moves any tag on request, so another publisher's is looked for once
            // more right before. What is found then is reported by the caller.
            let found = self.http.block_on(self.look(entry, registry, item))?;
            if matches!(found, Answer::Other(_) | Answer::Same) {
                return Ok(());
            }
        }
        let from = self.other_holder(entry, &item.digest);
        self.http.block_on(async {
            match &entry.object {
                Object::Blob(source, _) => {
                    let from = from.as_deref();
                    registry.put_blob(repository, &item.digest, item.size, source, from).await
                }
                Object::Manifest(Content { media_type, bytes }) => {
                    let target = item.digest.to_string();
                    registry.put_manifest(repository, &target, media_type, bytes).await
                }
                Object::Listing(entries) => registry.list(repository, &item.digest, entries).await,
                Object::Tag { tag, content: Content { media_type, bytes }, .. } => {
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

impl RegistryDestination<'_> {
    /// What a registry holds under an item's name.
    async fn look(
        &self,
        entry: &Entry,
        registry: &Registry<'_>,
        item: &Item,
    ) -> Result<Answer, Diagnostic> {
        let repository = entry.repository.as_str();
        let there = |held| if held { Answer::Same } else { Answer::Absent };
        match &entry.object {
            Object::Blob(_, by) => {
                if self.is_implied_by(entry, registry, by).await? {
                    return Ok(Answer::Same);
                }
                registry.holds_blob(repository, &item.digest, item.size).await.map(there)
            }
            Object::Manifest(content) => {
                self.holds_manifest(entry, registry, &item.name, content).await.map(there)
            }
            Object::Listing(entries) => {
                let listed = registry.referrers(repository, &item.digest).await?.digests();
                let missing = entries.iter().any(|one| !listed.contains(&one.digest));
                Ok(match (missing, listed.is_empty()) {
                    (false, _) => Answer::Same,
                    (true, true) => Answer::Absent,
                    (true, false) => Answer::Stale,
                })
            }
            Object::Tag { tag, moves, .. } => {
                let found = registry.tag(repository, tag).await?;
                if found == Some(item.digest) {
                    return Ok(Answer::Same);
                }
                if let Moves::Forward(version) = moves
                    && let Some(why) = ahead(registry, repository, tag, version, found).await?
                {
                    self.note_unmoved(item, &why);
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

    /// Whether a blob is held because the manifest called `by`, which names it, is.
    async fn is_implied_by(
        &self,
        entry: &Entry,
        registry: &Registry<'_>,
        by: &str,
    ) -> Result<bool, Diagnostic> {
        let manifest = self.shipment.entries.get(by).map(|entry| &entry.object);
        match manifest {
            Some(Object::Manifest(content)) if !self.recheck && self.manifests.is_valid() => {
                self.holds_manifest(entry, registry, by, content).await
            }
            _ => Ok(false),
        }
    }

    async fn holds_manifest(
        &self,
        entry: &Entry,
        registry: &Registry<'_>,
        name: &str,
        content: &Content,
    ) -> Result<bool, Diagnostic> {
        let (digest, size) = (Digest::of(&content.bytes), content.bytes.len() as u64);
        let question = registry.holds_manifest(&entry.repository, &digest, size);
        self.manifests.ask(name, question).await
    }

    fn note_unmoved(&self, item: &Item, why: &str) {
        let message = format!("`{}` is not moved: {why}", item.name);
        let problem = Diagnostic::new(&codes::REGISTRY_TAG_STAYS, message)
            .help("move it by hand, if it is to point at this release all the same");
        if let Ok(mut notices) = self.notices.lock() {
            notices.insert(problem);
        }
    }
}

/// Why a tag that only goes forward stays: what is newer than `version`, or why that is unknown.
async fn ahead(
    registry: &Registry<'_>,
    repository: &str,
    tag: &str,
    version: &str,
    found: Option<Digest>,
) -> Result<Option<String>, Diagnostic> {
    if let Some(tags) = registry.tags(repository).await? {
        let newer = newest_above(&tags, version);
        return Ok(newer.map(|newer| format!("`{newer}` is newer than `{version}`")));
    }
    if found.is_none() {
        return Ok(None);
    }
    let said = registry.version_of(repository, tag).await?;
    let told = said.as_deref().and_then(release_numbers).zip(release_numbers(version));
    Ok(match (told, said) {
        (Some((there, own)), _) if own >= there => None,
        (Some(_), Some(said)) => Some(format!("`{said}` is newer than `{version}`")),
        _ => Some("the registry lists no tags, and what it points at has no version".to_owned()),
    })
}
