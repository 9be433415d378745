//! Takes over an image that another tool has built: an OCI layout in a tar archive, as
//! `docker buildx --output type=oci` leaves it.

use std::collections::BTreeMap;

use archive::tar;
use model::{Platform, Problem};

use crate::read::read_layout;
use crate::spec::{Descriptor, PlatformSpec};
use crate::{Blob, PackedImage};

/// The one image in `archive`, which must be for `platform`. Its bytes stay as they are. Files
/// that are no part of a layout, such as Docker's own `manifest.json`, are passed over.
///
/// # Errors
/// For an archive or a layout that is not in order, and for another number of images than one or
/// another platform.
pub fn import_image(archive: &[u8], platform: Platform) -> Result<PackedImage, Problem> {
    let entries = tar::read(archive).map_err(|error| error.problem(FOLDER))?;
    let of_layout =
        |path: &str| matches!(path, "oci-layout" | "index.json") || path.starts_with("blobs/");
    let files: BTreeMap<String, &[u8]> = entries
        .iter()
        .filter(|entry| of_layout(&entry.path))
        .map(|entry| (format!("{FOLDER}/{}", entry.path), entry.bytes.as_slice()))
        .collect();
    let layout = read_layout(FOLDER, &files)?;
    let [image] = layout.images.as_slice() else {
        let message = format!("the build left {} images, not one", layout.images.len());
        return Err(Problem::error("image-build", message));
    };
    if image.known_platform() != Some(platform) {
        let found = image.platform.text();
        let message = format!("the build left an image for {found}, not for {}", platform.oci());
        return Err(Problem::error("image-build", message));
    }
    let blob = |descriptor: &Descriptor| {
        let path = format!("{FOLDER}/blobs/sha256/{}", descriptor.digest.hex());
        let bytes = files.get(&path).map(|bytes| bytes.to_vec()).unwrap_or_default();
        Blob { digest: descriptor.digest, bytes }
    };
    Ok(PackedImage {
        descriptor: Descriptor {
            platform: Some(PlatformSpec::from(platform)),
            annotations: BTreeMap::new(),
            ..image.manifest.clone()
        },
        manifest: blob(&image.manifest),
        config: blob(&image.config_blob),
        layers: image.layers.iter().map(|layer| blob(&layer.blob)).collect(),
    })
}

/// What the layout is called in problems.
const FOLDER: &str = "the built image";

#[cfg(test)]
mod tests {
    use archive::Entry;

    use super::*;
    use crate::pack::tests::{files, package};

    fn archive(edit: impl FnOnce(&mut Vec<Entry>)) -> Vec<u8> {
        let mut package = package();
        package.image.as_mut().unwrap().platforms = vec![Platform::LinuxArm64];
        let mut entries: Vec<Entry> = files(&package)
            .into_iter()
            .map(|(path, bytes)| Entry::new(path.trim_start_matches("oci/clock/"), bytes))
            .collect();
        edit(&mut entries);
        tar::write(&entries, 0).unwrap()
    }

    #[test]
    fn the_one_image_of_a_build_is_taken_over_as_it_is() {
        let docker = |entries: &mut Vec<Entry>| entries.push(Entry::new("manifest.json", *b"[]"));
        let image = import_image(&archive(docker), Platform::LinuxArm64).unwrap();
        assert_eq!(image.descriptor.digest, model::Digest::of(&image.manifest.bytes));
        assert_eq!(image.descriptor.size, image.manifest.bytes.len() as u64);
        assert_eq!(image.config.digest, model::Digest::of(&image.config.bytes));
        assert_eq!(image.layers.len(), 1);
    }

    #[test]
    fn a_build_that_left_something_else_is_refused() {
        let code = |archive: &[u8], platform| import_image(archive, platform).map_err(|p| p.code);
        let other = code(&archive(|_| {}), Platform::LinuxAmd64);
        assert_eq!(other.err().as_deref(), Some("image-build"));
        let missing = code(&archive(|entries| drop(entries.remove(0))), Platform::LinuxArm64);
        assert_eq!(missing.err().as_deref(), Some("oci-missing-file"));
        assert_eq!(code(b"", Platform::LinuxArm64).err().as_deref(), Some("archive-format"));
        let both = files(&package())
            .into_iter()
            .map(|(path, bytes)| Entry::new(path.trim_start_matches("oci/clock/"), bytes));
        let both = tar::write(&both.collect::<Vec<_>>(), 0).unwrap();
        assert_eq!(code(&both, Platform::LinuxArm64).err().as_deref(), Some("image-build"));
    }
}
