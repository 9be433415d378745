//! Names of wheels (PEP 427), made and taken apart.

use crate::codes;
use model::{Diagnostic, Platform, Version};
use serde::Serialize;

/// What a wheel's name says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct WheelFacts {
    /// The name.
    pub file: String,
    /// The distribution's name, normalised (PEP 503).
    pub name: String,
    /// The distribution's name, as it is spelled.
    pub distribution: String,
    /// The version, as it is spelled.
    pub version: String,
    /// The build number, with what follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// Python tags.
    pub pythons: Vec<String>,
    /// ABI tags.
    pub abis: Vec<String>,
    /// Platform tags.
    pub platforms: Vec<String>,
    /// All tags, each as `python-abi-platform`.
    pub tags: Vec<String>,
    /// The folder of its metadata.
    pub dist_info: String,
    /// Whether the public index takes all its platforms.
    pub accepted: bool,
    /// Which of our platforms it runs on; none for `any`.
    pub runs_on: Vec<Platform>,
}

/// What a wheel's name is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WheelParts {
    /// The distribution's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its build number; empty for none.
    pub build: String,
    /// Python tags, in any order.
    pub pythons: Vec<String>,
    /// ABI tags, in any order.
    pub abis: Vec<String>,
    /// Platform tags, in any order.
    pub platforms: Vec<String>,
}

/// Takes the name `file` apart.
///
/// # Errors
/// `wheel-name`.
pub fn wheel_facts(file: &str) -> Result<WheelFacts, Diagnostic> {
    let name = pypi::WheelName::parse(file).map_err(|error| wrong(file, &error.to_string()))?;
    let runs_on: Vec<Platform> =
        name.platforms.iter().filter_map(|tag| pypi::platform_of(tag)).collect();
    let once = Platform::ALL.into_iter().filter(|platform| runs_on.contains(platform));
    Ok(WheelFacts {
        file: file.to_owned(),
        name: model::normalized_python_name(&name.distribution),
        build: name.build.as_ref().map(|(number, rest)| format!("{number}{rest}")),
        tags: name.tags().iter().map(ToString::to_string).collect(),
        dist_info: name.dist_info(),
        accepted: name.platforms.iter().all(|tag| pypi::is_accepted(tag)),
        runs_on: once.collect(),
        distribution: name.distribution,
        version: name.version,
        pythons: name.pythons,
        abis: name.abis,
        platforms: name.platforms,
    })
}

/// The only name that PEP 427 allows for these parts.
///
/// # Errors
/// `wheel-name` and `wheel-version`.
pub fn wheel_file_name(parts: &WheelParts) -> Result<String, Diagnostic> {
    if !pypi::is_name(&parts.name) {
        let message = format!("`{}` cannot name a distribution", shown(&parts.name));
        return Err(Diagnostic::new(&pypi::codes::WHEEL_NAME, message));
    }
    let version = Version::parse(&parts.version).and_then(|version| version.pep440());
    let version =
        version.map_err(|error| Diagnostic::new(&codes::WHEEL_VERSION, error.to_string()))?;
    let mut words = vec![pypi::normalize_for_files(&parts.name), version];
    words.extend((!parts.build.is_empty()).then(|| parts.build.clone()));
    words.extend([&parts.pythons, &parts.abis, &parts.platforms].map(|tags| compressed(tags)));
    let file = format!("{}.whl", words.join("-"));
    match pypi::WheelName::parse(&file) {
        Ok(_) => Ok(file),
        Err(error) => Err(wrong(&file, &error.to_string())),
    }
}

/// A compressed tag set (PEP 425): sorted, each tag once.
fn compressed(tags: &[String]) -> String {
    let mut tags: Vec<String> = tags.iter().map(|tag| tag.to_ascii_lowercase()).collect();
    tags.sort();
    tags.dedup();
    tags.join(".")
}

fn wrong(file: &str, why: &str) -> Diagnostic {
    Diagnostic::new(
        &pypi::codes::WHEEL_NAME,
        format!("`{}` is not the name of a wheel: {why}", shown(file)),
    )
}

/// The start of a foreign text.
fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}
