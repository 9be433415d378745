//! in-toto Statements v1 with a SLSA Provenance v1 predicate for what was built outside of any
//! hosted builder: a build type and a builder of our own, and no time but the sources' epoch.

use std::collections::{BTreeMap, BTreeSet};

use model::limits::MAX_STATEMENT_SUBJECTS;
use model::{Diagnostic, Digest, Material, ToolUse, collect_by_insertion};

use crate::codes;
use crate::json;

mod foreign;
mod image;
mod predicate;

pub use foreign::{Foreign, read};
pub use image::{IMAGE_PREDICATE_TYPE, image_statement};
pub use predicate::{
    BuildDefinition, Builder, ExternalParameters, InternalParameters, Provenance, Resource,
    RunDetails, Sha256, Statement, Subject,
};

/// `_type` of a statement (in-toto Attestation Framework, "Statement").
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// `predicateType` of SLSA provenance.
pub const PREDICATE_TYPE: &str = "https://slsa.dev/provenance/v1";
/// `buildType`: this program, run outside of a hosted builder.
pub const BUILD_TYPE: &str =
    "https://github.com/contextforge-org/package-actions/buildtypes/local/v1";
/// `builder.id`: a machine that nobody vouches for.
pub const BUILDER_ID: &str =
    "https://github.com/contextforge-org/package-actions/builders/local/v1";

/// What provenance is written from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenanceInput {
    /// The repository's web address; empty when not known.
    pub repository: String,
    /// The release's tag.
    pub tag: String,
    /// The release's version.
    pub version: String,
    /// What was selected, as the flags that select it; empty for everything.
    pub selection: Vec<String>,
    /// The commit; absent without git.
    pub commit: Option<String>,
    /// Whether the tree differed from the commit.
    pub dirty: bool,
    /// Commits of the tree's submodules, by their folders.
    pub submodules: BTreeMap<String, String>,
    /// `SOURCE_DATE_EPOCH`: seconds since 1970.
    pub epoch: u64,
    /// Digest of the plan.
    pub plan: Digest,
    /// The program itself.
    pub generator: ToolUse,
    /// External tools that took part.
    pub tools: Vec<ToolUse>,
    /// What of others was fetched and packed.
    pub materials: Vec<Material>,
    /// Names and digests of all that was built, names once.
    pub subjects: Vec<(String, Digest)>,
    /// Further files that came with them, names once.
    pub byproducts: Vec<Byproduct>,
}

/// A file that is about what was built, such as its bill of materials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Byproduct {
    /// The names of the subjects that it is about.
    pub about: Vec<String>,
    /// Its own name.
    pub name: String,
    /// Its digest.
    pub digest: Digest,
    /// Its media type.
    pub media_type: String,
}

/// Writes the statements: one, or as many as subjects need at
/// [`MAX_STATEMENT_SUBJECTS`] each. None when there is no subject. What is about a subject is named
/// by the same statement, so that whoever holds one about an image has all that is said of it.
///
/// # Errors
/// `statement-subjects` when a name appears twice or is empty; `statement-byproducts` likewise.
pub fn provenance(input: &ProvenanceInput) -> Result<Vec<String>, Diagnostic> {
    let mut subjects: Vec<Subject> = input.subjects.iter().map(Subject::new).collect();
    subjects.sort_by(|a, b| a.name.cmp(&b.name));
    check_subjects(&subjects)?;
    check_byproducts(input.byproducts.iter().map(|one| &one.name))?;
    subjects
        .chunks(MAX_STATEMENT_SUBJECTS)
        .map(|shard| Statement::new(input, shard.to_vec()).render())
        .collect()
}

/// Reads a statement of our own making, in the one spelling that it has.
///
/// # Errors
/// `statement-syntax` for anything else, `statement-type` for another build type or builder,
/// `statement-subjects` for no subject, too many, or one that appears twice; `statement-byproducts`
/// likewise.
pub fn parse(text: &str) -> Result<Statement, Diagnostic> {
    let statement: Statement = json::read(&codes::STATEMENT_SYNTAX, "statement", text)?;
    statement.check()?;
    json::same(&codes::STATEMENT_SYNTAX, "statement", text, &statement.render()?)?;
    Ok(statement)
}

impl Statement {
    /// The one rendering.
    ///
    /// # Errors
    /// Never for these types; the signature leaves it to the caller all the same.
    pub fn render(&self) -> Result<String, Diagnostic> {
        json::render(&codes::STATEMENT_SYNTAX, self)
    }

