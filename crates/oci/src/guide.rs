//! The section about images in the installation guide of a release.

use std::fmt::Write;

use model::{Artifact, Manifest};

/// Markdown about pulling, running and loading the release's images; `None` if the release has
/// none. Each command works as written, in the folder of `release.json`.
#[must_use]
pub fn guide(manifest: &Manifest) -> Option<String> {
    let is_index = |artifact: &&Artifact| artifact.kind == crate::IMAGE_INDEX;
    let indexes: Vec<&Artifact> = manifest.artifacts.iter().filter(is_index).collect();
    let first = indexes.first()?;
    let mut text =
        String::from("## Container images\n\n| image | platforms | digest |\n|---|---|---|\n");
    for index in &indexes {
        let platforms = platforms(manifest, index).join(", ");
        let Artifact { reference, version, .. } = index;
        let digest = index.file.digest;
        writeln!(text, "| `{reference}:{version}` | {platforms} | `{digest}` |").ok();
    }
    text.push_str("\nRun by tag, or by digest so that nobody can move it:\n\n```sh\n");
    for index in &indexes {
        let Artifact { reference, version, .. } = index;
        let digest = index.file.digest;
        writeln!(text, "docker run --rm {reference}:{version}").ok();
        writeln!(text, "docker run --rm {reference}@{digest}").ok();
    }
    text.push_str("```\n\nWithout a registry, from the layouts beside `release.json`:\n\n```sh\n");
    for index in &indexes {
        let name = name(index);
        let Artifact { reference, version, .. } = index;
        writeln!(
            text,
            "skopeo copy oci:oci/{name}:{version} \
             docker-archive:{name}.tar:{reference}:{version}\n\
             docker load --input {name}.tar"
        )
        .ok();
    }
    let Artifact { reference, version, .. } = first;
    write!(
        text,
        "```\n\nAll platforms, to a registry of your own (`registry.example`):\n\n\
         ```sh\n\
         skopeo copy --all oci:oci/{name}:{version} docker://registry.example/{name}:{version}\n\
         ```\n\nWhether an image asks after its own health, and how:\n\n```sh\n\
         docker image inspect --format '{{{{json .Config.Healthcheck}}}}' \
         {reference}:{version}\n```\n",
        name = name(first)
    )
    .ok();
    Some(text)
}

fn platforms(manifest: &Manifest, index: &Artifact) -> Vec<String> {
    let mut found: Vec<_> = manifest
        .artifacts
        .iter()
        .filter(|artifact| artifact.kind == crate::IMAGE && artifact.package == index.package)
        .filter_map(|artifact| artifact.platform)
        .collect();
    found.sort_unstable();
    found.iter().map(|platform| platform.oci()).collect()
}

/// The name of the layout's folder.
fn name(index: &Artifact) -> &str {
    let mut parts = index.file.path.split('/');
    parts.next();
    parts.next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use model::{Digest, FileEntry, Manifest, Platform, ToolUse, UnitId};

    use super::*;
    use crate::pack::tests::release;

    fn artifact(kind: model::ArtifactKind, platform: Option<Platform>) -> Artifact {
        Artifact {
            unit: UnitId::new("clock", crate::FORMAT, platform),
            package: "clock".to_owned(),
            format: crate::FORMAT,
            kind,
            platform,
            version: "1.2.3".to_owned(),
            reference: "ghcr.io/o/clock".to_owned(),
            file: FileEntry {
                path: crate::blob_path("clock", &Digest::of(b"")),
                size: 0,
                digest: Digest::of(b""),
            },
            files: Vec::new(),
            materials: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn manifest(artifacts: Vec<Artifact>) -> Manifest {
        Manifest { artifacts, ..Manifest::new(ToolUse::default(), release()) }
    }

    #[test]
    fn a_release_without_images_has_no_section() {
        assert_eq!(guide(&manifest(Vec::new())), None);
    }

    #[test]
    fn the_section_names_each_image_by_tag_and_by_digest() {
        let artifacts = vec![
            artifact(crate::IMAGE, Some(Platform::LinuxArm64)),
            artifact(crate::IMAGE, Some(Platform::LinuxAmd64)),
            artifact(crate::IMAGE_INDEX, None),
        ];
        let text = guide(&manifest(artifacts)).unwrap();
        let digest = Digest::of(b"");
        for line in [
            format!("| `ghcr.io/o/clock:1.2.3` | linux/amd64, linux/arm64 | `{digest}` |"),
            "docker run --rm ghcr.io/o/clock:1.2.3".to_owned(),
            format!("docker run --rm ghcr.io/o/clock@{digest}"),
            "skopeo copy oci:oci/clock:1.2.3 docker-archive:clock.tar:ghcr.io/o/clock:1.2.3".into(),
            "docker image inspect --format '{{json .Config.Healthcheck}}' ghcr.io/o/clock:1.2.3"
                .into(),
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in:\n{text}");
        }
    }
}
