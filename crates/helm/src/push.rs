//! A chart as `helm push` pushes it to a registry (Helm 4.2, byte for byte): its metadata as
//! configuration, the archive and its provenance as layers, annotations from `Chart.yaml`.

use std::collections::BTreeMap;

use format::go_json;
use model::{Diagnostic, Digest};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::codes;
use crate::metadata::{self, ChartMetadata, Dependency};

/// Media type of a chart's archive, as a layer.
pub const CHART_TYPE: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/// Media type of the manifest that a registry knows a chart by (image-spec, "manifest").
pub(crate) const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";

/// Media type of a chart's configuration.
const CONFIG_TYPE: &str = "application/vnd.cncf.helm.config.v1+json";
/// Media type of a chart's provenance file.
const PROV_TYPE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";

/// What is pushed besides the archive itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// The configuration's bytes.
    pub config: String,
    /// The manifest's bytes.
    pub manifest: String,
}

/// What `helm push` pushes for a chart whose archive, and provenance file if it has one, have these
/// digests and sizes; `created` is RFC 3339.
///
/// # Errors
/// `chart-metadata` when `import-values` of a dependency is not JSON.
pub fn push(
    chart: &ChartMetadata,
    archive: (Digest, u64),
    provenance: Option<(Digest, u64)>,
    created: &str,
) -> Result<Pushed, Diagnostic> {
    let config = config(chart)?;
    let pointer = Pointer::new(CONFIG_TYPE, (Digest::of(config.as_bytes()), config.len() as u64));
    let provenance = provenance.map(|file| Pointer::new(PROV_TYPE, file));
    let mut layers: Vec<Pointer> =
        [Pointer::new(CHART_TYPE, archive)].into_iter().chain(provenance).collect();
    layers.sort_by_key(|layer| layer.digest);
    let manifest = json(&Manifest {
        schema_version: 2,
        config: pointer,
        layers,
        annotations: annotations(chart, created),
    });
    Ok(Pushed { config, manifest })
}

/// The creation time of a pushed chart; `None` if `manifest` is not that of a chart, or has none.
#[must_use]
pub fn created_of(manifest: &[u8]) -> Option<String> {
    let manifest: Manifest = serde_json::from_slice(manifest).ok()?;
    manifest.annotations.get(&format!("{PREFIX}created")).cloned()
}

const PREFIX: &str = "org.opencontainers.image.";

/// The configuration: the contents of `Chart.yaml`, in the order of Helm's type.
fn config(chart: &ChartMetadata) -> Result<String, Diagnostic> {
    let dependencies: Result<Vec<_>, Diagnostic> =
        chart.dependencies.iter().map(Requirement::of).collect();
    let api_version = if chart.api_version.is_empty() { "v1" } else { &chart.api_version };
    Ok(json(&Metadata {
        name: clean(&chart.name),
        home: clean(&chart.home),
        sources: chart.sources.iter().map(|text| clean(text)).collect(),
        version: chart.version.clone(),
        description: clean(&chart.description),
        keywords: chart.keywords.iter().map(|text| clean(text)).collect(),
        maintainers: chart.maintainers.iter().map(Person::of).collect(),
        icon: clean(&chart.icon),
        api_version: api_version.to_owned(),
        condition: clean(&chart.condition),
        tags: clean(&chart.tags),
        app_version: clean(&chart.app_version),
        deprecated: chart.deprecated,
        annotations: chart.annotations.iter().cloned().collect(),
        kube_version: clean(&chart.kube_version),
        dependencies: dependencies?,
        kind: chart.kind.clone(),
    }))
}

/// Annotations as Helm derives them; those of the chart take precedence, except name and version.
fn annotations(chart: &ChartMetadata, created: &str) -> BTreeMap<String, String> {
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

/// A manifest, field by field as Helm writes it: without a media type.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    schema_version: u32,
    config: Pointer,
    layers: Vec<Pointer>,
    annotations: BTreeMap<String, String>,
}

/// A descriptor.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pointer {
    media_type: String,
    digest: Digest,
    size: u64,
}

impl Pointer {
    fn new(media_type: &str, (digest, size): (Digest, u64)) -> Self {
        Self { media_type: media_type.to_owned(), digest, size }
    }
}

/// Field by field Helm's `chart.Metadata`.
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
    condition: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    tags: String,
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
    fn of(person: &metadata::Maintainer) -> Self {
        Self { name: clean(&person.name), email: clean(&person.email), url: clean(&person.url) }
    }

    fn line(self) -> String {
        if self.email.is_empty() { self.name } else { format!("{} ({})", self.name, self.email) }
    }
}

impl Requirement {
    fn of(dependency: &Dependency) -> Result<Self, Diagnostic> {
        let raw = Some(dependency.import_values.clone()).filter(|text| !text.is_empty());
        let import_values = raw.map(RawValue::from_string).transpose().map_err(|error| {
            let message = format!("`import-values` of `{}`: {error}", dependency.name);
            Diagnostic::new(&codes::CHART_METADATA, message)
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

fn json<T: Serialize>(document: &T) -> String {
    // These types have a JSON form, so the fallback is never used.
    go_json(&serde_json::to_string(document).unwrap_or_default())
}

/// Texts as Helm stores them: white space becomes a space, unprintable characters are removed.
fn clean(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    spaced.filter(|c| !c.is_control() && !is_format(*c)).collect()
}

/// Invisible characters that are not control characters: Unicode's category Cf where it
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
