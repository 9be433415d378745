//! The index over an image's platforms.

use model::Problem;

use crate::spec::{Descriptor, INDEX, Index, render};
use crate::{About, Blob};

/// Packs the index over the manifests that `images` point at, sorted by platform.
///
/// # Errors
/// When there is none, one has no platform, or two have the same.
pub fn pack_index(about: &About<'_>, images: &[Descriptor]) -> Result<Blob, Problem> {
    let name = &about.image.name;
    let wrong = |message: String| Err(Problem::error("image-index", message));
    let mut manifests = images.to_vec();
    manifests.sort_by(|a, b| a.platform.cmp(&b.platform));
    if manifests.is_empty() {
        return wrong(format!("the index of the image `{name}` would be empty"));
    }
    if manifests.iter().any(|manifest| manifest.platform.is_none()) {
        return wrong(format!("a manifest of the image `{name}` has no platform"));
    }
    let mut pairs = manifests.iter().zip(manifests.iter().skip(1));
    if pairs.any(|(one, next)| one.platform == next.platform) {
        return wrong(format!("two manifests of the image `{name}` have the same platform"));
    }
    Ok(Blob::new(render(&Index {
        schema_version: 2,
        media_type: INDEX.to_owned(),
        manifests,
        annotations: about.texts()?,
    })))
}
