//! Data of others in an image from a binary: certificate authorities and time zones. Notes on the
//! image name them in `release.json` for people, and are read back for the image's SBOM.

use archive::Entry;
use components::DataPackage;
use format::Data;
use model::{Artifact, Diagnostic, Digest};

use crate::codes;
use crate::pack::UsualBase;

/// Mozilla's list of certificate authorities, from PyPI.
pub(crate) const CERTIFI: &str = "certifi";

/// The IANA time zones, from PyPI.
pub(crate) const TZDATA: &str = "tzdata";

/// What an image with a usual base is given.
pub(crate) const NEEDED: &[&str] = &[CERTIFI, TZDATA];

/// How a file with a time zone starts (RFC 9636, 3.1).
const TZIF: &[u8] = b"TZif";

/// How a note starts.
const HOLDS: &str = "holds pkg:pypi/";

/// The zones among the files of [`TZDATA`], by their names.
pub(crate) fn zones(data: &[Data]) -> Vec<Entry> {
    let files = data.iter().filter(|one| one.name == TZDATA).flat_map(|one| &one.files);
    let named = files.filter_map(|file| {
        let name = file.path.strip_prefix("tzdata/zoneinfo/")?;
        let zone = || Entry::new(name.to_owned(), file.bytes.clone());
        file.bytes.starts_with(TZIF).then(zone)
    });
    named.collect()
}

/// The base of an image, from the data that it was given.
///
/// # Errors
/// When there are no authorities or no zones in it: an image without them must not pass for one
/// with them.
pub(crate) fn base<'a>(data: &'a [Data], zones: &'a [Entry]) -> Result<UsualBase<'a>, Diagnostic> {
    let files = data.iter().filter(|one| one.name == CERTIFI).flat_map(|one| &one.files);
    let mut lists = files.filter(|file| file.path.ends_with("/cacert.pem"));
    match lists.next() {
        Some(list) if !list.bytes.is_empty() && !zones.is_empty() => {
            Ok(UsualBase { certificates: &list.bytes, zones })
        }
        _ => {
            let message = "certificate authorities or time zones are missing in what was fetched";
            let help = "remove `certifi` and `tzdata` from the cache, or set `base = \"none\"`";
            Err(Diagnostic::new(&codes::IMAGE_DATA, message).help(help))
        }
    }
}

/// The notes that name `data`, which lies in the layer with this digest.
pub(crate) fn notes(data: &[Data], layer: &Digest) -> Vec<String> {
    let note = |one: &Data| {
        let Data { name, version, digest, .. } = one;
        format!("{HOLDS}{name}@{version} {digest} in layer {layer}")
    };
    data.iter().map(note).collect()
}

/// What the notes on `image` name.
pub(crate) fn packages(image: &Artifact) -> Vec<DataPackage> {
    image.notes.iter().filter_map(|note| parse(note)).collect()
}

fn parse(note: &str) -> Option<DataPackage> {
    let (package, layer) = note.strip_prefix(HOLDS)?.split_once(" in layer ")?;
    let (package, digest) = package.split_once(' ')?;
    let (name, version) = package.split_once('@')?;
    let (license, what) = match name {
        CERTIFI => ("MPL-2.0", "Mozilla's list of certificate authorities"),
        TZDATA => ("", "the IANA time zones, which are in the public domain"),
        _ => return None,
    };
    Some(DataPackage {
        name: name.to_owned(),
        version: version.to_owned(),
        license: license.to_owned(),
        digest: digest.parse().ok()?,
        comment: format!("{what}; in the layer {}", layer.parse::<Digest>().ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(name: &str, files: &[(&str, &str)]) -> Data {
        let entry = |(path, text): &(&str, &str)| Entry::new(*path, text.as_bytes());
        Data {
            name: name.to_owned(),
            version: "2026.1".to_owned(),
            digest: Digest::of(name.as_bytes()),
            files: files.iter().map(entry).collect(),
        }
    }

    #[test]
    fn an_image_gets_authorities_and_zones_or_is_refused() {
        let authorities = || data(CERTIFI, &[("certifi/cacert.pem", "# comment\npem")]);
        let zone = ("tzdata/zoneinfo/Europe/Berlin", "TZif2");
        let files = [("tzdata/zoneinfo/Europe/__init__.py", ""), zone, ("tzdata/zones", "TZif")];
        let both = [authorities(), data(TZDATA, &files)];
        let zones = super::zones(&both);
        let names: Vec<&str> = zones.iter().map(|zone| zone.path.as_str()).collect();
        assert_eq!(names, ["Europe/Berlin"]);
        assert_eq!(base(&both, &zones).unwrap().certificates, b"# comment\npem");
        let refused = [
            vec![],
            vec![authorities()],
            vec![data(TZDATA, &files)],
            vec![authorities(), data(TZDATA, &[])],
            vec![data(CERTIFI, &[("certifi/cacert.pem", "")]), data(TZDATA, &files)],
        ];
        for data in refused {
            let zones = super::zones(&data);
            assert_eq!(base(&data, &zones).unwrap_err().code.name, "image-data", "{data:?}");
        }
    }

    #[test]
    fn a_note_is_read_back_as_what_it_names() {
        let layer = Digest::of(b"layer");
        let data = [data(CERTIFI, &[]), data(TZDATA, &[])];
        let read: Vec<DataPackage> =
            notes(&data, &layer).iter().filter_map(|note| parse(note)).collect();
        let found: Vec<_> = read.iter().map(|one| (one.name.as_str(), one.digest)).collect();
        assert_eq!(found, [(CERTIFI, data[0].digest), (TZDATA, data[1].digest)]);
        assert!(read.iter().all(|one| one.comment.contains(&layer.to_string())), "{read:?}");
        for other in ["", "holds pkg:pypi/certifi@1", "holds pkg:pypi/other@1 x in layer y"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
