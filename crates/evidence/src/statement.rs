//! in-toto Statements v1 with a SLSA Provenance v1 predicate for what was built outside of any
//! hosted builder: a build type and a builder of our own, and no time but the sources' epoch.

use std::collections::{BTreeMap, BTreeSet};

use model::limits::MAX_STATEMENT_SUBJECTS;
use model::{Digest, Problem, ToolUse};

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
    /// `SOURCE_DATE_EPOCH`: seconds since 1970.
    pub epoch: u64,
    /// Digest of the plan.
    pub plan: Digest,
    /// The program itself.
    pub generator: ToolUse,
    /// External tools that took part.
    pub tools: Vec<ToolUse>,
    /// Names and digests of all that was built, names once.
    pub subjects: Vec<(String, Digest)>,
}

/// Writes the statements: one, or as many as subjects need at
/// [`MAX_STATEMENT_SUBJECTS`] each. None when there is no subject.
///
/// # Errors
/// `statement-subjects` when a name stands twice or is empty.
pub fn provenance(input: &ProvenanceInput) -> Result<Vec<String>, Problem> {
    let mut subjects: Vec<Subject> = input.subjects.iter().map(Subject::new).collect();
    subjects.sort_by(|a, b| a.name.cmp(&b.name));
    check_names(&subjects)?;
    subjects
        .chunks(MAX_STATEMENT_SUBJECTS)
        .map(|shard| Statement::new(input, shard.to_vec()).render())
        .collect()
}

/// Reads a statement of our own making, in the one spelling that it has.
///
/// # Errors
/// `statement-syntax` for anything else, `statement-type` for another build type or builder,
/// `statement-subjects` for no subject, too many, or one that stands twice.
pub fn parse(text: &str) -> Result<Statement, Problem> {
    let statement: Statement = json::read("statement-syntax", "statement", text)?;
    statement.check()?;
    json::same("statement-syntax", "statement", text, &statement.render()?)?;
    Ok(statement)
}

impl Statement {
    /// The one rendering.
    ///
    /// # Errors
    /// Never for these types; the signature leaves it to the caller all the same.
    pub fn render(&self) -> Result<String, Problem> {
        json::render("statement-syntax", self)
    }

    /// Names and digests of what it speaks about.
    ///
    /// # Errors
    /// `statement-subjects` when a digest is not spelled as it must be.
    pub fn subjects(&self) -> Result<Vec<(String, Digest)>, Problem> {
        self.subject
            .iter()
            .map(|subject| {
                let digest = Digest::from_hex(&subject.digest.sha256).map_err(|error| {
                    let message = format!("the digest of `{}`: {error}", subject.name);
                    Problem::error("statement-subjects", message)
                })?;
                Ok((subject.name.clone(), digest))
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
        Self {
            kind: STATEMENT_TYPE.to_owned(),
            subject,
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate: Provenance {
                build_definition: definition,
                run_details: RunDetails { builder },
            },
        }
    }

    fn check(&self) -> Result<(), Problem> {
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
                return Err(Problem::error("statement-type", message));
            }
        }
        let count = self.subject.len();
        if count == 0 || count > MAX_STATEMENT_SUBJECTS {
            let message = format!("it has {count} subjects; 1 to {MAX_STATEMENT_SUBJECTS} may be");
            return Err(Problem::error("statement-subjects", message));
        }
        check_names(&self.subject)?;
        if !self.subject.is_sorted_by(|a, b| a.name < b.name) {
            let message = "its subjects are not in order of their names";
            return Err(Problem::error("statement-subjects", message));
        }
        self.subjects().map(drop)
    }
}

impl Subject {
    fn new((name, digest): &(String, Digest)) -> Self {
        Self { name: name.clone(), digest: Sha256 { sha256: digest.hex() } }
    }
}

/// Attestation stores refuse a statement whose subjects repeat.
fn check_names(subjects: &[Subject]) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    for Subject { name, .. } in subjects {
        if name.is_empty() || !seen.insert(name) {
            let message = format!("the subject `{name}` is empty or stands twice");
            return Err(Problem::error("statement-subjects", message));
        }
    }
    Ok(())
}

/// The sources first, then the tools by name and version, equal ones once.
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
            annotations: dirty.into_iter().collect(),
        });
    }
    let mut tools: Vec<&ToolUse> = input.tools.iter().collect();
    tools.sort_by_key(|tool| (&tool.name, &tool.version, tool.digest));
    tools.dedup();
    resources.extend(tools.into_iter().map(|tool| Resource {
        name: tool.name.clone(),
        uri: format!("pkg:generic/{}@{}", encoded(&tool.name), encoded(&tool.version)),
        digest: tool.digest.iter().map(|digest| ("sha256".to_owned(), digest.hex())).collect(),
        annotations: BTreeMap::new(),
    }));
    resources
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
