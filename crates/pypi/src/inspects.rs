//! The format as `verify` and the documents see it.

use components::{Contents, PurlType, Subject};
use format::{Destination, Downloads, Form, Headings, Inspects, Kind, Recognised, expect, read};
use model::{
    Artifact, ArtifactKind, Budget, Diagnostic, Dist, Format, Location, Manifest,
    normalized_python_name,
};

use crate::locked_crates::add_locked;
use crate::name::pep440;
use crate::{
    Metadata, Pypi, RULES, Tag, breaks_the_file, check_sdist, check_wheel, guide, lint_sdist,
    lint_wheel, read_sdist, read_wheel, simple_index,
};

static KINDS: [Kind; 2] = [
    Kind {
        name: crate::WHEEL,
        form: Form::File,
        subject: Subject { purl: PurlType::Pypi, purpose: "LIBRARY" },
    },
    Kind {
        name: crate::SDIST,
        form: Form::File,
        subject: Subject { purl: PurlType::Pypi, purpose: "SOURCE" },
    },
];

impl Inspects for Pypi {
    fn format(&self) -> Format {
        crate::FORMAT
    }

    fn kinds(&self) -> &'static [Kind] {
        &KINDS
    }

    fn headings(&self) -> Headings {
        Headings { short: "Python", long: "Python packages" }
    }

    fn destination(&self) -> Destination {
        Destination::Index
    }

    fn downloads(&self) -> Downloads {
        Downloads::UnlessMany
    }

    fn contents(
        &self,
        artifact: &Artifact,
        dist: &dyn Dist,
    ) -> Result<Vec<Diagnostic>, Diagnostic> {
        let (name, bytes) = read(artifact, dist)?;
        match artifact.kind {
            crate::WHEEL => wheel(artifact, &name, &bytes),
            _ => sdist(artifact, &name, &bytes),
        }
    }

    fn recognise(&self, name: &str, bytes: &[u8]) -> Option<Result<Recognised, Diagnostic>> {
        if name.ends_with(".whl") {
            return Some(read_wheel(name, bytes).map(|wheel| Recognised {
                kind: crate::WHEEL,
                package: wheel.name,
                version: Some(wheel.version),
            }));
        }
        let sdist = name.ends_with(".tar.gz") || name.ends_with(".zip");
        sdist.then(|| {
            read_sdist(name, bytes).map(|sdist| Recognised {
                kind: crate::SDIST,
                package: sdist.name,
                version: Some(sdist.version),
            })
        })
    }

    fn inside(&self, kind: ArtifactKind, name: &str, bytes: &[u8]) -> Result<Contents, Diagnostic> {
        if kind == crate::SDIST {
            let sdist = read_sdist(name, bytes)?;
            let mut contents = components::python(&sdist.metadata.headers);
            add_locked(&mut contents, &sdist);
            return Ok(contents);
        }
        let wheel = read_wheel(name, bytes)?;
        let mut contents = components::python(&wheel.metadata.headers);
        let size = wheel.sboms().map(|(_, document)| document.len() as u64).sum();
        let budget = Budget::of(size);
        for (path, document) in wheel.sboms() {
            match components::cyclonedx_within(document, &budget) {
                Ok(inner) => contents.merge(inner),
                Err(problem) if problem.code == &model::codes::TOO_MUCH_WORK => {
                    return Err(problem.at(Location::file(format!("{name}:{path}"))));
                }
                // Not a document of this kind.
                Err(_) => {}
            }
        }
        Ok(contents)
    }

    fn inside_image(&self, path: &str, bytes: &[u8]) -> Option<Contents> {
        if !path.ends_with(".dist-info/METADATA") {
            return None;
        }
        let metadata = Metadata::parse(bytes, path).ok()?;
        Some(components::installed(&[metadata.headers]))
    }

    fn lint(&self, name: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        if name.ends_with(".whl") { lint_wheel(name, bytes) } else { lint_sdist(name, bytes) }
    }

    fn guide(&self, manifest: &Manifest) -> Option<String> {
        guide::guide(manifest)
    }

    fn documents(&self, manifest: &Manifest) -> Vec<(String, String)> {
        simple_index(&manifest.artifacts)
    }
}

/// Gives what would break it for anyone who installs it.
fn wheel(artifact: &Artifact, name: &str, bytes: &[u8]) -> Result<Vec<Diagnostic>, Diagnostic> {
    let wheel = read_wheel(name, bytes)?;
    let named = &wheel.file_name;
    same_version(&wheel.version, &artifact.version)?;
    expect(
        "name",
        &normalized_python_name(&wheel.name),
        &normalized_python_name(&named.distribution),
    )?;
    same_version(&wheel.version, &named.version)?;
    expect("tags", &list(&wheel.tags), &list(&named.tags()))?;
    Ok(check_wheel(&wheel, RULES).into_iter().filter(breaks_the_file).collect())
}

fn sdist(artifact: &Artifact, name: &str, bytes: &[u8]) -> Result<Vec<Diagnostic>, Diagnostic> {
    let sdist = read_sdist(name, bytes)?;
    let named = &sdist.file_name;
    same_version(&sdist.version, &artifact.version)?;
    expect(
        "name",
        &normalized_python_name(&sdist.name),
        &normalized_python_name(&named.distribution),
    )?;
    same_version(&sdist.version, &named.version)?;
    Ok(check_sdist(&sdist, RULES).into_iter().filter(breaks_the_file).collect())
}

fn list(tags: &[Tag]) -> String {
    tags.iter().map(Tag::to_string).collect::<Vec<_>>().join(" ")
}

/// Two spellings of one version are the same: a backend may write `2025.05.09` into the metadata,
/// and its normal form `2025.5.9` into the file's name.
fn same_version(found: &str, expected: &str) -> Result<(), Diagnostic> {
    match (pep440(found), pep440(expected)) {
        (Some(a), Some(b)) if a.same_as(&b) => Ok(()),
        _ => expect("version", found, expected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_in_normal_form() {
        let check = |found: &str, expected: &str, same: bool| {
            assert_eq!(same_version(found, expected).is_ok(), same, "{found} {expected}");
        };
        check("2025.05.09", "2025.5.9", true);
        check("1.0.0-rc.1", "1.0.0rc1", true);
        check("1.0+Ubuntu-1", "1.0+ubuntu.1", true);
        check("1.0-1", "1.0.post1", true);
        check("v1.0", "1.0.0", true);
        check("1!1.0", "1.0", false);
        check("1.0+a", "1.0+b", false);
        check("1.0.0rc1", "1.0.0", false);
        check("one", "1", false);
    }
}
