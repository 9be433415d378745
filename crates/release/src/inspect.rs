//! What the formats know, for `verify`, and of single files.

use format::{Destination, Inspects, Recognised, at_artifact};
use model::{Artifact, Diagnostic, Format, Manifest};
use verify::{Dist, Inspect};

/// What a table of formats knows of a release.
#[derive(Clone, Copy)]
pub struct Inspector<'f>(pub &'f [&'f dyn Inspects]);

impl Inspect for Inspector<'_> {
    fn formats(&self) -> &[&dyn Inspects] {
        self.0
    }

    fn documents(&self, manifest: &Manifest) -> Vec<(String, String)> {
        crate::documents(manifest, self.0)
    }
}

/// What an index would refuse of the release's files that are of `formats`, or warn of.
///
/// # Errors
/// When a file cannot be read.
pub fn index_lint(
    manifest: &Manifest,
    dist: &dyn Dist,
    formats: &[&dyn Inspects],
) -> Result<Vec<Diagnostic>, Diagnostic> {
    let mut found = Vec::new();
    for artifact in &manifest.artifacts {
        let format = formats.iter().find(|one| one.format() == artifact.format);
        if let Some(format) = format.filter(|one| one.destination() == Destination::Index) {
            let (name, bytes) = format::read(artifact, dist)?;
            let problems = format.lint(&name, &bytes).into_iter();
            found.extend(problems.map(|problem| at_artifact(problem, artifact)));
        }
    }
    Ok(found)
}

/// What is wrong with a file of an index, of which nothing is known but its name and bytes.
#[must_use]
pub fn distribution_lint(name: &str, bytes: &[u8], formats: &[&dyn Inspects]) -> Vec<Diagnostic> {
    let of_index = formats.iter().filter(|format| format.destination() == Destination::Index);
    of_index.flat_map(|format| format.lint(name, bytes)).collect()
}

/// What kind of artifact the file called `name` is, and of which format.
///
/// # Errors
/// When it is not what its name says; for any other name, when it is not an executable.
pub fn recognise(
    name: &str,
    bytes: &[u8],
    formats: &[&dyn Inspects],
) -> Result<(Format, Recognised), Diagnostic> {
    for format in formats {
        if let Some(recognised) = format.recognise(name, bytes) {
            return Ok((format.format(), recognised?));
        }
    }
    let message = format!("`{name}` is not an artifact of a format that this program handles");
    Err(Diagnostic::new(&format::codes::FORMAT_UNKNOWN, message))
}

/// What people call `artifact`: a file by its name, an image by its reference and version.
#[must_use]
pub fn display_name(artifact: &Artifact, formats: &[&dyn Inspects]) -> String {
    match <dyn Inspects>::of_artifact(formats, artifact) {
        Ok((_, kind)) if kind.form.is_image() => {
            format!("{}:{}", artifact.reference, artifact.version)
        }
        _ => artifact.file.path.clone(),
    }
}

#[cfg(test)]
mod tests;
