//! The format as `verify`, the documents and registries see it.

use std::collections::BTreeMap;

use archive::time::Moment;
use components::{ChartDependency, Contents, PurlType, Subject};
use format::{
    BlobBytes, Destination, Downloads, Form, Headings, Inspects, Kind, Push, PushSource,
    PushedBlob, PushedManifest, Recognised, ServedLayer, expect, read,
};
use model::limits::MAX_JSON_BYTES;
use model::{
    Artifact, ArtifactKind, Diagnostic, Digest, Dist, FileEntry, Format, Location, Manifest,
};

use crate::artifact_hub::{HUB_FILE, HUB_TAG, hub};
use crate::push::MANIFEST_TYPE;
use crate::{
    CHART_TYPE, Dependency, Helm, ImageReference, codes, created_of, guide, push, read_chart,
};

static KINDS: [Kind; 1] = [Kind {
    name: crate::CHART,
    form: Form::FileAndManifest,
    subject: Subject { purl: PurlType::Generic, purpose: "INSTALL" },
}];

impl Inspects for Helm {
    fn format(&self) -> Format {
        crate::FORMAT
    }

    fn kinds(&self) -> &'static [Kind] {
        &KINDS
    }

    fn headings(&self) -> Headings {
        Headings { short: "Chart", long: "Helm charts" }
    }

    fn destination(&self) -> Destination {
        Destination::Registry
    }

    fn downloads(&self) -> Downloads {
        Downloads::Always
    }

    fn contents(
        &self,
        artifact: &Artifact,
        dist: &dyn Dist,
    ) -> Result<Vec<Diagnostic>, Diagnostic> {
        let (name, bytes) = read(artifact, dist)?;
        let chart = read_chart(&name, &bytes)?;
        expect("version", &chart.metadata.version, &artifact.version)?;
        // Among downloads it stands alone.
        let Some(manifest) = artifact.files.first() else { return Ok(Vec::new()) };
        let found = dist.read(&manifest.path, MAX_JSON_BYTES)?;
        let created = created_of(&found).unwrap_or_default();
        let packed = (artifact.file.digest, artifact.file.size);
        if push::push(&chart.metadata, packed, None, &created)?.manifest.as_bytes() == found {
            return Ok(Vec::new());
        }
        let message = "is not the manifest that `helm push` would make of the chart beside it";
        Err(Diagnostic::new(&codes::CHART_MANIFEST, message).at(Location::file(&manifest.path)))
    }

    fn recognise(&self, name: &str, bytes: &[u8]) -> Option<Result<Recognised, Diagnostic>> {
        name.ends_with(".tgz").then(|| {
            let chart = read_chart(name, bytes)?.metadata;
            Ok(Recognised { kind: crate::CHART, package: chart.name, version: Some(chart.version) })
        })
    }

    fn inside(&self, _: ArtifactKind, name: &str, bytes: &[u8]) -> Result<Contents, Diagnostic> {
        chart(name, bytes)
    }

    fn guide(&self, manifest: &Manifest) -> Option<String> {
        guide::guide(manifest)
    }

    /// The chart as `helm push` would push it, and Artifact Hub's metadata beside it. Its tag never
    /// moves.
    fn push(
        &self,
        artifact: &Artifact,
        source: &dyn PushSource,
    ) -> Result<Option<Push>, Diagnostic> {
        let path = &artifact.file.path;
        let bytes = source.read(path, &artifact.file.digest)?;
        let chart = read_chart(path, &bytes)?;
        let packed = (artifact.file.digest, bytes.len() as u64);
        // Helm's own provenance file beside the chart, where there is one.
        let provenance = source.find(&format!("{path}.prov"))?;
        let measured = |bytes: &Vec<u8>| (Digest::of(bytes), bytes.len() as u64);
        let created = Moment::at(source.epoch()).rfc3339();
        let pushed =
            push::push(&chart.metadata, packed, provenance.as_ref().map(measured), &created)?;
        let sealed = artifact.files.first().filter(|_| provenance.is_none());
        as_sealed(sealed, pushed.manifest.as_bytes())?;
        let (digest, size) = packed;
        let archive = PushedBlob { digest, size, bytes: BlobBytes::File(path.clone()) };
        let mut blobs = vec![archive, PushedBlob::of(pushed.config.into_bytes())];
        blobs.extend(provenance.map(PushedBlob::of));
        let manifest = PushedManifest {
            media_type: MANIFEST_TYPE,
            bytes: pushed.manifest.into_bytes(),
            blobs,
            is_index: false,
            described: path.clone(),
            signed: sealed.map_or_else(String::new, |file| file.path.clone()),
        };
        let metadata = chart.files.into_iter().find(|file| file.path == HUB_FILE);
        Ok(Some(Push {
            manifests: vec![manifest],
            takes_further_tags: false,
            beside: metadata.map(|file| (HUB_TAG, hub(file.bytes))),
        }))
    }

    fn served_type(&self) -> Option<&'static str> {
        Some(CHART_TYPE)
    }

    fn served(&self, served: &ServedLayer<'_>) -> Option<Diagnostic> {
        let config: serde_json::Value = serde_json::from_slice(served.config).unwrap_or_default();
        let told = |key: &str| config.get(key).and_then(|value| value.as_str()).unwrap_or_default();
        let (name, version) = (told("name"), told("version"));
        // Its name is held against what is inside.
        if let Err(problem) = read_chart(&format!("{name}-{version}.tgz"), served.layer) {
            return Some(problem);
        }
        let other = |what: &str, found: &str, expected: &str| {
            let message = format!("holds the {what} `{found}`, expected `{expected}`");
            Some(Diagnostic::new(&codes::CHART_OTHER, message))
        };
        let repository = served.repository;
        let expected = repository.rsplit('/').next().unwrap_or(repository);
        match served.tag {
            _ if name != expected => other("name", name, expected),
            Some(tag) if tag != version.replace('+', "_") => other("version", version, tag),
            _ => None,
        }
    }
}

