//! A fifth format, of which the product knows nothing, from plan to verify; and programs with other
//! tables, which refuse what they do not hold.

mod destination;
mod kit;
mod rule;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use format::{Builds, Discovers, Inspects, Plans};
use model::{DocumentKind, Manifest, Signing};
use pipeline::{Answer, Failure, Kind, Options, Policy, SignWith, Silent, Verifying};
use product_tests::scratch::Scratch;
use release::{FORMATS, Formats};

/// The product's formats and kits; any name may be an executable's, so those are recognised last.
static FIVE: Formats = Formats {
    plans: FIVE_PLANS,
    discovers: FIVE_DISCOVERS,
    builds: FIVE_BUILDS,
    inspects: FIVE_INSPECTS,
};
static FIVE_PLANS: &[&dyn Plans] =
    &[&pypi::Pypi, &oci::Oci, &binary::Binary, &helm::Helm, &kit::Kits];
static FIVE_DISCOVERS: &[&dyn Discovers] =
    &[&pypi::Pypi, &binary::Binary, &oci::Oci, &helm::Helm, &kit::Kits];
static FIVE_BUILDS: &[&dyn Builds] =
    &[&pypi::Pypi, &oci::Oci, &helm::Helm, &binary::Binary, &kit::Kits];
static FIVE_INSPECTS: &[&dyn Inspects] =
    &[&pypi::Pypi, &oci::Oci, &helm::Helm, &kit::Kits, &binary::Binary];

/// The product without charts.
static THREE: Formats = Formats {
    plans: &[&pypi::Pypi, &oci::Oci, &binary::Binary],
    discovers: &[&pypi::Pypi, &binary::Binary, &oci::Oci],
    builds: &[&pypi::Pypi, &oci::Oci, &binary::Binary],
    inspects: &[&pypi::Pypi, &oci::Oci, &binary::Binary],
};

