//! What kind of artifact a file is, of which nothing but its name and bytes are known.

use model::{ArtifactKind, Diagnostic, Format};

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// What kind of artifact it is.
    pub kind: ArtifactKind,
    /// The format that it belongs to.
    pub format: Format,
    /// What it says that its name is; its file name where it says none.
    pub package: String,
    /// What it says that its version is; an executable says none.
    pub version: Option<String>,
}

/// Recognises the file called `name` by the end of its name, and reads what it says of itself.
///
/// # Errors
/// When it is not what its name says; for any other name, when it is not an executable.
pub fn recognise(name: &str, bytes: &[u8]) -> Result<Recognised, Diagnostic> {
    let (kind, format, package, version) = if name.ends_with(".whl") {
        let wheel = pypi::read_wheel(name, bytes)?;
        (ArtifactKind::Wheel, Format::Pypi, wheel.name, Some(wheel.version))
    } else if name.ends_with(".tar.gz") || name.ends_with(".zip") {
        let sdist = pypi::read_sdist(name, bytes)?;
        (ArtifactKind::Sdist, Format::Pypi, sdist.name, Some(sdist.version))
    } else if name.ends_with(".tgz") {
        let chart = helm::read_chart(name, bytes)?.metadata;
        (ArtifactKind::Chart, Format::Helm, chart.name, Some(chart.version))
    } else {
        binary::read_binary(bytes)?;
        (ArtifactKind::Binary, Format::Binary, name.to_owned(), None)
    };
    Ok(Recognised { kind, format, package, version })
}
