use std::collections::BTreeMap;

use crate::{HealthCheck, ImageSource, ImageSpec};
use archive::time::Moment;
use format::{Offer, OfferKind};
use model::{Format, Package, Platform, Release, Version};

use super::*;
use crate::{layout, pack_index};

/// gzip of the archive crate.
pub(crate) struct Gzip;

impl archive::LayerCompressor for Gzip {
    fn compress(&self, tar: &[u8]) -> Vec<u8> {
        archive::gzip::write(tar)
    }
}

pub(crate) fn release() -> Release {
    Release {
        version: Version::parse("1.2.3").unwrap(),
        tag: "v1.2.3".to_owned(),
        registry: "ghcr.io/o".to_owned(),
        charts: "ghcr.io/o/charts".to_owned(),
        repository: "https://example.org/o/r".to_owned(),
        notes: String::new(),
    }
}

pub(crate) fn package() -> Package {
    let version = Version::parse("1.2.3+b").unwrap();
    let platforms = Platform::LINUX.to_vec();
    Package {
        description: "tells the time".to_owned(),
        license: "Apache-2.0".to_owned(),
        ..Package::new("clock".to_owned()).with(ImageSpec {
            name: "clock".to_owned(),
            reference: "ghcr.io/o/clock".to_owned(),
            version,
            source: ImageSource::Binary,
            platforms,
            user: "65532".to_owned(),
            ports: vec![9000],
            entrypoint: Vec::new(),
            env: BTreeMap::from([("TZ".to_owned(), "UTC".to_owned())]),
            healthcheck: Some(HealthCheck { command: vec!["/clock".into(), "--health".into()] }),
        })
    }
}

/// The executable that [`package`] is said to have.
pub(crate) fn executable() -> Offer {
    Offer {
        format: Format::new("binary"),
        kind: OfferKind::Executable,
        name: "clock".to_owned(),
        platforms: Some(Platform::LINUX.to_vec()),
    }
}

/// The image of `package` for its platforms, and the files of its layout.
pub(crate) fn files(package: &Package) -> Vec<(String, Vec<u8>)> {
    let release = release();
    let about = about(package, &release);
    let images: Vec<PackedImage> =
        about.image.platforms.iter().map(|platform| pack(about, *platform).unwrap()).collect();
    let descriptors: Vec<_> = images.iter().map(|image| image.descriptor.clone()).collect();
    let index = pack_index(&about, &descriptors).unwrap();
    let blobs: Vec<Blob> = images
        .into_iter()
        .flat_map(|image| [vec![image.manifest, image.config], image.layers].concat())
        .collect();
    layout("clock", &about.tag().unwrap(), &index, &blobs)
}

fn about<'a>(package: &'a Package, release: &'a Release) -> About<'a> {
    let image = package.spec::<ImageSpec>().unwrap();
    About { package, image, release, revision: Some("abc"), epoch: 1_700_000_000 }
}

fn pack(about: About<'_>, platform: Platform) -> Result<PackedImage, Diagnostic> {
    let binary = format!("executable for {platform}");
    let input = ImageInput { about, platform, binary_name: "clock", binary: binary.as_bytes() };
    pack_image(&input, &Gzip)
}

