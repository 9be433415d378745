//! What a unit leaves: files, and the artifacts that they are, measured.

use archive::Entry;
use model::{Artifact, ArtifactKind, Diagnostic, Digest, FileEntry, Platform, Severity, Unit};

use crate::codes;
use crate::pattern::fits;

/// What a unit left.
#[derive(Debug, Default)]
pub struct Product {
    /// Files to write, by path in `dist/`.
    pub files: Vec<Entry>,
    /// The artifacts they are.
    pub artifacts: Vec<Artifact>,
    /// What a person should look at, though it stops nothing.
    pub warnings: Vec<Diagnostic>,
}

impl Product {
    /// One artifact of `unit`: the file `file`, of this kind.
    #[must_use]
    pub fn of(unit: &Unit, kind: ArtifactKind, file: Entry, notes: Vec<String>) -> Self {
        let artifact = Artifact {
            unit: unit.id.clone(),
            package: unit.package.clone(),
            format: unit.format,
            kind,
            platform: unit.platform,
            version: unit.version.clone(),
            reference: String::new(),
            file: measured(&file.path, &file.bytes),
            files: Vec::new(),
            materials: Vec::new(),
            notes,
        };
        Self { files: vec![file], artifacts: vec![artifact], warnings: Vec::new() }
    }

    /// Several products as one.
    #[must_use]
    pub fn joined(products: Vec<Self>) -> Self {
        let mut all = Self::default();
        for product in products {
            all.files.extend(product.files);
            all.artifacts.extend(product.artifacts);
            all.warnings.extend(product.warnings);
        }
        all
    }

    /// Adds a further file to the one artifact.
    pub fn add(&mut self, path: String, bytes: Vec<u8>) {
        let file = measured(&path, &bytes);
        for artifact in &mut self.artifacts {
            artifact.files.push(file.clone());
            artifact.files.sort();
        }
        self.files.push(Entry::new(path, bytes));
    }

    /// Says where people find it.
    pub fn refer(&mut self, reference: &str) {
        for artifact in &mut self.artifacts {
            reference.clone_into(&mut artifact.reference);
        }
    }
}

fn measured(path: &str, bytes: &[u8]) -> FileEntry {
    FileEntry { path: path.to_owned(), size: bytes.len() as u64, digest: Digest::of(bytes) }
}

/// The one output of `unit` that fits `pattern`: a path in `dist/`, where `*` stands for anything.
///
/// # Errors
/// `output-missing` when none or several fit.
pub fn only_output<'a>(
    unit: &Unit,
    pattern: &str,
    outputs: &'a [Entry],
) -> Result<&'a Entry, Diagnostic> {
    let name = pattern.rsplit('/').next().unwrap_or(pattern);
    let fitting: Vec<&Entry> = outputs.iter().filter(|output| fits(name, &output.path)).collect();
    match fitting.as_slice() {
        [one] => Ok(one),
        none_or_many => {
            let all: Vec<&str> = outputs.iter().map(|output| output.path.as_str()).collect();
            let message = format!(
                "`{}` left {} files that fit `{name}`, expected one; it left: {}",
                unit.id,
                none_or_many.len(),
                if all.is_empty() { "nothing".to_owned() } else { all.join(", ") }
            );
            Err(Diagnostic::new(&codes::OUTPUT_MISSING, message))
        }
    }
}

/// That `unit` has nothing to be made from.
#[must_use]
pub fn nothing_to_build(unit: &Unit) -> Diagnostic {
    let platform = unit.platform.map_or("", Platform::as_str);
    let message = format!("`{}` has nothing to be made from {platform}", unit.id);
    Diagnostic::new(&codes::UNIT_EMPTY, message.trim_end())
}

/// The first error among `problems`, which stops a build.
///
/// # Errors
/// That error.
pub fn no_error(problems: impl IntoIterator<Item = Diagnostic>) -> Result<(), Diagnostic> {
    only_warnings(problems).map(drop)
}

/// The warnings that `problems` are.
///
/// # Errors
/// The first error among them, which stops a build.
pub fn only_warnings(
    problems: impl IntoIterator<Item = Diagnostic>,
) -> Result<Vec<Diagnostic>, Diagnostic> {
    let is_warning = |problem: Diagnostic| match problem.severity {
        Severity::Warning => Ok(problem),
        Severity::Error => Err(problem),
    };
    problems.into_iter().map(is_warning).collect()
}
