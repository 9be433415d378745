//! Wheels, source distributions, and what is in them.

use archive::{gzip, tar, zip};
use pypi::{Metadata, Requirement, SdistName, WheelName};

use crate::parts::{entries, join};
use crate::properties::{accepted, bounded, must};
use crate::samples::EPOCH;
use crate::texts::text;
use crate::{Target, seeds};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "wheel",
        about: "the bytes of a wheel: packed again it reads, and packs, the same",
        seeds: || wheel_seeds().iter().map(|files| zipped(files)).collect(),
        run: wheel,
    },
    Target {
        name: "wheel-files",
        about: "the files of a wheel (METADATA, WHEEL, RECORD, entry points, CycloneDX), packed",
        seeds: wheel_seeds,
        run: |bytes| wheel(&zipped(bytes)),
    },
    Target {
        name: "sdist",
        about: "the tar archive of a source distribution, packed: packed again it reads the same",
        seeds: sdist_seeds,
        run: |bytes| sdist(&gzip::write(bytes)),
    },
    Target {
        name: "metadata",
        about: "core metadata: as it is rendered it reads the same",
        seeds: || seeds(&[METADATA, WHEEL]),
        run: metadata,
    },
    Target {
        name: "distribution-name",
        about: "file names of wheels and source distributions, and tags: taken apart and put \
                together they are the same",
        seeds: || {
            seeds(&[
                WHEEL_NAME,
                "demo_pkg-1.0-1a-cp311.cp312-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
                "demo_pkg-1!1.0rc1+local.tar.gz",
                "cp39-abi3-macosx_11_0_arm64",
            ])
        },
        run: distribution_name,
    },
    Target {
        name: "requirement",
        about: "PEP 508 requirements, specifiers and markers: put together they are the same",
        seeds: || {
            seeds(&[
                "requests[socks] (>=2.8.1,==2.8.*) ; python_version < \"2.7\"",
                "pip @ https://example.org/pip.zip ; extra == 'a' and os_name != \"nt\"",
                ">=3.9,<4,!=3.9.1,~=3.10",
            ])
        },
        run: requirement,
    },
];

const WHEEL_NAME: &str = "demo_pkg-1.0-py3-none-any.whl";

const METADATA: &str = "Metadata-Version: 2.4\nName: demo-pkg\nVersion: 1.0\nSummary: A demo\n\
     License-Expression: MIT OR Apache-2.0\nLicense-File: LICENSE\n\
     Classifier: Programming Language :: Python :: 3\nProject-URL: Home, https://example.org/\n\
     Requires-Python: >=3.9\nRequires-Dist: requests[socks] (>=2.8.1) ; extra == 'net'\n\
     Provides-Extra: net\nAuthor-email: A <a@example.org>\nKeywords: a,b\n  c\n\
     Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM\nDynamic: Keywords\n\
     \n# Demo\n\nText.\n";

const WHEEL: &str =
    "Wheel-Version: 1.0\nGenerator: demo 1\nRoot-Is-Purelib: true\nTag: py3-none-any\nBuild: 1\n";

const RECORD: &str = "demo_pkg/__init__.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n\
     demo_pkg-1.0.dist-info/METADATA,,\n\"demo_pkg-1.0.dist-info/RECORD\",,\n";

const BOM: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber":
"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "metadata": {"timestamp": "2024-01-01T00:00:00Z",
"component": {"name": "demo", "version": "1.0", "bom-ref": "path+file:///build/demo#1.0"}},
"components": [{"name": "serde", "version": "1.0.0", "bom-ref": "path+file:///build/demo/serde#a@1",
"purl": "pkg:cargo/serde@1.0.0?download_url=file:x", "licenses": [{"expression": "MIT"}]}],
"dependencies": [{"ref": "path+file:///build/demo#1.0",
"dependsOn": ["path+file:///build/demo/serde#a@1"]}]}
"#;

fn wheel_seeds() -> Vec<Vec<u8>> {
    let info = "demo_pkg-1.0.dist-info";
    let path = |name: &str| format!("{info}/{name}");
    let must_be = [(path("METADATA"), METADATA), (path("WHEEL"), WHEEL), (path("RECORD"), RECORD)];
    let points = "[console_scripts]\ndemo = demo_pkg:main\n[demo.plugins]\na = demo_pkg.a\n";
    let more = [
        ("demo_pkg/__init__.py".to_owned(), ""),
        (path("entry_points.txt"), points),
        (path("licenses/LICENSE"), "MIT\n"),
        (path("sboms/demo.cyclonedx.json"), BOM),
        ("demo_pkg-1.0.data/scripts/run".to_owned(), "#!python\n"),
    ];
    let whole: Vec<(String, &str)> = more.into_iter().chain(must_be.clone()).collect();
    [whole, must_be.to_vec()]
        .iter()
        .map(|files| {
            let files: Vec<(&str, &str)> =
                files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
            join(&files)
        })
        .collect()
}

/// The files of an input as a ZIP archive.
fn zipped(bytes: &[u8]) -> Vec<u8> {
    zip::write(&entries(bytes), EPOCH).unwrap_or_default()
}

