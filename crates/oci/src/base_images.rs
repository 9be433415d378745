//! The notes on an image that name what its Dockerfile took from elsewhere: written into
//! `release.json` for people, and read back for the image's SBOM.

use components::BaseImage;
use model::Artifact;

/// How such a note starts.
const BUILT_FROM: &str = "built from ";

/// The note that names `image`.
pub(crate) fn note(image: &BaseImage) -> String {
    format!("{BUILT_FROM}{} {}", image.purl, image.digest)
}

/// What the notes on `image` name.
#[must_use]
pub fn base_images(image: &Artifact) -> Vec<BaseImage> {
    image.notes.iter().filter_map(|note| parse(note)).collect()
}

fn parse(note: &str) -> Option<BaseImage> {
    let (purl, digest) = note.strip_prefix(BUILT_FROM)?.rsplit_once(' ')?;
    Some(BaseImage { purl: purl.to_owned(), digest: digest.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use model::Digest;

    use super::*;

    #[test]
    fn a_note_is_read_back_as_what_it_names() {
        let digest = Digest::of(b"base");
        for purl in ["pkg:docker/alpine@3.22?platform=linux%2Famd64", "pkg:docker/a b@1"] {
            let image = BaseImage { purl: purl.to_owned(), digest };
            assert_eq!(parse(&note(&image)), Some(image), "{purl}");
        }
    }

    #[test]
    fn other_notes_name_no_image() {
        for other in ["", "built from pkg:docker/a@1", "built from pkg:docker/a@1 sha256:0", "x"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
