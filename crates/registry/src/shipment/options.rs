//! What a publisher may choose.

use std::fmt;

use format::Inspects;
use model::Format;

use crate::login::Keychain;

/// How artifacts are published in registries.
#[derive(Clone)]
pub struct Options<'f> {
    /// What people call the destination.
    pub name: &'f str,
    /// The formats that are published.
    pub formats: &'f [&'f dyn Inspects],
    /// Version tags of images that may be taken from other bytes: a tag, or a reference with one.
    pub move_tags: Vec<String>,
    /// Further tags of images, which move to what is published.
    pub tags: Vec<String>,
    /// Ask about every blob, also those of manifests that are there: a registry may have lost some.
    pub recheck: bool,
    /// Where credentials are looked for.
    pub keychain: Keychain,
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let formats: Vec<Format> = self.formats.iter().map(|format| format.format()).collect();
        f.debug_struct("Options")
            .field("name", &self.name)
            .field("formats", &formats)
            .field("keychain", &self.keychain)
            .finish_non_exhaustive()
    }
}

impl<'f> Options<'f> {
    /// No tag moves, no blob of a manifest that is there is asked about, Docker's credentials.
    #[must_use]
    pub fn new(name: &'f str, formats: &'f [&'f dyn Inspects]) -> Self {
        Self {
            name,
            formats,
            move_tags: Vec::new(),
            tags: Vec::new(),
            recheck: false,
            keychain: Keychain::of_docker(),
        }
    }
}
