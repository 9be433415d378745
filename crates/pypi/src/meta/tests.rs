//! Meta packages, read back as anyone would.

use std::collections::BTreeMap;

use crate::PythonSpec;
use model::{Specs, Version};

use super::*;
use crate::{BuildCutoff, PythonKind};
use crate::{lint_sdist, lint_wheel, read_sdist, read_wheel};

fn package(members: &[(&str, &str)]) -> Package {
    let members = members.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let package = Package::new("all").with(PythonSpec {
        name: "My.Demo-All".to_owned(),
        version: Version::parse("1.0.0-RC-3").unwrap(),
        kind: PythonKind::Meta { members },
        path: String::new(),
        requires_python: ">=3.9".to_owned(),
        env: BTreeMap::new(),
        repack: true,
        build_cutoff: BuildCutoff::Default,
    });
    Package {
        description: "All of it,\nin one".to_owned(),
        license: "Apache-2.0".to_owned(),
        ..package
    }
}

fn release() -> Release {
    Release {
        version: Version::parse("1.0.0").unwrap(),
        tag: "v1.0.0".to_owned(),
        registry: String::new(),
        charts: String::new(),
        repository: "https://forge.example/owner/name".to_owned(),
        notes: String::new(),
    }
}

#[test]
fn a_meta_package_pins_its_members_and_is_clean() {
    let package = package(&[("Plug_in", "2.0-rc1"), ("another", "0.1")]);
    let files = meta_package(&package, &release(), 1_700_000_000).unwrap();
    let [(wheel_name, wheel), (sdist_name, sdist)] = files.as_slice() else { panic!() };
    assert_eq!(wheel_name, "my_demo_all-1.0.0rc3-py3-none-any.whl");
    assert_eq!(sdist_name, "my_demo_all-1.0.0rc3.tar.gz");
    assert_eq!(lint_wheel(wheel_name, wheel), []);
    assert_eq!(lint_sdist(sdist_name, sdist), []);
    let wheel = read_wheel(wheel_name, wheel).unwrap();
    let sdist = read_sdist(sdist_name, sdist).unwrap();
    assert_eq!(wheel.metadata, sdist.metadata);
    let pins: Vec<&str> = wheel.metadata.all("Requires-Dist").collect();
    assert_eq!(pins, ["another==0.1", "plug-in==2.0rc1"]);
    assert_eq!(wheel.metadata.get("Summary"), Some("All of it, in one"));
    assert_eq!(wheel.metadata.get("License-Expression"), Some("Apache-2.0"));
    assert_eq!(wheel.metadata.get("Requires-Python"), Some(">=3.9"));
    assert_eq!(wheel.metadata.get("Version"), Some("1.0.0rc3"));
    let project = "Repository, https://forge.example/owner/name";
    assert_eq!(wheel.metadata.get("Project-URL"), Some(project));
    assert!(sdist.member("pyproject.toml").is_some() && sdist.member("meta_backend.py").is_some());
    assert_eq!(meta_package(&package, &release(), 1_700_000_000).unwrap(), files);
}

#[test]
fn values_that_metadata_cannot_hold_are_refused() {
    let code =
        |package: &Package| meta_package(package, &release(), 0).unwrap_err().code.to_string();
    assert_eq!(code(&package(&[("a\nEvil: x", "1")])), "python-requires");
    assert_eq!(code(&package(&[("a", "one")])), "python-requires");
    let mut spoiled = package(&[]);
    spoiled.specs.edit(|spec: &mut PythonSpec| spec.requires_python = "3.9".to_owned());
    assert_eq!(code(&spoiled), "python-requires");
    spoiled.specs.edit(|spec: &mut PythonSpec| spec.name = "a b".to_owned());
    assert_eq!(code(&spoiled), "python-name");
    spoiled.specs.edit(|spec: &mut PythonSpec| spec.kind = PythonKind::Pure);
    assert_eq!(code(&spoiled), "python-not-meta");
    spoiled.specs = Specs::default();
    assert_eq!(code(&spoiled), "python-not-meta");
}