/// That the manifest is the one that was sealed, and so signed.
fn as_sealed(sealed: Option<&FileEntry>, manifest: &[u8]) -> Result<(), Diagnostic> {
    let (Some(sealed), found) = (sealed, Digest::of(manifest)) else { return Ok(()) };
    if sealed.digest == found {
        return Ok(());
    }
    let message = format!("`{}` is {}; the chart's own is {found}", sealed.path, sealed.digest);
    Err(Diagnostic::new(&codes::CHART_SEALED, message)
        .at(Location::file(&sealed.path))
        .help("it was sealed by another version of this program: build the release again"))
}

fn chart(name: &str, bytes: &[u8]) -> Result<Contents, Diagnostic> {
    let chart = read_chart(name, bytes)?;
    let locked: BTreeMap<&str, &str> = chart
        .lock
        .iter()
        .flat_map(|lock| &lock.dependencies)
        .map(|dependency| (dependency.name.as_str(), dependency.version.as_str()))
        .collect();
    let dependency = |declared: &Dependency| {
        let version = locked.get(declared.name.as_str()).copied().unwrap_or(&declared.version);
        let archive = format!("charts/{}-{version}.tgz", declared.name);
        let inside = chart.files.iter().find(|file| file.path == archive);
        ChartDependency {
            name: declared.name.clone(),
            version: version.to_owned(),
            repository: declared.repository.clone(),
            digest: inside.map(|file| Digest::of(&file.bytes)),
        }
    };
    let dependencies: Vec<ChartDependency> =
        chart.metadata.dependencies.iter().map(dependency).collect();
    let images: Vec<String> = chart.images.iter().map(reference).collect();
    let mut contents = components::chart(&dependencies, &images);
    contents.about.name.clone_from(&chart.metadata.name);
    chart.metadata.license().clone_into(&mut contents.about.license);
    Ok(contents)
}

/// `repository:tag@digest`, without what the chart leaves open.
fn reference(image: &ImageReference) -> String {
    let part = |mark: &str, text: &str| {
        if text.is_empty() { String::new() } else { format!("{mark}{text}") }
    };
    format!("{}{}{}", image.repository, part(":", &image.tag), part("@", &image.digest))
}
