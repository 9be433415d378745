//! The end of a publication: everything that was published, fetched as anybody would and checked.

use std::collections::BTreeSet;
use std::thread;

use ::publish::{ItemReport, ItemStatus};
use evidence::Verified as SignedBy;
use format::{Form, Inspects};
use github::Repository;
use http::Attempt;
use model::{Artifact, Class, Diagnostic, Diagnostics, Digest, Format};
use registry::Reference;
use serde::Serialize;
use verify::{Policy, Report, Signer};

use super::Destination;
use super::destinations::Destinations;
use crate::codes;
use crate::folder::Folder;
use crate::index;
use crate::options::{Failure, Kind};
use crate::subject::{self, Release, Version};

/// What is served under one name, and what was found.
#[derive(Debug, Clone, Serialize)]
pub struct Verified {
    /// The name, as `verify` takes it.
    pub subject: String,
    /// Whether it is what was sealed, whole and signed.
    pub good: bool,
    /// Things that were looked at.
    pub looked_at: usize,
    /// What is wrong.
    pub problems: Diagnostics,
    /// What a failure means; nothing where it is good.
    #[serde(skip)]
    kind: Option<Kind>,
}

impl Verified {
    pub(super) fn failure(&self) -> Option<Kind> {
        self.kind
    }

    fn of(subject: String, looked: Result<Report, Diagnostic>) -> Self {
        let failed = |kind, problems: Diagnostics| (0, Some(kind), problems);
        let (looked_at, kind, problems) = match looked {
            Ok(report) => {
                let looked_at = report.checks.iter().map(|check| check.looked_at).sum();
                let kind = Failure::of_report(&report).map(|failure| failure.kind);
                (looked_at, kind, report.problems())
            }
            Err(problem) => {
                let failure = subject::judged(problem);
                failed(failure.kind, failure.problems)
            }
        };
        Self { subject, good: kind.is_none(), looked_at, problems, kind }
    }
}

/// One thing to look at.
enum Subject {
    Registry(Reference, Option<Digest>),
    Release(Release),
    Index(String, Version),
}

/// What is known before anything is looked at.
struct Known<'k> {
    policy: &'k Policy,
    sealed: &'k Digest,
    known: &'k BTreeSet<Digest>,
}

/// Looked at a time.
const WIDTH: usize = 4;

