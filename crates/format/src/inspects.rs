//! What a format knows of finished artifacts: their bytes, what is inside of them, and where and
//! how people take them.

use components::{Contents, Subject};
use model::limits::MAX_UNPACKED_BYTES;
use model::{Artifact, ArtifactKind, Diagnostic, Dist, FileEntry, Format, Manifest, Unit};

use crate::codes;
use crate::plans::Destination;
use crate::push::{Push, PushSource};

/// A format, where its artifacts are looked into.
pub trait Inspects: Sync {
    /// The format.
    fn format(&self) -> Format;

    /// The kinds of its artifacts.
    fn kinds(&self) -> &'static [Kind];

    /// What people call what is released in it: the heading of a column, and of a section.
    fn headings(&self) -> Headings;

    /// Where its artifacts are published.
    fn destination(&self) -> Destination;

    /// Whether its artifacts are downloads of the release.
    fn downloads(&self) -> Downloads;

    /// What is wrong between an artifact's name, its entry in the manifest, and its bytes.
    ///
    /// # Errors
    /// What keeps it from being read; it is wrong as well.
    fn contents(&self, artifact: &Artifact, dist: &dyn Dist)
    -> Result<Vec<Diagnostic>, Diagnostic>;

    /// What the file `bytes` called `name` is; nothing where it is not one of this format.
    fn recognise(&self, name: &str, bytes: &[u8]) -> Option<Result<Recognised, Diagnostic>> {
        let _ = (name, bytes);
        None
    }

    /// What is inside of the file called `name`, which is of this kind.
    ///
    /// # Errors
    /// When it is not what its name says.
    fn inside(&self, kind: ArtifactKind, name: &str, bytes: &[u8]) -> Result<Contents, Diagnostic>;

    /// What is inside of an artifact of a build.
    ///
    /// # Errors
    /// As [`Inspects::inside`]; when it cannot be read.
    fn inside_of(&self, artifact: &Artifact, around: &Around<'_>) -> Result<Contents, Diagnostic> {
        let (name, bytes) = read(artifact, around.dist)?;
        self.inside(artifact.kind, &name, &bytes)
    }

    /// What the file at `path` inside of an image says of itself; nothing where it is not one of
    /// this format.
    fn inside_image(&self, path: &str, bytes: &[u8]) -> Option<Contents> {
        let _ = (path, bytes);
        None
    }

    /// What a public index would refuse or warn of; nothing for formats that have no index.
    fn lint(&self, name: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        let _ = (name, bytes);
        Vec::new()
    }

    /// The section of `INSTALL.md` about its artifacts; nothing where `manifest` has none.
    fn guide(&self, manifest: &Manifest) -> Option<String>;

    /// Path in `dist/` and text of the documents that follow from its artifacts.
    fn documents(&self, manifest: &Manifest) -> Vec<(String, String)> {
        let _ = manifest;
        Vec::new()
    }

    /// What a registry gets of `artifact`; nothing for what comes with another one.
    ///
    /// # Errors
    /// When a file of it is missing, or was altered since it was sealed.
    fn push(
        &self,
        artifact: &Artifact,
        source: &dyn PushSource,
    ) -> Result<Option<Push>, Diagnostic> {
        let _ = (artifact, source);
        Ok(None)
    }

    /// The media type of the layer by which a registry's manifest is known to be of this format,
    /// where [`Inspects::served`] judges it.
    fn served_type(&self) -> Option<&'static str> {
        None
    }

    /// What is wrong with the layer of [`Inspects::served_type`] that a registry serves.
    fn served(&self, served: &ServedLayer<'_>) -> Option<Diagnostic> {
        let _ = served;
        None
    }
}

