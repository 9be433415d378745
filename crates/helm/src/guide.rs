//! How to install the charts of a release: a section of `INSTALL.md`.

use model::{Artifact, Manifest};

/// The note of an artifact that is a library chart, which cannot be installed on its own.
pub const LIBRARY_NOTE: &str = "library chart";

/// The section about charts; `None` if the release has none.
///
/// Charts in a registry need no `helm repo add`: Helm refuses it for `oci://` addresses.
#[must_use]
pub fn guide(manifest: &Manifest) -> Option<String> {
    let is_chart = |artifact: &&Artifact| artifact.kind == crate::CHART;
    let charts: Vec<&Artifact> = manifest.artifacts.iter().filter(is_chart).collect();
    if charts.is_empty() {
        return None;
    }
    let mut text = String::from("## Helm charts\n");
    for chart in charts {
        text.push_str(&section(manifest, chart));
    }
    Some(text)
}

fn section(manifest: &Manifest, chart: &Artifact) -> String {
    let file = chart.file.path.rsplit('/').next().unwrap_or_default();
    let name = file.strip_suffix(&format!("-{}.tgz", chart.version)).unwrap_or(&chart.package);
    let version = &chart.version;
    let reference = &chart.reference;
    let heading = format!("\n### `{name}` {version}\n");
    if chart.notes.iter().any(|note| note == LIBRARY_NOTE) {
        let repository = reference.rsplit_once('/').map_or("", |(above, _)| above);
        return format!(
            "{heading}\nA library: name it in your own `Chart.yaml`.\n\n```yaml\ndependencies:\n\
             - name: {name}\n  version: {version}\n  repository: oci://{repository}\n```\n"
        );
    }
    let mut text = heading;
    if !reference.is_empty() {
        text.push_str(&format!(
            "\n```sh\nhelm install {name} oci://{reference} --version {version}\n```\n"
        ));
    }
    text.push_str("\nFrom the downloaded file:\n\n```sh\n");
    if let Some(url) = download(manifest, chart) {
        text.push_str(&format!("curl -fLO {url}\n"));
    }
    text.push_str(&format!("helm install {name} ./{file}\n```\n"));
    text
}

fn download(manifest: &Manifest, chart: &Artifact) -> Option<String> {
    let release = &manifest.release;
    let asset = manifest.assets.iter().find(|asset| asset.path == chart.file.path)?;
    if release.repository.is_empty() {
        return None;
    }
    Some(format!("{}/releases/download/{}/{}", release.repository, release.tag, asset.name))
}

#[cfg(test)]
mod tests;