impl Destinations<'_> {
    /// Looks at all that the release with digest `sealed` has at its destinations, with whoever
    /// signed it. Large layers among `written`, which this run sent and asked about again, are not
    /// fetched back.
    ///
    /// # Errors
    /// When a destination cannot be named, or the key not be read; the answers say what is wrong.
    pub(super) fn look(
        &self,
        dist: &Folder,
        sealed: &Digest,
        written: &[ItemReport],
    ) -> Result<Vec<Verified>, Failure> {
        let trusted = verify::named_signers(dist, self.manifest)?;
        let policy = match trusted.is_empty() {
            true => self.asked.policy.clone(),
            false => Policy { trusted },
        };
        let known = self.known(written);
        let by = Known { policy: &policy, sealed, known: &known };
        let mut verified = Vec::new();
        for some in self.subjects()?.chunks(WIDTH) {
            let looked: Option<Vec<Verified>> = thread::scope(|scope| {
                let running: Vec<_> =
                    some.iter().map(|subject| scope.spawn(|| self.look_at(subject, &by))).collect();
                running.into_iter().map(|thread| thread.join().ok()).collect()
            });
            // What nobody looked at to the end is not known to be right.
            let unknown =
                || Diagnostic::new(&codes::VERIFY_STOPPED, "a look from the outside broke off");
            verified.extend(looked.ok_or_else(unknown)?);
        }
        Ok(verified)
    }

    fn subjects(&self) -> Result<Vec<Subject>, Failure> {
        let mut subjects = Vec::new();
        for to in &self.selected {
            match to {
                Destination::Github => {
                    let release = &self.manifest.release;
                    let api = self.asked.environment.text("GITHUB_API_URL");
                    let repository = Repository::of(&release.repository, api)?;
                    subjects
                        .push(Subject::Release(Release { repository, tag: release.tag.clone() }));
                }
                Destination::Format(format) => {
                    let format = <dyn Inspects>::of(self.asked.formats.inspects, *format)?;
                    match format.destination() {
                        format::Destination::Index => {
                            subjects.extend(self.on_the_index(format)?);
                        }
                        format::Destination::Registry => {
                            subjects.extend(self.in_registries(format)?);
                        }
                        // They are looked at as assets of the release.
                        format::Destination::Downloads => {}
                    }
                }
            }
        }
        Ok(subjects)
    }

    fn in_registries(&self, format: &dyn Inspects) -> Result<Vec<Subject>, Diagnostic> {
        let subject = |root: Reference| {
            let digest = self.digest_of(&root);
            Subject::Registry(root, digest)
        };
        Ok(self.roots(format)?.into_iter().map(subject).collect())
    }

    fn on_the_index(&self, format: &dyn Inspects) -> Result<Vec<Subject>, Failure> {
        let index = index::find(&self.index_sources())?.check;
        let index = index.ok_or_else(python_index::unknown_index)?;
        let versions = python_index::versions_of(self.manifest, &[format]).into_iter();
        let subject =
            |(project, version)| Subject::Index(index.clone(), Version { project, version });
        Ok(versions.map(subject).collect())
    }

    /// What was sealed for a root of a registry.
    fn digest_of(&self, root: &Reference) -> Option<Digest> {
        let is_it = |artifact: &&Artifact| {
            let reference = Reference::parse(&artifact.reference);
            reference.is_ok_and(|found| {
                (&found.registry, &found.repository) == (&root.registry, &root.repository)
            })
        };
        let formats = self.asked.formats.inspects;
        self.manifest.artifacts.iter().filter(is_it).find_map(|artifact| {
            let (_, kind) = <dyn Inspects>::of_artifact(formats, artifact).ok()?;
            // An image for one platform is no root: its index is.
            let is_root = kind.form != Form::Manifest;
            kind.form.registered(artifact).filter(|_| is_root).map(|file| file.digest)
        })
    }

    /// The digests of what was just written and is too large to be fetched back for nothing: a
    /// registry hashes what it takes, and said afterwards that it has these bytes. Layers that are
    /// judged by their content are fetched all the same.
    fn known(&self, written: &[ItemReport]) -> BTreeSet<Digest> {
        let formats = self.asked.formats.inspects.iter();
        let unread: Vec<Format> = formats
            .filter(|format| format.served_type().is_none())
            .map(|format| format.format())
            .collect();
        let large = written.iter().filter(|ended| {
            unread.iter().any(|format| format.as_str() == ended.destination)
                && ended.status == ItemStatus::Written
                && ended.item.size > MAX_FETCHED_BACK
        });
        large.map(|ended| ended.item.digest).collect()
    }

    fn look_at(&self, subject: &Subject, by: &Known<'_>) -> Verified {
        let mut name = String::new();
        let looked = self.http.retry_blocking(|_| {
            let looked;
            (name, looked) = self.look_once(subject, by);
            // A destination may be slow to show what it took.
            let is_late = |problem: &Diagnostic| problem.code.class == Class::Absent;
            let late = match &looked {
                Ok(report) => report.problems().0.iter().any(is_late),
                Err(problem) => is_late(problem),
            };
            if late { Ok(Attempt::retry(looked)) } else { looked.map(Attempt::Done) }
        });
        Verified::of(name, looked)
    }

    fn look_once(&self, subject: &Subject, by: &Known<'_>) -> (String, Result<Report, Diagnostic>) {
        match subject {
            Subject::Registry(root, digest) => {
                let looked = self.keychain().and_then(|keychain| {
                    subject::image(
                        &self.http,
                        &keychain,
                        root,
                        self.asked.formats,
                        by.policy,
                        by.known,
                    )
                });
                let looked = looked.and_then(|(report, found)| {
                    same(&root.to_string(), found.digest.as_ref(), digest.as_ref())?;
                    Ok(report)
                });
                (root.to_string(), looked)
            }
            Subject::Release(named) => {
                let environment = &self.asked.environment;
                let looked =
                    subject::release(&self.http, named, environment, self.asked.formats, by.policy);
                let name = format!("github:{named}");
                let looked = looked.and_then(|(mut report, manifest)| {
                    let found = manifest.and_then(|manifest| manifest.render().ok());
                    let found = found.map(|text| Digest::of(text.as_bytes()));
                    same(&name, found.as_ref(), Some(by.sealed))?;
                    // What people attached by hand was told already, and is not of this release.
                    for check in &mut report.checks {
                        check
                            .problems
                            .0
                            .retain(|problem| problem.code != &verify::codes::FILE_EXTRA);
                    }
                    Ok(report)
                });
                (name, looked)
            }
            Subject::Index(index, named) => {
                let signer = by.policy.trusted.first().map(|one| SignedBy::by(one.identity()));
                let signer = signer.map_or(Signer::Unknown, Signer::Trusted);
                let manifest = Some((self.manifest, Ok(signer)));
                let looked = subject::distributions(
                    &self.http,
                    index,
                    named,
                    manifest,
                    self.asked.formats,
                    1,
                );
                (format!("pypi:{}=={}", named.project, named.version), looked)
            }
        }
    }
}

/// Bytes of a layer up to which fetching it back costs next to nothing.
const MAX_FETCHED_BACK: u64 = 1 << 20;

/// That what is served is what was sealed: another release by the same key is signed just as well.
fn same(name: &str, found: Option<&Digest>, sealed: Option<&Digest>) -> Result<(), Diagnostic> {
    match (found, sealed) {
        (Some(found), Some(sealed)) if found != sealed => {
            let message = format!("`{name}` is {found}; this release has {sealed}");
            Err(Diagnostic::new(&::publish::codes::PUBLISH_OTHER_BYTES, message))
        }
        _ => Ok(()),
    }
}
