//! The format as `verify` and the documents see it.

use components::{Contents, PurlType, Subject};
use format::{Destination, Downloads, Form, Headings, Inspects, Kind, Recognised, expect, read};
use model::{Artifact, ArtifactKind, Diagnostic, Dist, Format, Manifest, normalized_python_name};

use crate::locked_crates::add_locked;
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
        for (_, document) in wheel.sboms() {
            if let Ok(inner) = components::cyclonedx(document) {
                contents.merge(inner);
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
    expect("version", &wheel.version, &artifact.version)?;
    expect(
        "name",
        &normalized_python_name(&wheel.name),
        &normalized_python_name(&named.distribution),
    )?;
    expect("version", &plain(&wheel.version), &plain(&named.version))?;
    expect("tags", &list(&wheel.tags), &list(&named.tags()))?;
    Ok(check_wheel(&wheel, RULES).into_iter().filter(breaks_the_file).collect())
}

fn sdist(artifact: &Artifact, name: &str, bytes: &[u8]) -> Result<Vec<Diagnostic>, Diagnostic> {
    let sdist = read_sdist(name, bytes)?;
    let named = &sdist.file_name;
    expect("version", &sdist.version, &artifact.version)?;
    expect(
        "name",
        &normalized_python_name(&sdist.name),
        &normalized_python_name(&named.distribution),
    )?;
    expect("version", &plain(&sdist.version), &plain(&named.version))?;
    Ok(check_sdist(&sdist, RULES).into_iter().filter(breaks_the_file).collect())
}

fn list(tags: &[Tag]) -> String {
    tags.iter().map(Tag::to_string).collect::<Vec<_>>().join(" ")
}

/// A version without the differences that a file name may make: the separators of its parts.
fn plain(version: &str) -> String {
    version.to_lowercase().replace(['-', '_'], ".")
}
