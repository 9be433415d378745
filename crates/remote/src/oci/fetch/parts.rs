//! What a manifest or index of anybody's names.

use std::collections::BTreeMap;

use model::{Diagnostic, Digest};
use serde::Deserialize;

use crate::codes;
use crate::oci::documents::TITLE;
use crate::oci::registry::Served;

/// The parts of a manifest or index.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) media_type: String,
    pub(super) artifact_type: String,
    pub(super) annotations: BTreeMap<String, String>,
    pub(super) config: Option<Part>,
    pub(super) layers: Vec<Part>,
    pub(super) children: Vec<Part>,
    pub(super) subject: Option<Digest>,
}

/// A part that is elsewhere.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Part {
    #[serde(default)]
    pub(super) media_type: String,
    pub(super) digest: Digest,
    pub(super) size: u64,
    #[serde(default)]
    annotations: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(default)]
    media_type: String,
    #[serde(default)]
    artifact_type: String,
    #[serde(default)]
    config: Option<Part>,
    #[serde(default)]
    layers: Option<Vec<Part>>,
    #[serde(default)]
    manifests: Option<Vec<Part>>,
    #[serde(default)]
    subject: Option<Part>,
    #[serde(default)]
    annotations: Option<BTreeMap<String, String>>,
}

impl Part {
    /// The file name that is given for it; empty when none is.
    pub(super) fn title(&self) -> String {
        let title = self.annotations.as_ref().and_then(|texts| texts.get(TITLE));
        title.cloned().unwrap_or_default()
    }
}

impl Parts {
    /// Reads the parts of a served manifest.
    pub(super) fn read(served: &Served) -> Result<Self, Diagnostic> {
        let digest = served.digest;
        let wrong = |why: String| {
            Diagnostic::new(&codes::REGISTRY_MANIFEST, format!("the manifest {digest} {why}"))
        };
        let read: Document = serde_json::from_slice(&served.bytes)
            .map_err(|error| wrong(format!("does not parse: {error}")))?;
        // Served and written type are the same, or two readers could see different things. Helm
        // leaves the written one out.
        let (told, written) = (&served.media_type, &read.media_type);
        if !written.is_empty() && !told.is_empty() && told != written {
            return Err(wrong(format!("is served as `{told}` and says `{written}`")));
        }
        let media_type = if written.is_empty() { told.clone() } else { written.clone() };
        if read.manifests.is_some() == (read.layers.is_some() || read.config.is_some()) {
            return Err(wrong("is neither an index nor a manifest, or both".to_owned()));
        }
        let config_type = read.config.as_ref().map(|config| config.media_type.clone());
        Ok(Self {
            media_type,
            artifact_type: if read.artifact_type.is_empty() {
                config_type.unwrap_or_default()
            } else {
                read.artifact_type
            },
            annotations: read.annotations.unwrap_or_default(),
            config: read.config,
            layers: read.layers.unwrap_or_default(),
            children: read.manifests.unwrap_or_default(),
            subject: read.subject.map(|subject| subject.digest),
        })
    }
}

#[cfg(test)]
mod tests {
    use model::Digest;

    use super::*;

    fn check(media_type: &str, text: &str, expected: Result<(usize, usize), &str>) {
        let served = Served {
            bytes: text.as_bytes().to_vec().into(),
            media_type: media_type.to_owned(),
            digest: Digest::of(text.as_bytes()),
        };
        let found = Parts::read(&served);
        let found = found.map(|parts| (parts.layers.len(), parts.children.len()));
        assert_eq!(
            found.map_err(|p| p.code.to_string()),
            expected.map_err(str::to_owned),
            "{text}"
        );
    }

    #[test]
    fn a_manifest_is_one_thing_and_says_which() {
        let part = format!(r#"{{"mediaType":"m","digest":"{}","size":1}}"#, Digest::of(b""));
        let image = format!(r#"{{"config":{part},"layers":[{part},{part}],"annotations":null}}"#);
        let wrong = Err("registry-manifest");
        check("", &image, Ok((2, 0)));
        check("a/b", &format!(r#"{{"mediaType":"a/b","manifests":[{part}]}}"#), Ok((0, 1)));
        check("a/c", &format!(r#"{{"mediaType":"a/b","manifests":[{part}]}}"#), wrong);
        check("", &format!(r#"{{"layers":[{part}],"manifests":[{part}]}}"#), wrong);
        check("", "{}", wrong);
        check("", "[]", wrong);
        check("", "", wrong);
        check("", r#"{"layers":[{"digest":"sha256:../../x","size":1}]}"#, wrong);
        check("", r#"{"layers":[{"digest":"md5:00","size":-1}]}"#, wrong);
        check("", &"[".repeat(1 << 20), wrong);
    }
}