/// A repository with a Go program, and more of a package's table.
fn repository(more: &str) -> Scratch {
    let tree = Scratch::new("fifth-format").unwrap();
    let config = format!(
        "[release]\nversion = \"1.0.0\"\nregistry = \"localhost\"\n\n[[package]]\nname = \"tool\"\n\
         binary = {{ go = \".\", platforms = [\"linux-amd64\", \"linux-arm64\"] }}\n{more}\n"
    );
    let program = "package main\n\nfunc main() { println(\"hello\") }\n";
    let chart = "apiVersion: v2\nname: tool-chart\nversion: 1.0.0\nicon: https://a.example/a.png\n";
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";
    for (path, text) in [
        ("package-actions.toml", config.as_str()),
        ("go.mod", "module example.com/tool\n\ngo 1.24\n"),
        ("main.go", program),
        ("chart/Chart.yaml", chart),
        ("chart/values.yaml", "a: 1\n"),
        ("chart/templates/map.yaml", map),
    ] {
        let file = tree.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    for words in [&["init", "-q"][..], &["add", "."]] {
        let mut git = Command::new("git");
        git.arg("-C").arg(tree.path()).args(words);
        assert!(git.status().unwrap().success());
    }
    let commit = ["-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "a"];
    let mut git = Command::new("git");
    git.arg("-C").arg(tree.path()).args(commit);
    assert!(git.status().unwrap().success());
    tree
}

fn options(tree: &Path, formats: Formats) -> Options {
    Options { dir: tree.to_owned(), formats, offline: true, ..Options::default() }
}

/// Releases what is in `tree` into its `dist/`.
fn release(tree: &Path, formats: Formats) -> Result<Manifest, Failure> {
    let released = pipeline::release_local(
        &options(tree, formats),
        &SignWith::Local,
        &(Arc::new(Silent) as Arc<dyn pipeline::Progress>),
    )?;
    Ok(released.manifest)
}

/// The answer about `dist`, and the codes of what is wrong with it.
fn verify(dist: &Path, formats: Formats) -> (Answer, Vec<&'static str>) {
    let asked = Verifying {
        subject: dist.to_owned(),
        formats,
        policy: Policy::default(),
        ..Verifying::default()
    };
    let report = pipeline::verify(&asked).unwrap();
    let mut codes: Vec<&str> = report.problems().0.iter().map(|one| one.code.name).collect();
    codes.dedup();
    (report.answer(), codes)
}

#[test]
fn a_fifth_format_goes_from_plan_to_verify() {
    let tree = repository("kit = { label = \"Handle with care\" }");
    let planned = pipeline::plan(&options(tree.path(), FIVE)).unwrap();
    let json = serde_json::to_string(&planned.plan).unwrap();
    let spec = "\"kit\":{\"label\":\"Handle with care\",\"version\":\"1.0.0\",\
                \"platforms\":[\"linux-amd64\",\"linux-arm64\"]}";
    assert!(json.contains(spec), "{json}");
    let manifest = release(tree.path(), FIVE).unwrap();
    let kits: Vec<(&str, &str)> = manifest
        .artifacts
        .iter()
        .filter(|artifact| artifact.format == kit::FORMAT)
        .map(|artifact| (artifact.unit.0.as_str(), artifact.file.path.as_str()))
        .collect();
    let expected = [
        ("tool/kit/linux-amd64", "kit/tool-linux-amd64.kit"),
        ("tool/kit/linux-arm64", "kit/tool-linux-arm64.kit"),
        ("tool/kit", "kit/tool.kits"),
    ];
    assert_eq!(kits, expected);
    let sbom = manifest.documents.iter().find(|document| {
        document.kind == DocumentKind::Sbom
            && document.about.as_deref() == Some("kit/tool-linux-amd64.kit")
    });
    assert_eq!(sbom.unwrap().components, 1, "the executable in it");
    assert_eq!(manifest.signing, Signing::LOCAL);
    let signed = "kit/tool-linux-amd64.kit.sigstore.json";
    assert!(manifest.evidence.iter().any(|item| item.path == signed));
    let downloads: Vec<&str> = manifest.assets.iter().map(|asset| asset.name.as_str()).collect();
    assert!(downloads.contains(&"tool.kits"), "{downloads:?}");
    let dist = tree.join("dist");
    assert!(fs::read_to_string(dist.join("INSTALL.md")).unwrap().contains("## Kits"));
    assert!(fs::read_to_string(dist.join("report.html")).unwrap().contains("Kits"));
    assert_eq!(verify(&dist, FIVE), (Answer::Yes, Vec::new()));
    // It is held to its own rule, and to its bytes.
    let broken = repository("kit = { label = \" \" }");
    let refused = release(broken.path(), FIVE).unwrap_err();
    let codes: Vec<&str> = refused.problems.0.iter().map(|one| one.code.name).collect();
    assert_eq!((refused.kind, codes.as_slice()), (Kind::Usage, &["kit-label"][..]));
    fs::remove_file(dist.join("kit/tool.kits")).unwrap();
    fs::write(dist.join("kit/tool.kits"), "forged\n").unwrap();
    assert_eq!(verify(&dist, FIVE).0, Answer::No);
}

#[test]
fn a_fifth_format_finds_packages_to_propose() {
    let tree = repository("");
    fs::write(tree.join("label.kit"), "Handle with care\n").unwrap();
    let proposed = pipeline::propose(tree.path(), FIVE).unwrap();
    let entry = "[[package]]\nname = \"tool\"\nbinary = { go = \".\" }\n\
                 kit = { label = \"Handle with care\" }\n";
    assert!(proposed.text.contains(entry), "{}", proposed.text);
    let without = pipeline::propose(tree.path(), FORMATS).unwrap();
    assert_eq!(proposed.text.replace("kit = { label = \"Handle with care\" }\n", ""), without.text);
}

#[test]
fn a_program_without_the_format_can_neither_plan_nor_judge_it() {
    let tree = repository("kit = { label = \"Handle with care\" }");
    let refused = pipeline::plan(&options(tree.path(), FORMATS)).unwrap_err();
    let codes: Vec<&str> = refused.problems.0.iter().map(|one| one.code.name).collect();
    assert_eq!((refused.kind, codes.as_slice()), (Kind::Usage, &["config-unknown-key"][..]));
    release(tree.path(), FIVE).unwrap();
    let dist = tree.join("dist");
    // Neither good nor bad: nobody here can look into it.
    assert_eq!(verify(&dist, FORMATS), (Answer::Unknown, vec!["format-unknown"]));
    let manifest = fs::read_to_string(dist.join("release.json")).unwrap();
    let other = manifest.replace("\"kind\": \"kit-list\"", "\"kind\": \"kit-book\"");
    assert_ne!(manifest, other);
    fs::write(dist.join("release.json"), other).unwrap();
    assert_eq!(verify(&dist, FIVE), (Answer::Unknown, vec!["artifact-kind"]));
}

#[test]
fn a_product_of_three_formats_works_and_refuses_the_fourth() {
    let tree = repository("");
    release(tree.path(), THREE).unwrap();
    assert_eq!(verify(&tree.join("dist"), THREE), (Answer::Yes, Vec::new()));
    let tree = repository("chart = { path = \"chart\" }");
    let refused = pipeline::plan(&options(tree.path(), THREE)).unwrap_err();
    let codes: Vec<&str> = refused.problems.0.iter().map(|one| one.code.name).collect();
    assert_eq!((refused.kind, codes.as_slice()), (Kind::Usage, &["config-unknown-key"][..]));
    release(tree.path(), FORMATS).unwrap();
    assert_eq!(verify(&tree.join("dist"), THREE), (Answer::Unknown, vec!["format-unknown"]));
}