    /// Names and digests of what it speaks about.
    ///
    /// # Errors
    /// `statement-subjects` when a digest is not spelled as it must be.
    pub fn subjects(&self) -> Result<Vec<(String, Digest)>, Diagnostic> {
        self.subject
            .iter()
            .map(|subject| {
                let digest = Digest::from_hex(&subject.digest.sha256).map_err(|error| {
                    let message = format!("the digest of `{}`: {error}", subject.name);
                    Diagnostic::new(&codes::STATEMENT_SUBJECTS, message)
                })?;
                Ok((subject.name.clone(), digest))
            })
            .collect()
    }

    /// Names and digests of what came with its subjects.
    ///
    /// # Errors
    /// `statement-byproducts` when one has no SHA-256, or it is not spelled as it must be.
    pub fn byproducts(&self) -> Result<Vec<(String, Digest)>, Diagnostic> {
        let byproducts = self.predicate.run_details.byproducts.iter();
        byproducts
            .map(|one| {
                let hex = one.digest.get("sha256").map_or("", String::as_str);
                let digest = Digest::from_hex(hex).map_err(|error| {
                    let message = format!("the digest of `{}`: {error}", one.name);
                    Diagnostic::new(&codes::STATEMENT_BYPRODUCTS, message)
                })?;
                Ok((one.name.clone(), digest))
            })
            .collect()
    }

    fn new(input: &ProvenanceInput, subject: Vec<Subject>) -> Self {
        let definition = BuildDefinition {
            build_type: BUILD_TYPE.to_owned(),
            external_parameters: ExternalParameters {
                repository: input.repository.clone(),
                tag: input.tag.clone(),
                version: input.version.clone(),
                selection: input.selection.clone(),
            },
            internal_parameters: InternalParameters {
                plan: input.plan,
                source_date_epoch: input.epoch,
            },
            resolved_dependencies: resources(input),
        };
        let ToolUse { name, version, .. } = &input.generator;
        let builder = Builder {
            id: BUILDER_ID.to_owned(),
            version: BTreeMap::from([(name.clone(), version.clone())]),
        };
        let byproducts = byproducts(input, &subject);
        Self {
            kind: STATEMENT_TYPE.to_owned(),
            subject,
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate: Provenance {
                build_definition: definition,
                run_details: RunDetails { builder, byproducts },
            },
        }
    }

    fn check(&self) -> Result<(), Diagnostic> {
        let definition = &self.predicate.build_definition;
        let fixed = [
            ("_type", &self.kind, STATEMENT_TYPE),
            ("predicateType", &self.predicate_type, PREDICATE_TYPE),
            ("buildType", &definition.build_type, BUILD_TYPE),
            ("builder.id", &self.predicate.run_details.builder.id, BUILDER_ID),
        ];
        for (field, found, expected) in fixed {
            if found != expected {
                let message = format!("`{field}` should be `{expected}` and is `{found}`");
                return Err(Diagnostic::new(&codes::STATEMENT_TYPE, message));
            }
        }
        let count = self.subject.len();
        if count == 0 || count > MAX_STATEMENT_SUBJECTS {
            let message = format!("it has {count} subjects; 1 to {MAX_STATEMENT_SUBJECTS} may be");
            return Err(Diagnostic::new(&codes::STATEMENT_SUBJECTS, message));
        }
        check_subjects(&self.subject)?;
        if !self.subject.is_sorted_by(|a, b| a.name < b.name) {
            let message = "its subjects are not in order of their names";
            return Err(Diagnostic::new(&codes::STATEMENT_SUBJECTS, message));
        }
        self.subjects()?;
        let byproducts = &self.predicate.run_details.byproducts;
        check_byproducts(byproducts.iter().map(|one| &one.name))?;
        if !byproducts.is_sorted_by(|a, b| a.name < b.name) {
            let message = "its byproducts are not in order of their names";
            return Err(Diagnostic::new(&codes::STATEMENT_BYPRODUCTS, message));
        }
        self.byproducts().map(drop)
    }
}

impl Subject {
    fn new((name, digest): &(String, Digest)) -> Self {
        Self { name: name.clone(), digest: Sha256 { sha256: digest.hex() } }
    }
}

