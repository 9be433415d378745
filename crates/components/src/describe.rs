//! Writes the document about one artifact.

use archive::time::Moment;
use model::{Artifact, Diagnostic, Digest, ToolUse};

use crate::namespace::namespace;
use crate::spdx_json::{
    ARTIFACT_ID, Checksum, CreationInfo, DATA_LICENSE, DOCUMENT_ID, Document, ExternalRef,
    NO_ASSERTION, Package, Relationship, SPDX_VERSION, render,
};
use crate::{Component, Contents, Link, Purpose, Supplier, image, license_expression, purl};

/// What a document says of the artifact that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Its type of package URL.
    pub purl: PurlType,
    /// Its primary purpose (SPDX 2.3, 7.24).
    pub purpose: &'static str,
}

/// The types of package URL that artifacts have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurlType {
    /// `pkg:pypi`: a file of a project on a Python index.
    Pypi,
    /// `pkg:oci`: a manifest in a registry. Such an artifact has no file name.
    Oci,
    /// `pkg:generic`: a file by its checksum.
    Generic,
}

/// What holds for all documents of a release.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The program that writes.
    pub generator: &'a ToolUse,
    /// `SOURCE_DATE_EPOCH`: seconds since 1970.
    pub epoch: u64,
    /// The repository's web address; empty when not known. Its owner is the supplier.
    pub repository: &'a str,
    /// The package's licence, for artifacts that say none; empty when not known.
    pub license: &'a str,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sbom(Document);

/// Describes an artifact by what was found inside.
///
/// # Errors
/// Never for these types; the signature leaves it to the caller all the same.
pub fn describe(
    artifact: &Artifact,
    subject: Subject,
    contents: &Contents,
    context: &Context<'_>,
) -> Result<Sbom, Diagnostic> {
    let publisher = publisher(contents, context);
    let mut packages = vec![root(artifact, subject, contents, context, &publisher)];
    packages.extend(contents.components.iter().map(|(purl, part)| package(purl, part, &publisher)));
    let mut relationships = vec![relationship(DOCUMENT_ID, "DESCRIBES", ARTIFACT_ID)];
    relationships.extend(contents.connected().iter().map(|edge| {
        let from = edge.from.as_deref().map_or(ARTIFACT_ID.to_owned(), id);
        let kind = match edge.link {
            Link::Contains => "CONTAINS",
            Link::DependsOn => "DEPENDS_ON",
        };
        relationship(&from, kind, &id(&edge.to))
    }));
    relationships.sort();
    let mut document = Document {
        spdx_version: SPDX_VERSION.to_owned(),
        data_license: DATA_LICENSE.to_owned(),
        id: DOCUMENT_ID.to_owned(),
        name: document_name(artifact, subject),
        document_namespace: String::new(),
        creation_info: CreationInfo {
            created: Moment::at(context.epoch).rfc3339(),
            creators: creators(context, &publisher),
        },
        comment: comment(contents),
        packages,
        relationships,
    };
    document.document_namespace = namespace(&document.name, &render(&document)?);
    Ok(Sbom(document))
}

impl Sbom {
    pub(crate) fn new(document: Document) -> Self {
        Self(document)
    }

    /// The one rendering: two-space indented JSON with a newline at the end.
    ///
    /// # Errors
    /// Never for these types; the signature leaves it to the caller all the same.
    pub fn render(&self) -> Result<String, Diagnostic> {
        render(&self.0)
    }

    /// How many components it lists below what it describes.
    #[must_use]
    pub fn components(&self) -> usize {
        let described = |package: &&Package| package.id.starts_with(ARTIFACT_ID);
        self.0.packages.len() - self.0.packages.iter().filter(described).count()
    }
}

fn root(
    artifact: &Artifact,
    subject: Subject,
    contents: &Contents,
    context: &Context<'_>,
    publisher: &str,
) -> Package {
    let file_name = base_name(&artifact.file.path);
    let is_image = subject.purl == PurlType::Oci;
    let about = &contents.about;
    let name = match about.name.as_str() {
        "" if is_image => base_name(&artifact.reference),
        "" => &artifact.package,
        name => name,
    };
    let digest = artifact.file.digest;
    let version = &artifact.version;
    let purl = match subject.purl {
        PurlType::Pypi => purl::pypi(name, version, file_name),
        PurlType::Oci => image::root_purl(artifact),
        PurlType::Generic => purl::file(name, version, Some(&digest)),
    };
    let license = [about.license.as_str(), context.license];
    let homepage = context.repository.starts_with("https://").then_some(context.repository);
    Package {
        id: ARTIFACT_ID.to_owned(),
        name: name.to_owned(),
        version_info: version.clone(),
        package_file_name: if is_image { String::new() } else { file_name.to_owned() },
        supplier: publisher.to_owned(),
        download_location: NO_ASSERTION.to_owned(),
        files_analyzed: false,
        checksums: vec![checksum(&digest)],
        homepage: homepage.unwrap_or_default().to_owned(),
        license_concluded: NO_ASSERTION.to_owned(),
        license_declared: declared(&license),
        copyright_text: NO_ASSERTION.to_owned(),
        primary_package_purpose: subject.purpose.to_owned(),
        external_refs: vec![purl_reference(&purl)],
        comment: artifact.platform.map(|p| format!("for {p}")).unwrap_or_default(),
    }
}

