//! A chart as `helm push` brings it to a registry (Helm 4.2, byte for byte): its metadata as
//! configuration, the archive and its provenance as layers, annotations from `Chart.yaml`.

use std::collections::BTreeMap;

use helm::{ChartMetadata, Dependency};
use model::Problem;
use serde::Serialize;
use serde_json::value::RawValue;

use super::documents::{ArtifactManifest, Pointer, go_json};

/// Media type of a chart's configuration.
pub(crate) const CONFIG_TYPE: &str = "application/vnd.cncf.helm.config.v1+json";
/// Media type of a chart's archive.
pub(crate) const CHART_TYPE: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/// Media type of a chart's provenance file.
pub(crate) const PROV_TYPE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";
/// Media type of Artifact Hub's configuration, which is empty.
pub(crate) const HUB_CONFIG_TYPE: &str = "application/vnd.cncf.artifacthub.config.v1+yaml";
/// Media type of Artifact Hub's metadata.
pub(crate) const HUB_TYPE: &str =
    "application/vnd.cncf.artifacthub.repository-metadata.layer.v1.yaml";
/// The tag under which Artifact Hub looks for it.
pub(crate) const HUB_TAG: &str = "artifacthub.io";
/// The file that holds it.
pub(crate) const HUB_FILE: &str = "artifacthub-repo.yml";

/// The configuration: what `Chart.yaml` says, in the order of Helm's own type.
///
/// # Errors
/// `chart-metadata` when `import-values` of a dependency is no JSON.
pub(crate) fn config(chart: &ChartMetadata) -> Result<String, Problem> {
    let dependencies: Result<Vec<_>, Problem> =
        chart.dependencies.iter().map(Requirement::of).collect();
    let api_version = if chart.api_version.is_empty() { "v1" } else { &chart.api_version };
    Ok(go_json(&Metadata {
        name: clean(&chart.name),
        home: clean(&chart.home),
        sources: chart.sources.iter().map(|text| clean(text)).collect(),
        version: chart.version.clone(),
        description: clean(&chart.description),
        keywords: chart.keywords.iter().map(|text| clean(text)).collect(),
        maintainers: chart.maintainers.iter().map(Person::of).collect(),
        icon: clean(&chart.icon),
        api_version: api_version.to_owned(),
        app_version: clean(&chart.app_version),
        deprecated: chart.deprecated,
        annotations: chart.annotations.iter().cloned().collect(),
        kube_version: clean(&chart.kube_version),
        dependencies: dependencies?,
        kind: chart.kind.clone(),
    }))
}

/// The manifest over a configuration and layers; `created` is RFC 3339.
pub(crate) fn manifest(
    chart: &ChartMetadata,
    config: Pointer,
    mut layers: Vec<Pointer>,
    created: &str,
) -> String {
    layers.sort_by_key(|layer| layer.digest);
    go_json(&ArtifactManifest {
        schema_version: 2,
        media_type: "",
        artifact_type: "",
        config,
        layers,
        subject: None,
        annotations: annotations(chart, created),
    })
}

/// The manifest of Artifact Hub's metadata.
pub(crate) fn hub_manifest(config: Pointer, layer: Pointer) -> String {
    go_json(&ArtifactManifest {
        schema_version: 2,
        media_type: ::oci::spec::MANIFEST,
        artifact_type: "",
        config,
        layers: vec![layer],
        subject: None,
        annotations: BTreeMap::new(),
    })
}

/// Annotations as Helm derives them; those of the chart win, but for name and version.
fn annotations(chart: &ChartMetadata, created: &str) -> BTreeMap<String, String> {
    const PREFIX: &str = "org.opencontainers.image.";
    let authors: Vec<String> = chart.maintainers.iter().map(Person::of).map(Person::line).collect();
    let source = chart.sources.first().map(|text| clean(text)).unwrap_or_default();
    let own = [
        ("description", clean(&chart.description)),
        ("title", clean(&chart.name)),
        ("version", chart.version.clone()),
        ("url", clean(&chart.home)),
        ("created", created.to_owned()),
        ("source", source),
        ("authors", authors.join(", ")),
    ];
    let said = own.into_iter().filter(|(_, text)| !text.trim().is_empty());
    let mut all: BTreeMap<String, String> =
        said.map(|(name, text)| (format!("{PREFIX}{name}"), text)).collect();
    for (name, text) in &chart.annotations {
        if !matches!(name.strip_prefix(PREFIX), Some("title" | "version")) {
            all.insert(name.clone(), text.clone());
        }
    }
    all
}

/// Field by field Helm's `chart.Metadata`; without `condition` and `tags`, which nothing reads.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    home: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sources: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    version: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keywords: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    maintainers: Vec<Person>,
    #[serde(skip_serializing_if = "String::is_empty")]
    icon: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    api_version: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    app_version: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deprecated: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    kube_version: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dependencies: Vec<Requirement>,
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    kind: String,
}

#[derive(Serialize)]
struct Person {
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    email: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Requirement {
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    version: String,
    repository: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    condition: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    import_values: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "String::is_empty")]
    alias: String,
}

impl Person {
    fn of(person: &helm::Maintainer) -> Self {
        Self { name: clean(&person.name), email: clean(&person.email), url: clean(&person.url) }
    }

    fn line(self) -> String {
        if self.email.is_empty() { self.name } else { format!("{} ({})", self.name, self.email) }
    }
}

impl Requirement {
    fn of(dependency: &Dependency) -> Result<Self, Problem> {
        let raw = Some(dependency.import_values.clone()).filter(|text| !text.is_empty());
        let import_values = raw.map(RawValue::from_string).transpose().map_err(|error| {
            let message = format!("`import-values` of `{}`: {error}", dependency.name);
            Problem::error("chart-metadata", message)
        })?;
        Ok(Self {
            name: clean(&dependency.name),
            version: clean(&dependency.version),
            repository: clean(&dependency.repository),
            condition: clean(&dependency.condition),
            tags: dependency.tags.iter().map(|text| clean(text)).collect(),
            enabled: dependency.enabled,
            import_values,
            alias: dependency.alias.clone(),
        })
    }
}

/// Texts as Helm keeps them: any white space is a space, what does not print is gone.
fn clean(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    spaced.filter(|c| !c.is_control() && !is_format(*c)).collect()
}

/// Characters that show nothing and are no control characters: Unicode's category Cf where it
/// occurs in texts, private use, and noncharacters.
fn is_format(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}'
        | '\u{e0001}'..='\u{e007f}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests;