/// Attestation stores refuse a statement whose subjects repeat.
fn check_subjects(subjects: &[Subject]) -> Result<(), Diagnostic> {
    unique(subjects.iter().map(|subject| &subject.name)).map_err(|name| {
        let message = format!("the subject `{name}` is empty or appears twice");
        Diagnostic::new(&codes::STATEMENT_SUBJECTS, message)
    })
}

/// Of two files with one name nobody could tell which is meant.
fn check_byproducts<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), Diagnostic> {
    unique(names).map_err(|name| {
        let message = format!("the byproduct `{name}` is empty or appears twice");
        Diagnostic::new(&codes::STATEMENT_BYPRODUCTS, message)
    })
}

/// That no name is empty or appears twice; else the one that does.
fn unique<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), &'a String> {
    let mut seen = BTreeSet::new();
    let mut names = names;
    names.find(|name| name.is_empty() || !seen.insert(*name)).map_or(Ok(()), Err)
}

/// What is about one of `subjects`, by name.
fn byproducts(input: &ProvenanceInput, subjects: &[Subject]) -> Vec<Resource> {
    let names: BTreeSet<&String> =
        collect_by_insertion(subjects.iter().map(|subject| &subject.name));
    let about = |one: &&Byproduct| one.about.iter().any(|name| names.contains(name));
    let mut found: Vec<&Byproduct> = input.byproducts.iter().filter(about).collect();
    found.sort_by_key(|one| &one.name);
    let resource = |one: &Byproduct| Resource {
        name: one.name.clone(),
        uri: String::new(),
        digest: BTreeMap::from([("sha256".to_owned(), one.digest.hex())]),
        media_type: one.media_type.clone(),
        annotations: BTreeMap::new(),
    };
    found.into_iter().map(resource).collect()
}

/// The sources first, their submodules by folder, then what was fetched, then the tools by name and
/// version; equal ones once.
fn resources(input: &ProvenanceInput) -> Vec<Resource> {
    let mut resources = Vec::new();
    if let Some(commit) = &input.commit {
        // Without `@ref`: a local build cannot know what the tag points at where it is published.
        let uri = match input.repository.as_str() {
            "" => String::new(),
            repository => format!("git+{repository}"),
        };
        let dirty = input.dirty.then(|| ("dirty".to_owned(), "true".to_owned()));
        resources.push(Resource {
            name: "source".to_owned(),
            uri,
            digest: BTreeMap::from([("gitCommit".to_owned(), commit.clone())]),
            media_type: String::new(),
            annotations: map_of(dirty),
        });
    }
    resources.extend(input.submodules.iter().map(|(folder, commit)| Resource {
        name: format!("source/{folder}"),
        uri: String::new(),
        digest: BTreeMap::from([("gitCommit".to_owned(), commit.clone())]),
        media_type: String::new(),
        annotations: BTreeMap::new(),
    }));
    let materials: BTreeSet<&Material> = input.materials.iter().collect();
    resources.extend(materials.into_iter().map(|material| Resource {
        name: name_of(&material.uri).to_owned(),
        uri: material.uri.clone(),
        digest: BTreeMap::from([("sha256".to_owned(), material.digest.hex())]),
        media_type: String::new(),
        annotations: BTreeMap::new(),
    }));
    let mut tools: Vec<&ToolUse> = input.tools.iter().collect();
    tools.sort_by_key(|tool| (&tool.name, &tool.version, tool.digest));
    tools.dedup();
    resources.extend(tools.into_iter().map(|tool| Resource {
        name: tool.name.clone(),
        uri: format!("pkg:generic/{}@{}", encoded(&tool.name), encoded(&tool.version)),
        digest: map_of(tool.digest.map(|digest| ("sha256".to_owned(), digest.hex()))),
        media_type: String::new(),
        annotations: BTreeMap::new(),
    }));
    resources
}

/// `db@1.2.3` of `pkg:generic/db@1.2.3?repository_url=…`.
fn name_of(uri: &str) -> &str {
    let bare = uri.split_once('?').map_or(uri, |(bare, _)| bare);
    bare.rsplit_once('/').map_or(bare, |(_, name)| name)
}

fn map_of(pair: Option<(String, String)>) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    if let Some((key, value)) = pair {
        map.insert(key, value);
    }
    map
}

/// Percent-encoding of a package URL's parts (purl-spec, "Character encoding").
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' | b':' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
