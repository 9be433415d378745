use std::collections::BTreeMap;

use crate::{Base, HealthCheck, ImageSource, ImageSpec};
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
            base: Base::Usual,
            files: BTreeMap::new(),
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

/// The image of `package` for its platforms, each of one layer, and the files of its layout.
pub(crate) fn files(package: &Package) -> Vec<(String, Vec<u8>)> {
    let release = release();
    let about = about(package, &release);
    let one = |platform: &Platform| pack_with(about, *platform, false, &[]).unwrap();
    let images: Vec<PackedImage> = about.image.platforms.iter().map(one).collect();
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
    pack_with(about, platform, true, &[])
}

/// The image with these files, on the usual base or on nothing.
fn pack_with(
    about: About<'_>,
    platform: Platform,
    usual: bool,
    files: &[Placed<'_>],
) -> Result<PackedImage, Diagnostic> {
    let binary = format!("executable for {platform}");
    let zones = [archive::Entry::new("Europe/Berlin", "TZif2"), archive::Entry::new("UTC", "TZif")];
    let base = usual.then_some(UsualBase { certificates: b"# a comment\npem\n", zones: &zones });
    let (binary_name, binary) = ("clock", binary.as_bytes());
    pack_image(&ImageInput { about, platform, binary_name, binary, base, files }, &Gzip)
}

/// Path, mode, owner and text of each member of each layer.
fn members(image: &PackedImage) -> Vec<Vec<(String, u32, u64, String)>> {
    let layer = |layer: &Blob| {
        let tar = archive::gzip::read(&layer.bytes).unwrap();
        let members = archive::tar::members(&tar).unwrap();
        let member = |member: archive::tar::Member<'_>| {
            let text = String::from_utf8_lossy(member.bytes).into_owned();
            (member.path, member.mode, member.uid, text)
        };
        members.into_iter().map(member).collect()
    };
    image.layers.iter().map(layer).collect()
}

fn placed(path: &str) -> Placed<'static> {
    Placed { path: path.to_owned(), bytes: b"file", executable: false }
}