fn package(purl: &str, part: &Component, publisher: &str) -> Package {
    let supplier = match &part.supplier {
        Supplier::Unknown => NO_ASSERTION.to_owned(),
        Supplier::Publisher => publisher.to_owned(),
        Supplier::Organization(name) => organization(name),
    };
    let purpose = match part.purpose {
        Purpose::Library => "LIBRARY",
        Purpose::Application => "APPLICATION",
        Purpose::Container => "CONTAINER",
        Purpose::Install => "INSTALL",
        Purpose::OperatingSystem => "OPERATING-SYSTEM",
    };
    let mut external_refs = vec![purl_reference(purl)];
    if !part.go_sum.is_empty() && part.go_sum.chars().all(|c| c.is_ascii_graphic()) {
        external_refs.push(ExternalRef {
            reference_category: "OTHER".to_owned(),
            reference_type: "go-sum".to_owned(),
            reference_locator: part.go_sum.clone(),
        });
    }
    Package {
        id: id(purl),
        name: part.name.clone(),
        version_info: part.version.clone(),
        package_file_name: String::new(),
        supplier,
        download_location: NO_ASSERTION.to_owned(),
        files_analyzed: false,
        checksums: part.digest.iter().map(checksum).collect(),
        homepage: String::new(),
        license_concluded: NO_ASSERTION.to_owned(),
        license_declared: declared(&[&part.license]),
        copyright_text: NO_ASSERTION.to_owned(),
        primary_package_purpose: purpose.to_owned(),
        external_refs,
        comment: part.comment.clone(),
    }
}

/// The repository's owner, else whom the artifact itself names.
fn publisher(contents: &Contents, context: &Context<'_>) -> String {
    let place = context.repository.split_once("://").map_or("", |(_, place)| place);
    let owner = place.split('/').nth(1).unwrap_or_default();
    match (owner, contents.about.author.as_str()) {
        ("", "") => NO_ASSERTION.to_owned(),
        ("", author) => organization(author),
        (owner, _) => organization(owner),
    }
}

/// Parentheses after a name would hold an address (SPDX 2.3, 7.5), so a name has none.
fn organization(name: &str) -> String {
    let plain = name.replace(['(', ')'], " ");
    let words: Vec<&str> = plain.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return NO_ASSERTION.to_owned();
    }
    format!("Organization: {}", words.join(" "))
}

fn creators(context: &Context<'_>, publisher: &str) -> Vec<String> {
    let ToolUse { name, version, .. } = context.generator;
    let mut creators = vec![format!("Tool: {name}-{version}")];
    creators.extend((publisher != NO_ASSERTION).then(|| publisher.to_owned()));
    creators
}

fn comment(contents: &Contents) -> String {
    let mut lines: Vec<String> = contents.notes.iter().cloned().collect();
    if !contents.unresolved.is_empty() {
        let list: Vec<&str> = contents.unresolved.iter().map(String::as_str).collect();
        lines.push(format!("unresolved, so not listed as packages:\n{}", list.join("\n")));
    }
    lines.join("\n")
}

/// The first of several that is an SPDX expression.
fn declared(licenses: &[&str]) -> String {
    let mut known = licenses.iter().filter_map(|text| license_expression(text));
    known.next().unwrap_or_else(|| NO_ASSERTION.to_owned())
}

/// A file's own name; an image's name with its platform.
fn document_name(artifact: &Artifact, subject: Subject) -> String {
    if subject.purl != PurlType::Oci {
        return base_name(&artifact.file.path).to_owned();
    }
    let (name, version) = (base_name(&artifact.reference), &artifact.version);
    match artifact.platform {
        Some(platform) => format!("{name}-{version}-{platform}"),
        None => format!("{name}-{version}"),
    }
}

/// `SPDXRef-` takes letters, digits, `.` and `-`; the digest keeps those apart that only differ
/// in other characters.
fn id(purl: &str) -> String {
    let plain = purl.split('?').next().unwrap_or(purl).trim_start_matches("pkg:");
    let safe: String = plain
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' })
        .take(MAX_ID_CHARS)
        .collect();
    format!("SPDXRef-{safe}-{}", Digest::of(purl.as_bytes()).short())
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn checksum(digest: &Digest) -> Checksum {
    Checksum { algorithm: "SHA256".to_owned(), checksum_value: digest.hex() }
}

fn purl_reference(purl: &str) -> ExternalRef {
    ExternalRef {
        reference_category: "PACKAGE-MANAGER".to_owned(),
        reference_type: "purl".to_owned(),
        reference_locator: purl.to_owned(),
    }
}

fn relationship(from: &str, kind: &str, to: &str) -> Relationship {
    Relationship { from: from.to_owned(), kind: kind.to_owned(), to: to.to_owned() }
}

const MAX_ID_CHARS: usize = 100;

#[cfg(test)]
pub(crate) mod tests;
