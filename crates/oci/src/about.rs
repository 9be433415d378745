//! The annotations and labels of an image.

use crate::ImageSpec;
use archive::time::Moment;
use model::{Diagnostic, Package, Release};

use crate::codes;
use crate::spec::Texts;

/// The inputs of an image's annotations.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The package.
    pub package: &'a Package,
    /// Its image.
    pub image: &'a ImageSpec,
    /// The release.
    pub release: &'a Release,
    /// The commit; absent without git.
    pub revision: Option<&'a str>,
    /// `SOURCE_DATE_EPOCH`, seconds since 1970.
    pub epoch: u64,
}

impl About<'_> {
    /// The annotations of the image-spec ("annotations"); unknown ones are left out. `title` is the
    /// image's name, `version` its version in the form of the tag.
    ///
    /// # Errors
    /// If the version cannot be a tag.
    pub fn texts(&self) -> Result<Texts, Diagnostic> {
        let tag = self.tag()?;
        let known = [
            ("created", self.created()),
            ("description", self.package.description.clone()),
            ("licenses", self.package.license.clone()),
            ("revision", self.revision.unwrap_or_default().to_owned()),
            ("source", self.release.repository.clone()),
            ("title", self.image.name.clone()),
            ("url", self.release.repository.clone()),
            ("version", tag),
        ];
        let name = |(name, text)| (format!("org.opencontainers.image.{name}"), text);
        Ok(known.into_iter().filter(|(_, text)| !text.is_empty()).map(name).collect())
    }

    /// The tag.
    ///
    /// # Errors
    /// If the version cannot be a tag.
    pub fn tag(&self) -> Result<String, Diagnostic> {
        self.image
            .version
            .tag()
            .map_err(|error| Diagnostic::new(&codes::IMAGE_VERSION, error.to_string()))
    }

    /// The time of the commit, RFC 3339.
    #[must_use]
    pub fn created(&self) -> String {
        Moment::at(self.epoch).rfc3339()
    }
}
