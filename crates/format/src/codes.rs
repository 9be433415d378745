//! Codes of what several formats find in a configuration or a build.

use model::{Artifact, Diagnostic, Format};

model::codes! {
    /// The format has no artifacts of this kind.
    ARTIFACT_KIND = "artifact-kind", Unsupported;
    /// The configuration has keys that exclude each other, or a key that has no effect.
    CONFIG_CONFLICT = "config-conflict", Invalid;
    /// The contents of the artifact differ from what the manifest states.
    CONTENTS_DIFFER = "contents-differ", Differs;
    /// This program is built without the format.
    FORMAT_UNKNOWN = "format-unknown", Unsupported;
    /// A build did not leave exactly one file of the expected name.
    OUTPUT_MISSING = "output-missing", Failed;
    /// The path is not a relative path inside the tree.
    PATH_INVALID = "path-invalid", Invalid;
    /// A unit of the plan has nothing that it can be built from.
    UNIT_EMPTY = "unit-empty", Invalid;
    /// The version of a package differs from the version of the release.
    VERSION_DIFFERS = "version-differs", Differs;
    /// The version cannot be spelled in one of the package's formats.
    VERSION_FORMAT = "version-format", Invalid;
    /// The version is neither valid SemVer nor valid PEP 440.
    VERSION_INVALID = "version-invalid", Invalid;
}

/// That no format of this name is there.
pub(crate) fn unknown(format: Format) -> Diagnostic {
    let message = format!("the format `{format}` is not one that this program handles");
    Diagnostic::new(&FORMAT_UNKNOWN, message).help("use a release of `package-actions` that has it")
}

/// That an artifact is of no kind that its format has.
pub(crate) fn foreign_kind(artifact: &Artifact) -> Diagnostic {
    let message = format!(
        "`{}` is not a kind of artifact of the format `{}`",
        artifact.kind, artifact.format
    );
    Diagnostic::new(&ARTIFACT_KIND, message).help("use a release of `package-actions` that has it")
}