#[test]
fn the_configuration_says_how_the_image_runs() {
    let (package, release) = (package(), release());
    let image = pack(about(&package, &release), Platform::LinuxArm64).unwrap();
    let config: serde_json::Value = serde_json::from_slice(&image.config.bytes).unwrap();
    let expected = serde_json::json!({
        "User": "65532",
        "ExposedPorts": {"9000/tcp": {}},
        "Env": [format!("PATH={SEARCH_PATH}"), "TZ=UTC"],
        "Entrypoint": ["/clock"],
        "WorkingDir": "/",
        "Labels": {
            "org.opencontainers.image.created": "2023-11-14T22:13:20Z",
            "org.opencontainers.image.description": "tells the time",
            "org.opencontainers.image.licenses": "Apache-2.0",
            "org.opencontainers.image.revision": "abc",
            "org.opencontainers.image.source": "https://example.org/o/r",
            "org.opencontainers.image.title": "clock",
            "org.opencontainers.image.url": "https://example.org/o/r",
            "org.opencontainers.image.version": "1.2.3_b",
        },
        "Healthcheck": {
            "Test": ["CMD", "/clock", "--health"],
            "Interval": 30_000_000_000_u64,
            "Timeout": 5_000_000_000_u64,
            "Retries": 3,
        },
    });
    assert_eq!(config["config"], expected);
    assert_eq!(config["architecture"], "arm64");
    assert_eq!(config["created"], Moment::at(1_700_000_000).rfc3339());
    let manifest: serde_json::Value = serde_json::from_slice(&image.manifest.bytes).unwrap();
    assert_eq!(manifest["annotations"], expected["Labels"]);
}

#[test]
fn the_layer_holds_the_executable_and_no_more_than_it_needs() {
    let (package, release) = (package(), release());
    let image = pack(about(&package, &release), Platform::LinuxAmd64).unwrap();
    let tar = archive::gzip::read(&image.layers[0].bytes).unwrap();
    let members = tar::members(&tar).unwrap();
    let found: Vec<_> = members.iter().map(|m| (m.path.as_str(), m.mode, m.uid)).collect();
    let expected = [
        ("etc", 0o755, 0),
        ("etc/group", 0o644, 0),
        ("etc/passwd", 0o644, 0),
        ("clock", 0o755, 0),
        ("tmp", 0o1777, 0),
    ];
    assert_eq!(found, expected);
    assert_eq!(members[3].bytes, b"executable for linux-amd64");
    let passwd = std::str::from_utf8(members[2].bytes).unwrap();
    assert!(passwd.contains("nonroot:x:65532:65532:"), "{passwd}");
}

#[test]
fn an_image_never_runs_as_root() {
    let check = |user: &str, expected: Result<(u32, u32), &str>| {
        let image =
            ImageSpec { user: user.to_owned(), ..package().spec::<ImageSpec>().unwrap().clone() };
        assert_eq!(
            user_ids(&image).map_err(|problem| problem.code.to_string()),
            expected.map_err(Into::into)
        );
    };
    check("65532", Ok((65_532, 65_532)));
    check("1000:0", Ok((1_000, 0)));
    check("0", Err("image-user-root"));
    check("00:5", Err("image-user-root"));
    for user in ["", "root", "nobody", "1:", ":1", "-1", "+1", "1:x", "4294967296"] {
        check(user, Err("image-user"));
    }
}

#[test]
fn an_executable_cannot_take_a_folder_s_place() {
    let (package, release) = (package(), release());
    let about = about(&package, &release);
    for binary_name in ["etc", "tmp", "a/b", "", ".."] {
        let input = ImageInput { about, platform: Platform::LinuxAmd64, binary_name, binary: b"" };
        assert!(pack_image(&input, &Gzip).is_err(), "{binary_name:?}");
    }
}

#[test]
fn an_index_needs_one_manifest_a_platform() {
    let (package, release) = (package(), release());
    let about = about(&package, &release);
    let amd64 = pack(about, Platform::LinuxAmd64).unwrap().descriptor;
    let arm64 = pack(about, Platform::LinuxArm64).unwrap().descriptor;
    let code = |images: &[Descriptor]| {
        pack_index(&about, images).map_err(|problem| problem.code.to_string())
    };
    assert_eq!(code(&[amd64.clone(), arm64.clone()]), code(&[arm64, amd64.clone()]));
    assert_eq!(code(&[]), Err("image-index".to_owned()));
    assert_eq!(code(&[amd64.clone(), amd64.clone()]), Err("image-index".to_owned()));
    let nameless = Descriptor { platform: None, ..amd64 };
    assert_eq!(code(&[nameless]), Err("image-index".to_owned()));
}
