//! The base images of an image, from buildx's metadata file.

use crate::codes;
use model::{Diagnostic, Digest};
use serde::Deserialize;

/// The images (and other inputs with a digest) of a build: package URL and digest, as in buildx's
/// metadata file, sorted.
///
/// # Errors
/// If the file is not as buildx writes it.
pub fn materials(metadata: &[u8]) -> Result<Vec<(String, Digest)>, Diagnostic> {
    let wrong = |why: String| {
        Diagnostic::new(
            &codes::IMAGE_METADATA,
            format!("the metadata of buildx cannot be read: {why}"),
        )
    };
    if metadata.len() > MAX_BYTES {
        return Err(wrong(format!("it is longer than {MAX_BYTES} bytes")));
    }
    let read: Metadata =
        serde_json::from_slice(metadata).map_err(|error| wrong(error.to_string()))?;
    let sound = |uri: &str| {
        uri.starts_with("pkg:")
            && uri.len() <= MAX_CHARS
            && uri.chars().all(|c| c.is_ascii_graphic())
    };
    let mut found: Vec<(String, Digest)> = read
        .provenance
        .materials
        .into_iter()
        .filter(|material| sound(&material.uri))
        .filter_map(|material| {
            let digest = format!("sha256:{}", material.digest.sha256).parse().ok()?;
            Some((material.uri, digest))
        })
        .collect();
    found.sort();
    found.dedup();
    Ok(found)
}

/// The largest metadata file, in bytes: they have a few kilobytes.
const MAX_BYTES: usize = 4 << 20;
/// The most characters of a package URL.
const MAX_CHARS: usize = 500;

#[derive(Default, Deserialize)]
struct Metadata {
    #[serde(default, rename = "buildx.build.provenance")]
    provenance: Provenance,
}

#[derive(Default, Deserialize)]
struct Provenance {
    #[serde(default)]
    materials: Vec<Material>,
}

#[derive(Deserialize)]
struct Material {
    #[serde(default)]
    uri: String,
    #[serde(default)]
    digest: Digests,
}

#[derive(Default, Deserialize)]
struct Digests {
    #[serde(default)]
    sha256: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_images_are_read_with_their_digests() {
        let hex = "da55fdf2ed1593272215125ce7b4849789634bdae0663e379780490709675b0a";
        let base = format!(
            r#"{{"uri":"pkg:docker/b@1?platform=linux%2Famd64","digest":{{"sha256":"{hex}"}}}}"#
        );
        let check = |materials: &str, expected: &[&str]| {
            let text =
                format!(r#"{{"buildx.build.provenance":{{"materials":[{materials}]}},"other":1}}"#);
            let found = super::materials(text.as_bytes()).unwrap();
            let found: Vec<&str> = found.iter().map(|(uri, _)| uri.as_str()).collect();
            assert_eq!(found, expected);
        };
        check("", &[]);
        check(&format!("{base},{base}"), &["pkg:docker/b@1?platform=linux%2Famd64"]);
        check(&base.replace("pkg:", "x:"), &[]);
        check(&base.replace(hex, "da55"), &[]);
        check(r#"{"uri":"pkg:docker/c"}"#, &[]);
        assert_eq!(materials(b"{}").unwrap(), []);
        assert_eq!(materials(b"no").unwrap_err().code.to_string(), "image-metadata");
    }
}
