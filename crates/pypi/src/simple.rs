//! A static package index (PEP 503, "simple repository API") over the files of one release.
//!
//! A function of the artifacts' facts: any file server, or `file://` itself, serves it to pip
//! and uv. Opens no artifact.

use std::collections::BTreeMap;

use model::{Artifact, normalized_python_name};

use crate::name::{SdistName, WheelName};

/// Path in `dist/` and text of each page: `pypi/simple/index.html` and, for each distribution,
/// `pypi/simple/NAME/index.html`, sorted by path. Nothing when there is no Python artifact.
#[must_use]
pub fn simple_index(artifacts: &[Artifact]) -> Vec<(String, String)> {
    let mut projects: BTreeMap<String, BTreeMap<&str, &Artifact>> = BTreeMap::new();
    for artifact in artifacts {
        if let Some(name) = project(artifact) {
            projects.entry(name).or_default().insert(file_name(artifact), artifact);
        }
    }
    if projects.is_empty() {
        return Vec::new();
    }
    let links: String =
        projects.keys().map(|name| format!("  <a href=\"{name}/\">{name}</a><br>\n")).collect();
    let mut pages = vec![("pypi/simple/index.html".to_owned(), page("Simple index", &links))];
    for (name, files) in &projects {
        let links: String = files.iter().map(|(file, artifact)| link(file, artifact)).collect();
        let title = format!("Links for {name}");
        pages.push((format!("pypi/simple/{name}/index.html"), page(&title, &links)));
    }
    pages.sort();
    pages
}

/// The distribution's normal name, where the artifact is a wheel or a source distribution.
pub(crate) fn project(artifact: &Artifact) -> Option<String> {
    if artifact.format != crate::FORMAT {
        return None;
    }
    let file = file_name(artifact);
    let distribution = match artifact.kind {
        crate::WHEEL => WheelName::parse(file).ok()?.distribution,
        crate::SDIST => SdistName::parse(file).ok()?.distribution,
        _ => return None,
    };
    Some(normalized_python_name(&distribution)).filter(|name| crate::name::is_name(name))
}

pub(crate) fn file_name(artifact: &Artifact) -> &str {
    artifact.file.path.rsplit('/').next().unwrap_or_default()
}

fn link(file: &str, artifact: &Artifact) -> String {
    let digest = artifact.file.digest.hex();
    format!("  <a href=\"../../{}#sha256={digest}\">{}</a><br>\n", in_url(file), in_html(file))
}

fn page(title: &str, links: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n  <meta charset=\"utf-8\">\n  \
         <meta name=\"pypi:repository-version\" content=\"1.0\">\n  <title>{title}</title>\n\
         </head>\n<body>\n{links}</body>\n</html>\n"
    )
}

/// Everything but RFC 3986's unreserved characters percent-encoded.
fn in_url(text: &str) -> String {
    let mut url = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

fn in_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use model::{Digest, FileEntry, UnitId};

    use super::*;

    fn artifact(path: &str, kind: model::ArtifactKind) -> Artifact {
        Artifact {
            unit: UnitId("a/pypi".to_owned()),
            package: "a".to_owned(),
            format: crate::FORMAT,
            kind,
            platform: None,
            version: "1.0".to_owned(),
            reference: String::new(),
            file: FileEntry { path: path.to_owned(), size: 0, digest: Digest::of(b"") },
            files: Vec::new(),
            materials: Vec::new(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn an_index_lists_each_file_once_with_its_digest() {
        let artifacts = [
            artifact("pypi/my_pkg-1.0.tar.gz", crate::SDIST),
            artifact("pypi/my_pkg-1.0-py3-none-any.whl", crate::WHEEL),
            artifact("pypi/b-1!1.0+x-py3-none-any.whl", crate::WHEEL),
        ];
        let pages = simple_index(&artifacts);
        let paths: Vec<&str> = pages.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(
            paths,
            ["pypi/simple/b/index.html", "pypi/simple/index.html", "pypi/simple/my-pkg/index.html"]
        );
        let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let wheel = "my_pkg-1.0-py3-none-any.whl";
        let line = format!("<a href=\"../../{wheel}#sha256={hash}\">{wheel}</a>");
        assert!(pages[2].1.contains(&line), "{}", pages[2].1);
        assert!(pages[0].1.contains("../../b-1%211.0%2Bx-py3-none-any.whl#"), "{}", pages[0].1);
        assert!(pages[1].1.contains("<a href=\"my-pkg/\">my-pkg</a>"), "{}", pages[1].1);
    }

    #[test]
    fn a_release_without_python_packages_has_no_index() {
        let mut chart = artifact("helm/a-1.0.0.tgz", model::ArtifactKind::new("chart"));
        chart.format = model::Format::new("helm");
        assert_eq!(simple_index(&[chart]), []);
        let stranger = artifact("pypi/<script>.whl", crate::WHEEL);
        assert_eq!(simple_index(&[stranger]), []);
    }
}