fn wheel(bytes: &[u8]) {
    bounded(&pypi::lint_wheel(WHEEL_NAME, bytes));
    let read = accepted(pypi::read_wheel(WHEEL_NAME, bytes));
    let contents = accepted(inside(pypi::WHEEL, WHEEL_NAME, bytes));
    if let Some(contents) = &contents {
        crate::sboms::described(contents);
    }
    let Some(packed) = accepted(pypi::repack_wheel(bytes, EPOCH)) else {
        assert!(read.is_none(), "a wheel that reads cannot be packed again");
        return;
    };
    let again = must("what was packed can be packed again", pypi::repack_wheel(&packed, EPOCH));
    assert!(packed == again, "a wheel that was packed twice is another one");
    let Some(read) = read else { return };
    let reread = must("what was packed can be read", pypi::read_wheel(WHEEL_NAME, &packed));
    assert_eq!((&read.name, &read.version), (&reread.name, &reread.version));
    assert_eq!((&read.metadata, &read.tags), (&reread.metadata, &reread.tags));
    assert!(reread.record.is_some(), "the RECORD that was written cannot be read");
    let lines = reread.record.unwrap_or_default();
    assert_eq!(lines.len(), reread.members.len(), "RECORD lists other files than there are");
}

/// What is inside of a file of the Python index.
fn inside(
    kind: model::ArtifactKind,
    name: &str,
    bytes: &[u8],
) -> Result<components::Contents, model::Diagnostic> {
    format::Inspects::inside(&pypi::Pypi, kind, name, bytes)
}

fn sdist_seeds() -> Vec<Vec<u8>> {
    let lock = "version = 4\n\n[[package]]\nname = \"demo\"\nversion = \"1.0.0\"\n\
                dependencies = [\"a\"]\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n";
    let files = [
        ("demo_pkg-1.0/PKG-INFO", METADATA),
        ("demo_pkg-1.0/Cargo.lock", lock),
        ("demo_pkg-1.0/Cargo.toml", "[package]\nname = \"demo\"\nversion = \"1.0.0\"\n"),
        ("demo_pkg-1.0/LICENSE", "MIT\n"),
        (
            "demo_pkg-1.0/pyproject.toml",
            "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n\
             [project]\nname = \"demo-pkg\"\n",
        ),
    ];
    let whole = tar::write(&entries(&join(&files)), EPOCH).unwrap_or_default();
    let least = tar::write(&entries(&join(&files[..1])), EPOCH).unwrap_or_default();
    vec![whole, least, crate::samples::layer()]
}

fn sdist(bytes: &[u8]) {
    const NAME: &str = "demo_pkg-1.0.tar.gz";
    bounded(&pypi::lint_sdist(NAME, bytes));
    let read = accepted(pypi::read_sdist(NAME, bytes));
    if let Some(contents) = accepted(inside(pypi::SDIST, NAME, bytes)) {
        crate::sboms::described(&contents);
    }
    let Some(packed) = accepted(pypi::repack_sdist(bytes, EPOCH)) else {
        assert!(read.is_none(), "an sdist that reads cannot be packed again");
        return;
    };
    let again = must("what was packed can be packed again", pypi::repack_sdist(&packed, EPOCH));
    assert!(packed == again, "an sdist that was packed twice is another one");
    let Some(read) = read else { return };
    let reread = must("what was packed can be read", pypi::read_sdist(NAME, &packed));
    assert_eq!((&read.metadata, &read.top), (&reread.metadata, &reread.top));
    assert_eq!(read.members.len(), reread.members.len(), "files were lost");
}

fn metadata(bytes: &[u8]) {
    let Some(read) = accepted(Metadata::parse(bytes, "METADATA")) else { return };
    let again = Metadata::parse(read.render().as_bytes(), "METADATA");
    assert_eq!(must("what was rendered can be read", again), read);
    if let Some((name, value)) = read.headers.first() {
        assert_eq!(read.get(name), Some(value.as_str()));
    }
    let _ = read.format_version();
}

fn distribution_name(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let _ = accepted(release::wheel_facts(text));
    if let Ok(name) = WheelName::parse(text) {
        let build = name.build.as_ref().map(|(number, rest)| format!("{number}{rest}"));
        let sets = [&name.pythons, &name.abis, &name.platforms].map(|set| set.join("."));
        let parts = [name.distribution.clone(), name.version.clone()];
        let words: Vec<String> = parts.into_iter().chain(build).chain(sets).collect();
        let spelled = format!("{}.whl", words.join("-"));
        let again = must("what was put together is a name", WheelName::parse(&spelled));
        assert_eq!(again, name);
        assert!(name.tags().len() <= 1_000, "{text} stands for too many tags");
        for tag in name.tags() {
            let expanded = pypi::Tag::expand(&tag.to_string());
            assert!(expanded.is_none_or(|tags| tags.contains(&tag)), "{tag} is another tag");
        }
    }
    if let Ok(name) = SdistName::parse(text) {
        assert_eq!(format!("{}-{}{}", name.distribution, name.version, name.suffix), text);
    }
    for tag in pypi::Tag::expand(text).unwrap_or_default() {
        let _ = (pypi::is_accepted(&tag.platform), pypi::platform_of(&tag.platform));
    }
    let normal = pypi::normalize_for_files(text);
    assert_eq!(pypi::normalize_for_files(&normal), normal, "{text:?}");
    if pypi::is_name(text) {
        assert!(pypi::is_name(&normal), "{text:?} is a name and {normal:?} is none");
    }
}

fn requirement(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let _ = (pypi::is_specifier_set(text), pypi::is_marker(text));
    let Some(read) = Requirement::parse(text) else { return };
    assert!(pypi::is_name(&read.name), "{read:?}");
    assert!(pypi::is_specifier_set(&read.specifier), "{read:?}");
    let url = read.url.as_ref().map(|url| format!(" @ {url}")).unwrap_or_default();
    let marker = read.marker.as_ref().map(|marker| format!(" ; {marker}")).unwrap_or_default();
    let again = format!("{}{url} {}{marker}", read.name, read.specifier);
    assert_eq!(Requirement::parse(&again).as_ref(), Some(&read), "{again:?}");
    let requirements = components::requirements(&[text]);
    crate::sboms::described(&requirements);
}
