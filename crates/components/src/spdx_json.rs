//! SPDX 2.3 in JSON: the fields that our documents have, in the order in which they are written.
//! A field that is not here is refused when read.

use crate::codes;
use model::Diagnostic;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Document {
    pub(crate) spdx_version: String,
    pub(crate) data_license: String,
    #[serde(rename = "SPDXID")]
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) document_namespace: String,
    pub(crate) creation_info: CreationInfo,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) comment: String,
    pub(crate) packages: Vec<Package>,
    pub(crate) relationships: Vec<Relationship>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreationInfo {
    pub(crate) created: String,
    pub(crate) creators: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Package {
    #[serde(rename = "SPDXID")]
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) version_info: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) package_file_name: String,
    pub(crate) supplier: String,
    pub(crate) download_location: String,
    pub(crate) files_analyzed: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) checksums: Vec<Checksum>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) homepage: String,
    pub(crate) license_concluded: String,
    pub(crate) license_declared: String,
    pub(crate) copyright_text: String,
    pub(crate) primary_package_purpose: String,
    pub(crate) external_refs: Vec<ExternalRef>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) comment: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Checksum {
    pub(crate) algorithm: String,
    pub(crate) checksum_value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct ExternalRef {
    pub(crate) reference_category: String,
    pub(crate) reference_type: String,
    pub(crate) reference_locator: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Relationship {
    #[serde(rename = "spdxElementId")]
    pub(crate) from: String,
    #[serde(rename = "relationshipType")]
    pub(crate) kind: String,
    #[serde(rename = "relatedSpdxElement")]
    pub(crate) to: String,
}

/// SPDXID of the document.
pub(crate) const DOCUMENT_ID: &str = "SPDXRef-DOCUMENT";
/// SPDXID of the artifact.
pub(crate) const ARTIFACT_ID: &str = "SPDXRef-Artifact";
/// What is written where nobody knows.
pub(crate) const NO_ASSERTION: &str = "NOASSERTION";
/// The version of SPDX.
pub(crate) const SPDX_VERSION: &str = "SPDX-2.3";
/// The licence of the document itself, which SPDX 2.3 demands.
pub(crate) const DATA_LICENSE: &str = "CC0-1.0";

/// The one rendering.
pub(crate) fn render(document: &Document) -> Result<String, Diagnostic> {
    let mut text = serde_json::to_string_pretty(document).map_err(|error| {
        Diagnostic::new(&codes::SBOM_SYNTAX, format!("the SBOM cannot be written: {error}"))
    })?;
    text.push('\n');
    Ok(text)
}
