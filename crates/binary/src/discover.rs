//! Executables that a tree without a configuration holds.

mod golang;

use format::{Discovers, Discovery, Key, ProposedPackage, is_template, quoted};
use manifests::{go, join, parent};
use model::{Version, path_problem};

use crate::Binary;
use crate::keys::KEY;

impl Discovers for Binary {
    fn key(&self) -> &'static Key {
        &KEY
    }

    fn discover(&self, discovery: &mut Discovery<'_, '_>) {
        for file in discovery.files(&["Cargo.toml"]) {
            rust(discovery, parent(file));
        }
        for folder in golang::main_packages(discovery.manifests) {
            go(discovery, &folder);
        }
    }
}

fn rust(discovery: &mut Discovery<'_, '_>, folder: &str) {
    let manifests = discovery.manifests;
    let manifest = join(folder, "Cargo.toml");
    let found = manifests.cargo(&manifest).and_then(|cargo| {
        let Some(cargo) = cargo else { return Ok(None) };
        let Some(package) = &cargo.package else { return Ok(None) };
        let mut bins = manifests.cargo_bins(folder, package, None)?;
        bins.retain(|bin| package.is_plain_bin(bin));
        let version = manifests.cargo_version(folder)?;
        let [_, _, repository] = manifests.cargo_texts(folder)?;
        Ok(Some((package.name.clone(), bins, version, repository)))
    });
    let (package, bins, version, repository) = match found {
        Ok(Some(found)) => found,
        Ok(None) => return,
        Err(problem) => return discovery.leave_out(folder, &problem),
    };
    if discovery.is_claimed(folder) || package == "xtask" || is_template(&package) {
        return;
    }
    let version = version
        .and_then(|located| Some((Version::parse(&located.text).ok()?, located.location.file)));
    for bin in bins {
        let mut pairs = vec![("rust", quoted(folder))];
        if bin != package {
            pairs.push(("bin", quoted(&bin)));
        }
        discovery.packages.push(ProposedPackage {
            name: bin,
            kind: "rust",
            folder: folder.to_owned(),
            why: vec![format!("An executable of the Cargo package at {manifest}.")],
            version: version.clone(),
            repository: repository.clone(),
            tables: vec![(KEY.name, pairs)],
        });
    }
}

fn go(discovery: &mut Discovery<'_, '_>, folder: &str) {
    if path_problem(folder).is_some() {
        return;
    }
    let manifests = discovery.manifests;
    let module = manifests.go_module(folder).ok().flatten().unwrap_or_default();
    let module_name = || {
        let source = manifests.text(&join(&module, "go.mod")).ok().flatten()?;
        go::module_name(&source.text)
    };
    let last = folder.rsplit('/').next().unwrap_or(folder);
    let name = if folder == module { module_name() } else { None };
    discovery.packages.push(ProposedPackage {
        name: name.unwrap_or_else(|| last.to_owned()),
        kind: "go",
        folder: folder.to_owned(),
        why: vec![format!("A Go main package, in the module at {}.", join(&module, "go.mod"))],
        tables: vec![(KEY.name, vec![("go", quoted(folder))])],
        ..ProposedPackage::default()
    });
}
