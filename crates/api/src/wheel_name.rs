//! Names of wheels, made and taken apart.

use model::{Diagnostic, Diagnostics};
use release::{WheelFacts, WheelParts};
use serde::{Deserialize, Serialize};

use crate::values::List;

/// What to do with names of wheels.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum Request {
    /// Take them apart.
    Parse {
        /// The names.
        files: List<String>,
    },
    /// Make one.
    Build(Parts),
}

/// What a wheel's name is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    /// The distribution's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its build number; empty for none.
    #[serde(default)]
    pub build: String,
    /// Python tags.
    pub pythons: List<String>,
    /// ABI tags.
    pub abis: List<String>,
    /// Platform tags.
    pub platforms: List<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// Names taken apart.
    Parsed {
        /// What each says.
        wheels: Vec<WheelFacts>,
    },
    /// A name made.
    Built {
        /// The only name that PEP 427 allows for these parts.
        file: String,
    },
}

/// Takes names of wheels apart, or makes one.
///
/// # Errors
/// `wheel-name` and `wheel-version`, for every name that is wrong.
pub fn wheel_name(request: Request) -> crate::Outcome<Answer> {
    match request {
        Request::Parse { files } => Ok(Answer::Parsed { wheels: parse(files.words())? }.into()),
        Request::Build(parts) => Ok(Answer::Built { file: build(parts)? }.into()),
    }
}

fn parse(files: Vec<String>) -> Result<Vec<WheelFacts>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut wheels = Vec::new();
    for file in files {
        match release::wheel_facts(&file) {
            Ok(facts) => wheels.push(facts),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(wheels) } else { Err(problems) }
}

fn build(parts: Parts) -> Result<String, Diagnostic> {
    release::wheel_file_name(&WheelParts {
        name: parts.name,
        version: parts.version,
        build: parts.build,
        pythons: parts.pythons.words(),
        abis: parts.abis.words(),
        platforms: parts.platforms.words(),
    })
}
