//! CycloneDX JSON as maturin and others leave it inside of wheels (`*.dist-info/sboms/`, PEP 770).

use std::collections::BTreeMap;

use model::limits::MAX_JSON_BYTES;
use model::{Budget, Code, Diagnostic, Digest, Exhausted};
use serde::Deserialize;

use crate::codes;
use crate::limits::{self, MAX_COMPONENTS, MAX_EDGES, at_most};
use crate::{Component, Contents, Link, Supplier, license_expression, purl, supplier};

/// What a CycloneDX document says is inside. What it is about becomes a component that the
/// artifact contains.
///
/// # Errors
/// `sbom-cyclonedx` when it cannot be read.
pub fn cyclonedx(json: &[u8]) -> Result<Contents, Diagnostic> {
    cyclonedx_within(json, &Budget::of(json.len() as u64))
}

/// The same for a document in an artifact, from whose `budget` components and edges are taken.
///
/// # Errors
/// As [`cyclonedx`], and `too-much-work` without a location when they exceed what is left.
pub fn cyclonedx_within(json: &[u8], budget: &Budget) -> Result<Contents, Diagnostic> {
    let too_much = |exhausted: Exhausted| exhausted.problem("the CycloneDX document");
    if json.len() as u64 > MAX_JSON_BYTES {
        return Err(Diagnostic::new(CODE, "the CycloneDX document is too long"));
    }
    if let Some(why) = model::json::ambiguity(json, &Budget::of(json.len() as u64)) {
        let message = format!("the CycloneDX document cannot be read: {why}");
        return Err(Diagnostic::new(CODE, message));
    }
    let bom: Bom = serde_json::from_slice(json).map_err(|error| {
        Diagnostic::new(CODE, format!("the CycloneDX document cannot be read: {error}"))
    })?;
    if bom.bom_format != "CycloneDX" {
        let message = format!("`bomFormat` should be `CycloneDX` and is `{}`", bom.bom_format);
        return Err(Diagnostic::new(CODE, message));
    }
    at_most(MAX_EDGES, bom.dependencies.iter().map(|d| d.depends_on.len()).sum(), CODE, "edges")?;
    let mut contents = Contents::default();
    let mut by_reference = BTreeMap::new();
    let subject = bom.metadata.and_then(|metadata| metadata.component);
    if let Some(subject) = &subject {
        let purl = subject.purl();
        contents.join(None, Link::Contains, &purl);
        by_reference.insert(subject.reference.as_str(), purl.clone());
        contents.add(purl, subject.component(Supplier::Publisher));
    }
    let mut waiting: Vec<&Part> = bom.components.iter().collect();
    while let Some(part) = waiting.pop() {
        let purl = part.purl();
        limits::component(budget, &purl).map_err(too_much)?;
        by_reference.insert(&part.reference, purl.clone());
        contents.add(purl, part.component(part.supplier()));
        at_most(MAX_COMPONENTS, contents.components.len(), CODE, "components")?;
        waiting.extend(&part.components);
    }
    for dependency in &bom.dependencies {
        let Some(from) = by_reference.get(dependency.reference.as_str()) else { continue };
        for to in dependency.depends_on.iter().filter_map(|to| by_reference.get(to.as_str())) {
            limits::edge(budget, Some(from), to).map_err(too_much)?;
            contents.join(Some(from), Link::DependsOn, to);
        }
    }
    Ok(contents)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bom {
    bom_format: String,
    metadata: Option<Metadata>,
    #[serde(default)]
    components: Vec<Part>,
    #[serde(default)]
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Metadata {
    component: Option<Part>,
}

#[derive(Deserialize)]
struct Part {
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default, rename = "bom-ref")]
    reference: String,
    #[serde(default)]
    purl: String,
    supplier: Option<Entity>,
    #[serde(default)]
    hashes: Vec<Hash>,
    #[serde(default)]
    licenses: Vec<LicenseChoice>,
    #[serde(default)]
    components: Vec<Part>,
}

#[derive(Deserialize)]
struct Entity {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct Hash {
    alg: String,
    content: String,
}

#[derive(Deserialize)]
struct LicenseChoice {
    #[serde(default)]
    expression: String,
    license: Option<LicenseName>,
}

#[derive(Deserialize)]
struct LicenseName {
    #[serde(default)]
    id: String,
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dependency {
    #[serde(rename = "ref")]
    reference: String,
    #[serde(default)]
    depends_on: Vec<String>,
}

impl Part {
    fn purl(&self) -> String {
        purl::foreign(&self.purl).unwrap_or_else(|| purl::file(&self.name, &self.version, None))
    }

    fn component(&self, supplier: Supplier) -> Component {
        let sha256 = self.hashes.iter().find(|hash| hash.alg == "SHA-256");
        let digest = sha256.and_then(|hash| Digest::from_hex(&hash.content.to_lowercase()).ok());
        Component {
            name: self.name.clone(),
            version: self.version.clone(),
            supplier,
            license: self.license(),
            digest,
            ..Component::default()
        }
    }

    fn supplier(&self) -> Supplier {
        if let Some(entity) = &self.supplier {
            return Supplier::named(&entity.name);
        }
        // A part that only held on the machine that built it is the publisher's own.
        if self.purl.contains("download_url=file:") {
            return Supplier::Publisher;
        }
        let kind = self.purl.strip_prefix("pkg:").and_then(|rest| rest.split_once('/'));
        match kind {
            Some(("cargo", _)) if self.reference.contains("git+") => {
                let address = self.reference.split("git+").nth(1).unwrap_or_default();
                Supplier::of_address(address)
            }
            Some(("cargo", _)) => Supplier::named(supplier::CRATES),
            Some(("pypi", _)) => Supplier::named(supplier::PYTHON),
            Some(("golang", path)) => Supplier::of_place(path.split('@').next().unwrap_or(path)),
            _ => Supplier::Unknown,
        }
    }

    /// Several licences of one part all hold.
    fn license(&self) -> String {
        let each: Vec<String> = self
            .licenses
            .iter()
            .filter_map(|choice| {
                let named = choice.license.as_ref();
                let texts = [
                    Some(choice.expression.as_str()),
                    named.map(|name| name.id.as_str()),
                    named.map(|name| name.name.as_str()),
                ];
                texts.into_iter().flatten().find_map(license_expression)
            })
            .collect();
        match each.as_slice() {
            // One that cannot be said would be left out of the conjunction, which would be false.
            _ if each.len() < self.licenses.len() => String::new(),
            [] => String::new(),
            [only] => only.clone(),
            several => several
                .iter()
                .map(|text| if text.contains(' ') { format!("({text})") } else { text.clone() })
                .collect::<Vec<_>>()
                .join(" AND "),
        }
    }
}

const CODE: &Code = &codes::SBOM_CYCLONEDX;

#[cfg(test)]
mod tests;
