//! Names of wheels, made and taken apart.

use model::{Diagnostic, Diagnostics, Platform, Version};
use serde::{Deserialize, Serialize};

use super::{Answer, List, answer, shown};
use crate::codes;

/// `{"parse": {"files": […]}}` gives `{"wheels": […]}`; `{"build": {"name", "version", "build",
/// "pythons", "abis", "platforms"}}` gives `{"file"}`, the only name that PEP 427 allows for these.
#[must_use]
pub fn wheel_name(request: &str) -> Answer {
    answer(request, |asked: Asked| match asked {
        Asked::Parse { files } => parse(&files.words()),
        Asked::Build(parts) => build(&parts).map(Told::Built).map_err(Diagnostics::from),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum Asked {
    Parse { files: List },
    Build(Parts),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    name: String,
    version: String,
    #[serde(default)]
    build: String,
    pythons: List,
    abis: List,
    platforms: List,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Told {
    Parsed { wheels: Vec<Wheel> },
    Built(Built),
}

#[derive(Serialize)]
struct Built {
    file: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Wheel {
    file: String,
    name: String,
    distribution: String,
    version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    build: Option<String>,
    pythons: Vec<String>,
    abis: Vec<String>,
    platforms: Vec<String>,
    tags: Vec<String>,
    dist_info: String,
    /// Whether the public index takes all its platforms.
    accepted: bool,
    /// Which of our platforms it runs on; none for `any`.
    runs_on: Vec<Platform>,
}

fn parse(files: &[String]) -> Result<Told, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut wheels = Vec::new();
    for file in files {
        match pypi::WheelName::parse(file) {
            Ok(name) => wheels.push(wheel(file, &name)),
            Err(error) => problems.push(wrong(file, &error.to_string())),
        }
    }
    if problems.is_empty() { Ok(Told::Parsed { wheels }) } else { Err(problems) }
}

fn wheel(file: &str, name: &pypi::WheelName) -> Wheel {
    let runs_on: Vec<Platform> =
        name.platforms.iter().filter_map(|tag| pypi::platform_of(tag)).collect();
    let once = Platform::ALL.into_iter().filter(|platform| runs_on.contains(platform));
    Wheel {
        file: file.to_owned(),
        name: pypi::normalize(&name.distribution),
        distribution: name.distribution.clone(),
        version: name.version.clone(),
        build: name.build.as_ref().map(|(number, rest)| format!("{number}{rest}")),
        pythons: name.pythons.clone(),
        abis: name.abis.clone(),
        platforms: name.platforms.clone(),
        tags: name.tags().iter().map(ToString::to_string).collect(),
        dist_info: name.dist_info(),
        accepted: name.platforms.iter().all(|tag| pypi::is_accepted(tag)),
        runs_on: once.collect(),
    }
}

fn build(parts: &Parts) -> Result<Built, Diagnostic> {
    if !pypi::is_name(&parts.name) {
        let message = format!("`{}` cannot name a distribution", shown(&parts.name));
        return Err(Diagnostic::new(&pypi::codes::WHEEL_NAME, message));
    }
    let version = Version::parse(&parts.version).and_then(|version| version.pep440());
    let version =
        version.map_err(|error| Diagnostic::new(&codes::WHEEL_VERSION, error.to_string()))?;
    let mut words = vec![pypi::normalize_for_files(&parts.name), version];
    words.extend((!parts.build.is_empty()).then(|| parts.build.clone()));
    words.extend([&parts.pythons, &parts.abis, &parts.platforms].map(set));
    let file = format!("{}.whl", words.join("-"));
    match pypi::WheelName::parse(&file) {
        Ok(_) => Ok(Built { file }),
        Err(error) => Err(wrong(&file, &error.to_string())),
    }
}

/// A compressed tag set (PEP 425): sorted, each tag once.
fn set(tags: &List) -> String {
    let mut tags: Vec<String> = tags.words().iter().map(|tag| tag.to_ascii_lowercase()).collect();
    tags.sort();
    tags.dedup();
    tags.join(".")
}

fn wrong(file: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&pypi::codes::WHEEL_NAME, format!("`{}` names no wheel: {why}", shown(file)))
}
