//! Imports an image that another program built: a layout in a tar archive, which is not trusted.

use std::collections::{BTreeMap, BTreeSet};

use archive::tar::{self, Kind};
use model::{Code, Diagnostic, Digest, Location, Platform, Severity};

use crate::codes;
use crate::spec::{Descriptor, PlatformSpec};
use crate::{Blob, Image, PackedImage, lint, read_layout};

/// Reads the layout in `archive`, which is called `name`. It must contain one image for `platform`
/// and nothing else.
///
/// # Errors
/// For everything that [`read_layout`] refuses and that [`lint`] reports as an error; for links,
/// devices and duplicate paths; for no or several images, and for another platform.
pub fn import_image(
    name: &str,
    archive: &[u8],
    platform: Platform,
) -> Result<PackedImage, Diagnostic> {
    let files = files(name, archive).map_err(told_whole)?;
    let layout = read_layout(name, &files).map_err(told_whole)?;
    let [image] = layout.images.as_slice() else {
        let found: Vec<String> = layout.images.iter().map(|image| image.platform.text()).collect();
        let message = format!("holds images for {}, not one", found.join(", "));
        let help = "disable attestations in the index: `seal` writes the evidence";
        return Err(told_whole(wrong(name, &codes::IMAGE_COUNT, message)).help(help));
    };
    if image.known_platform() != Some(platform) {
        let message = format!("is for `{}`, asked for `{}`", image.platform.text(), platform.oci());
        return Err(told_whole(wrong(name, &codes::IMAGE_PLATFORM_OTHER, message)).help(
            "let the Dockerfile follow `--platform`: no `FROM --platform=…` in its last stage",
        ));
    }
    let is_error = |problem: &Diagnostic| problem.severity == Severity::Error;
    match lint(name, &layout).into_iter().find(is_error) {
        Some(problem) => Err(problem),
        None => packed(name, image, platform, &files),
    }
}

fn files<'a>(name: &str, archive: &'a [u8]) -> Result<BTreeMap<String, &'a [u8]>, Diagnostic> {
    let mut files = BTreeMap::new();
    for member in tar::members(archive).map_err(|error| error.problem(name))? {
        let path = format!("{name}/{}", member.path);
        match member.kind {
            Kind::Folder => {}
            Kind::File => {
                if files.insert(path, member.bytes).is_some() {
                    let message = format!("contains `{}` twice", member.path);
                    return Err(wrong(name, &codes::IMAGE_ARCHIVE, message));
                }
            }
            _ => {
                let message = format!("contains `{}`, which is not a file", member.path);
                return Err(wrong(name, &codes::IMAGE_ARCHIVE, message));
            }
        }
    }
    Ok(files)
}

/// The image's blobs, each layer once.
fn packed(
    name: &str,
    image: &Image,
    platform: Platform,
    files: &BTreeMap<String, &[u8]>,
) -> Result<PackedImage, Diagnostic> {
    let blob = |digest: &Digest| {
        let path = format!("{name}/blobs/sha256/{}", digest.hex());
        let bytes = files.get(&path).map(|bytes| bytes.to_vec());
        // The reader of the layout has found it, so it is never missing.
        let missing = || wrong(name, &codes::OCI_MISSING_FILE, format!("lacks the blob {digest}"));
        Ok(Blob { digest: *digest, bytes: bytes.ok_or_else(missing)? })
    };
    let mut seen = BTreeSet::new();
    let layers = image.layers.iter().filter(|layer| seen.insert(layer.blob.digest));
    let layers = layers.map(|layer| blob(&layer.blob.digest)).collect::<Result<_, Diagnostic>>()?;
    let descriptor =
        Descriptor { platform: Some(PlatformSpec::from(platform)), ..image.manifest.clone() };
    Ok(PackedImage {
        descriptor,
        manifest: blob(&image.manifest.digest)?,
        config: blob(&image.config_blob.digest)?,
        layers,
    })
}

/// The archive no longer exists when the diagnostic is read, so the message says what it is about.
fn told_whole(problem: Diagnostic) -> Diagnostic {
    let file = problem.location.as_ref().map(|place| place.file.as_str()).unwrap_or_default();
    Diagnostic { message: format!("`{file}` {}", problem.message), ..problem }
}

fn wrong(name: &str, code: &'static Code, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(code, message).at(Location::file(name))
}

#[cfg(test)]
mod tests;