impl dyn Inspects {
    /// The one of `table` for `format`.
    ///
    /// # Errors
    /// `format-unknown` when it holds none.
    pub fn of<'f>(
        table: &[&'f dyn Inspects],
        format: Format,
    ) -> Result<&'f dyn Inspects, Diagnostic> {
        let found = table.iter().copied().find(|one| one.format() == format);
        found.ok_or_else(|| codes::unknown(format))
    }

    /// The format and the kind of `artifact`, both of `table`.
    ///
    /// # Errors
    /// `format-unknown`, `artifact-kind` when it holds none.
    pub fn of_artifact<'f>(
        table: &[&'f dyn Inspects],
        artifact: &Artifact,
    ) -> Result<(&'f dyn Inspects, &'static Kind), Diagnostic> {
        let format = Self::of(table, artifact.format)?;
        let kind = format.kinds().iter().find(|kind| kind.name == artifact.kind);
        let kind = kind.ok_or_else(|| codes::foreign_kind(artifact))?;
        Ok((format, kind))
    }
}

/// A kind of artifact.
#[derive(Debug)]
pub struct Kind {
    /// What the manifest calls it.
    pub name: ArtifactKind,
    /// How people take it.
    pub form: Form,
    /// What an SBOM says of it.
    pub subject: Subject,
}

/// How people take an artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As a file.
    File,
    /// As a file, and from a registry by the manifest that lies beside it.
    FileAndManifest,
    /// From a registry, for one platform.
    Manifest,
    /// From a registry, for all platforms.
    Index,
}

impl Form {
    /// Whether it lies in a registry alone.
    #[must_use]
    pub fn is_image(self) -> bool {
        matches!(self, Self::Manifest | Self::Index)
    }

    /// The file of `artifact` by which a registry knows it.
    #[must_use]
    pub fn registered(self, artifact: &Artifact) -> Option<&FileEntry> {
        match self {
            Self::File => None,
            Self::FileAndManifest => artifact.files.first(),
            Self::Manifest | Self::Index => Some(&artifact.file),
        }
    }
}

/// What people call what is released in a format.
#[derive(Debug, Clone, Copy)]
pub struct Headings {
    /// The heading of a column: one word.
    pub short: &'static str,
    /// The heading of a section.
    pub long: &'static str,
}

/// Whether artifacts are downloads of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Downloads {
    /// Always.
    Always,
    /// Unless there are more than a release comfortably holds: people find them on an index.
    UnlessMany,
    /// Never.
    Never,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// What kind of artifact it is.
    pub kind: ArtifactKind,
    /// What it says that its name is; its file name where it says none.
    pub package: String,
    /// What it says that its version is; an executable says none.
    pub version: Option<String>,
}

/// The build that an artifact is of.
pub struct Around<'a> {
    /// The files of all artifacts.
    pub dist: &'a dyn Dist,
    /// All artifacts.
    pub artifacts: &'a [Artifact],
    /// The unit that left the artifact.
    pub unit: Option<&'a Unit>,
    /// The executables of the release, each with what it is called where it is installed.
    pub executables: Vec<(&'a Artifact, &'a str)>,
    /// What is inside of another artifact.
    pub inside: &'a dyn Fn(&Artifact) -> Result<Contents, Diagnostic>,
    /// What any format knows of a file inside of an image.
    pub inside_image: &'a dyn Fn(&str, &[u8]) -> Option<Contents>,
}

/// A layer that a registry serves.
#[derive(Debug, Clone, Copy)]
pub struct ServedLayer<'a> {
    /// The repository it was asked for.
    pub repository: &'a str,
    /// The tag it was asked for.
    pub tag: Option<&'a str>,
    /// The configuration beside it.
    pub config: &'a [u8],
    /// Its bytes.
    pub layer: &'a [u8],
}

/// The name and bytes of an artifact's own file.
///
/// # Errors
/// When it cannot be read.
pub fn read(artifact: &Artifact, dist: &dyn Dist) -> Result<(String, Vec<u8>), Diagnostic> {
    let path = artifact.file.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path).to_owned();
    Ok((name, dist.read(path, MAX_UNPACKED_BYTES)?))
}

/// That what was found in an artifact is what was expected.
///
/// # Errors
/// `contents-differ` when it is not.
pub fn expect(what: &str, found: &str, expected: &str) -> Result<(), Diagnostic> {
    if found == expected {
        return Ok(());
    }
    let message = format!("holds the {what} `{found}`, expected `{expected}`");
    Err(Diagnostic::new(&codes::CONTENTS_DIFFER, message))
}
