//! The plan of a tree, and all that a workflow asks of it.

use model::{Diagnostic, Diagnostics, Digest, Format, Plan, Platform, Tree, Version};
use release::{Planned, Selection, TagEvent, Tagged};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::values::{List, Number, Switch};
use crate::{Reply, codes};

/// Which part of the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Request {
    /// Names of packages, `*` for any part; all when empty.
    pub packages: List<String>,
    /// Formats; all when empty.
    pub formats: List<Format>,
    /// Platforms; all when empty.
    pub platforms: List<Platform>,
    /// Jobs at most.
    pub max_legs: Number,
    /// Whether the answer holds the plan itself.
    pub whole: Switch,
    /// What `git-tag` stands for, as an earlier plan told it.
    pub tag_version: String,
    /// The tag whose push started the run: it must be the one that the plan has.
    pub event_tag: String,
    /// The commit that it is on.
    pub event_commit: String,
}

/// The plan as a workflow needs it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Answer {
    /// The plan's digest.
    pub plan: Digest,
    /// Its jobs, for `strategy.matrix`.
    pub matrix: Value,
    /// How many jobs there are.
    pub legs: usize,
    /// The release's version.
    pub version: String,
    /// The release's tag.
    pub tag: String,
    /// What `version = "git-tag"` stands for; empty where the configuration does not ask for it.
    pub tag_version: String,
    /// Whether it is a pre-release.
    pub prerelease: bool,
    /// Names of the packages.
    pub packages: Vec<String>,
    /// The formats that are built.
    pub formats: Vec<Format>,
    /// The units, in the plan's order.
    pub units: Vec<Unit>,
    /// The plan itself, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Plan>,
}

/// A unit as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Its package.
    pub package: String,
    /// Its format.
    pub format: Format,
    /// Its platform, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// Its version, as its format spells it.
    pub version: String,
}

/// Plans the release of `tree`. `hash` makes digests: where a plan is large, the host of WASM does
/// it faster.
///
/// # Errors
/// `request-value`, and as [`release::plan`].
pub fn plan(
    request: Request,
    tree: &dyn Tree,
    hash: &dyn Fn(&[u8]) -> Digest,
) -> crate::Outcome<Answer> {
    let whole = request.whole.read("whole")?;
    let pushed = request.event_tag.clone();
    let planned = release::plan(tree, &selection(request)?, release::PLANS)?;
    let Planned { plan, tag_version, warnings } = planned;
    if !pushed.is_empty() {
        release::tag_fits(&plan.release, &pushed)?;
    }
    let tag_version = tag_version.map(String::from).unwrap_or_default();
    Ok(Reply { answer: Answer { tag_version, ..of(plan, whole, hash) }, problems: warnings })
}

fn selection(request: Request) -> Result<Selection, Diagnostics> {
    let mut problems = Diagnostics::new();
    let max_legs = request.max_legs.read("max-legs").unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    let names = release::NAMES.iter().map(|format| format!("`{format}`"));
    let formats = format!("format: choose from {}", names.collect::<Vec<_>>().join(", "));
    let platforms = "platform: choose from linux-amd64, linux-arm64, darwin-amd64, darwin-arm64, \
                     windows-amd64";
    let version = tag_version(&request.tag_version).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    let event = TagEvent { tag: request.event_tag, commit: request.event_commit };
    let selection = Selection {
        tagged: Tagged { version, event: Some(event).filter(|event| !event.tag.is_empty()) },
        packages: request.packages.words(),
        formats: request.formats.read(&formats, &mut problems),
        platforms: request.platforms.read(platforms, &mut problems),
        max_legs,
    };
    if problems.has_errors() { Err(problems) } else { Ok(selection) }
}

fn tag_version(text: &str) -> Result<Option<Version>, Diagnostic> {
    if text.is_empty() {
        return Ok(None);
    }
    Version::parse(text).map(Some).map_err(|error| {
        Diagnostic::new(&codes::REQUEST_VALUE, format!("tag-version: {error}"))
            .help("pass what the job that planned told as `tag-version`")
    })
}

/// The formats of the plan's units, in the order in which people see formats.
fn formats(plan: &Plan) -> Vec<Format> {
    let is_built = |format: &Format| plan.units.iter().any(|unit| unit.format == *format);
    release::NAMES.into_iter().filter(is_built).collect()
}

fn of(plan: Plan, whole: bool, hash: &dyn Fn(&[u8]) -> Digest) -> Answer {
    let unit = |unit: &model::Unit| Unit {
        package: unit.package.clone(),
        format: unit.format,
        platform: unit.platform,
        version: unit.version.clone(),
    };
    Answer {
        plan: plan.digest_by(hash),
        matrix: release::matrix(&plan),
        legs: plan.legs.len(),
        version: plan.release.version.text().to_owned(),
        tag: plan.release.tag.clone(),
        tag_version: String::new(),
        prerelease: plan.release.version.is_prerelease(),
        packages: plan.packages.iter().map(|package| package.name.clone()).collect(),
        formats: formats(&plan),
        units: plan.units.iter().map(unit).collect(),
        document: whole.then_some(plan),
    }
}
