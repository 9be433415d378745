//! What whoever publishes may choose.

use std::collections::BTreeSet;

use model::Format;

use crate::login::Keychain;

/// How images and charts are published.
#[derive(Debug, Clone)]
pub struct Options {
    /// The formats that are published: of [`Format::Oci`] and [`Format::Helm`].
    pub formats: BTreeSet<Format>,
    /// Version tags of images that may be taken from other bytes: a tag, or a reference with one.
    pub move_tags: Vec<String>,
    /// Further tags of images, which move to what is published.
    pub tags: Vec<String>,
    /// Ask about every blob, also those of manifests that are there: a registry may have lost some.
    pub recheck: bool,
    /// Where credentials are looked for.
    pub keychain: Keychain,
}

impl Default for Options {
    /// Images and charts, no tag moves, no blob of a manifest that is there is asked about,
    /// Docker's credentials.
    fn default() -> Self {
        Self {
            formats: super::FORMATS.into(),
            move_tags: Vec::new(),
            tags: Vec::new(),
            recheck: false,
            keychain: Keychain::of_docker(),
        }
    }
}

impl Options {
    /// What people call a destination with these formats.
    pub(crate) fn destination_name(&self) -> &'static str {
        if self.formats.contains(&Format::Oci) { "oci" } else { "helm" }
    }
}