#[test]
fn the_configuration_says_how_the_image_runs() {
    let (package, release) = (package(), release());
    let image = pack(about(&package, &release), Platform::LinuxArm64).unwrap();
    let config: serde_json::Value = serde_json::from_slice(&image.config.bytes).unwrap();
    let expected = serde_json::json!({
        "User": "65532",
        "ExposedPorts": {"9000/tcp": {}},
        "Env": [
            format!("PATH={SEARCH_PATH}"),
            "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
            "TZ=UTC",
        ],
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
fn the_executable_lies_above_a_base_that_is_the_same_in_every_image() {
    let (package, release) = (package(), release());
    let image = pack(about(&package, &release), Platform::LinuxAmd64).unwrap();
    let layers = members(&image);
    let found = layers.iter().map(|layer| {
        layer.iter().map(|(path, mode, uid, _)| (path.as_str(), *mode, *uid)).collect()
    });
    let found: Vec<Vec<_>> = found.collect();
    let base = [
        ("etc", 0o755, 0),
        ("etc/group", 0o644, 0),
        ("etc/passwd", 0o644, 0),
        ("etc/ssl", 0o755, 0),
        ("etc/ssl/certs", 0o755, 0),
        ("etc/ssl/certs/ca-certificates.crt", 0o644, 0),
        ("home", 0o755, 0),
        ("home/nonroot", 0o700, 65_532),
        ("tmp", 0o1777, 0),
        ("usr", 0o755, 0),
        ("usr/share", 0o755, 0),
        ("usr/share/zoneinfo", 0o755, 0),
        ("usr/share/zoneinfo/Europe", 0o755, 0),
        ("usr/share/zoneinfo/Europe/Berlin", 0o644, 0),
        ("usr/share/zoneinfo/UTC", 0o644, 0),
    ];
    assert_eq!(found, [base.to_vec(), vec![("clock", 0o755, 0)]]);
    assert_eq!(layers[1][0].3, "executable for linux-amd64");
    assert_eq!(layers[0][5].3, "# a comment\npem\n");
    for user in ["root:x:0:0:", "nobody:x:65534:65534:", "nonroot:x:65532:65532:"] {
        assert!(layers[0][2].3.contains(user), "{}", layers[0][2].3);
    }
    // Another image of another release, for another platform and user.
    let mut other = package.clone();
    other.specs.edit(|image: &mut ImageSpec| image.user = "1000:2000".to_owned());
    let about = About { epoch: 1, revision: None, ..about(&other, &release) };
    let other = pack(about, Platform::LinuxArm64).unwrap();
    assert_eq!(other.layers[0], image.layers[0]);
    assert_ne!(other.layers[1], image.layers[1]);
}

#[test]
fn a_user_of_its_own_is_known_by_the_name_nonroot() {
    let release = release();
    let check = |user: &str, expected: Option<(&str, &str, u64)>| {
        let mut package = package();
        package.specs.edit(|image: &mut ImageSpec| image.user = user.to_owned());
        let image = pack(about(&package, &release), Platform::LinuxAmd64).unwrap();
        let own = members(&image).pop().unwrap();
        let at = |path: &str| own.iter().find(|(found, ..)| found == path);
        let line = |path: &str| {
            let text = at(path)?.3.lines().find(|line| line.starts_with("nonroot:"))?;
            Some(text.to_owned())
        };
        let owner = at("home/nonroot").map(|(_, _, uid, _)| *uid);
        let found = line("etc/passwd")
            .zip(owner)
            .map(|(passwd, owner)| (passwd, line("etc/group").unwrap_or_default(), owner));
        let end = ":nonroot:/home/nonroot:/sbin/nologin";
        let expected =
            expected.map(|(user, group, owner)| (format!("{user}{end}"), group.to_owned(), owner));
        assert_eq!(found, expected, "{user}");
    };
    check("65532:65532", None);
    check("1000:2000", Some(("nonroot:x:1000:2000", "nonroot:x:2000:", 1000)));
    check("7", Some(("nonroot:x:7:7", "nonroot:x:7:", 7)));
    check("65532:0", Some(("nonroot:x:65532:0", "", 65_532)));
}

#[test]
fn an_image_on_nothing_holds_the_executable_and_what_is_put_there() {
    let (package, release) = (package(), release());
    let about = about(&package, &release);
    let check = |usual, files: &[&str], expected: &[&str]| {
        let files: Vec<Placed<'_>> = files.iter().map(|path| placed(path)).collect();
        let image = pack_with(about, Platform::LinuxAmd64, usual, &files).unwrap();
        let layers = members(&image);
        assert_eq!(layers.len(), if usual { 2 } else { 1 });
        let own = layers.last().unwrap();
        let found: Vec<String> =
            own.iter().map(|(path, mode, ..)| format!("{path} {mode:o}")).collect();
        assert_eq!(found, expected, "{usual} {files:?}");
        let config: Config = serde_json::from_slice(&image.config.bytes).unwrap();
        let counts = [config.history.len(), config.rootfs.diff_ids.len()];
        assert_eq!(counts, [layers.len(); 2]);
        let env = config.config.env.unwrap();
        assert_eq!(env.iter().any(|one| one.starts_with("SSL_CERT_FILE=")), usual);
    };
    check(false, &[], &["clock 755"]);
    check(false, &["etc/passwd"], &["clock 755", "etc 755", "etc/passwd 644"]);
    // What is put there replaces what the base has; folders keep their modes.
    check(true, &["etc/passwd"], &["clock 755", "etc 755", "etc/passwd 644"]);
    check(true, &["tmp/x"], &["clock 755", "tmp 1777", "tmp/x 644"]);
    check(
        true,
        &["home/nonroot/a"],
        &["clock 755", "home 755", "home/nonroot 700", "home/nonroot/a 644"],
    );
}

#[test]
fn a_file_cannot_go_where_it_would_break_the_image() {
    let (package, release) = (package(), release());
    let about = about(&package, &release);
    let check = |usual, path: &str, expected: Option<&str>| {
        let packed = pack_with(about, Platform::LinuxAmd64, usual, &[placed(path)]);
        let found = packed.err().map(|problem| problem.code.name);
        assert_eq!(found, expected, "{path}");
    };
    for path in ["clock", "clock/a", "a//b", "../a", "a/.wh.b", "a\\b", "a\nb"] {
        check(true, path, Some("image-file"));
        check(false, path, Some("image-file"));
    }
    let taken = ["etc", "etc/ssl", "etc/ssl/certs", "etc/passwd/a", "tmp", "home", "usr/share"];
    for path in taken {
        check(true, path, Some("image-file"));
        check(false, path, None);
    }
    for path in ["etc/a", "a", "a b", "größe", "etc/ssl/certs/ca-certificates.crt", "usr/bin/x"] {
        check(true, path, None);
    }
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
    let usual = UsualBase { certificates: b"", zones: &[] };
    let check = |binary_name, base, refused| {
        let (platform, binary) = (Platform::LinuxAmd64, &b""[..]);
        let input = ImageInput { about, platform, binary_name, binary, base, files: &[] };
        assert_eq!(pack_image(&input, &Gzip).is_err(), refused, "{binary_name:?}");
    };
    for name in ["etc", "tmp", "usr", "home"] {
        check(name, Some(usual), true);
        check(name, None, false);
    }
    for name in ["a/b", "", ".."] {
        check(name, Some(usual), true);
        check(name, None, true);
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
