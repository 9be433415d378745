//! Executables that a tree without a configuration holds.

mod golang;

use format::{Discovers, Discovery, Key, ProposedPackage, is_template, quoted};
use manifests::{go, join, parent};
use model::{Platform, Version};

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
        for (folder, module) in golang::main_packages(discovery) {
            go(discovery, &folder, &module);
        }
    }
}

fn rust(discovery: &mut Discovery<'_, '_>, folder: &str) {
    let manifests = discovery.manifests;
    let manifest = join(folder, "Cargo.toml");
    let found = manifests.cargo(&manifest).and_then(|cargo| {
        let Some(cargo) = cargo else { return Ok(None) };
        let Some(package) = &cargo.package else { return Ok(None) };
        let with_features = |bin: String| {
            let features = package.required_features(&bin).to_vec();
            (bin, features)
        };
        let bins = manifests.cargo_bins(folder, package, None)?;
        let bins: Vec<_> = bins.into_iter().map(with_features).collect();
        let version = manifests.cargo_version(folder)?;
        let [_, _, repository] = manifests.cargo_texts(folder)?;
        let workspace = manifests.cargo_workspace(folder)?;
        let lock = join(&workspace, "Cargo.lock");
        let lock = (!manifests.is_file(&lock)?).then_some(lock);
        Ok(Some((package.name.clone(), bins, version, repository, lock)))
    });
    let (package, bins, version, repository, missing_lock) = match found {
        Ok(Some(found)) => found,
        Ok(None) => return,
        Err(problem) => return discovery.leave_out(folder, &problem),
    };
    if discovery.is_claimed(folder) || package == "xtask" || is_template(&package) {
        return;
    }
    let version = version
        .and_then(|located| Some((Version::parse(&located.text).ok()?, located.location.file)));
    if let Some(lock) = missing_lock.filter(|_| !bins.is_empty()) {
        let help = "run `cargo generate-lockfile`, commit it, then run `init` again";
        return discovery.notes.push(format!("left out `{folder}`: there is no `{lock}`: {help}"));
    }
    for (bin, features) in bins {
        let mut pairs = vec![("rust", quoted(folder))];
        if bin != package {
            pairs.push(("bin", quoted(&bin)));
        }
        if !features.is_empty() {
            let list: Vec<String> = features.iter().map(|feature| quoted(feature)).collect();
            pairs.push(("features", format!("[{}]", list.join(", "))));
        }
        discovery.packages.push(ProposedPackage {
            name: bin,
            kind: "rust",
            folder: folder.to_owned(),
            why: vec![format!("An executable of the Cargo package at {manifest}.")],
            version: version.clone(),
            repository: repository.clone(),
            version_from_git: false,
            tables: vec![(KEY.name, pairs)],
        });
    }
}

fn go(discovery: &mut Discovery<'_, '_>, folder: &str, module: &str) {
    let manifests = discovery.manifests;
    let (platforms, why_not) = golang::platforms(manifests, folder, module);
    if platforms.is_empty() {
        let folders = why_not.join("` and `");
        let note = format!("left out `{folder}`: build constraints in `{folders}` exclude it");
        return discovery.notes.push(note);
    }
    let mut pairs = vec![("go", quoted(folder))];
    let go_mod = join(module, "go.mod");
    let mut why = vec![format!("A Go main package, in the module at {go_mod}.")];
    if platforms.len() < Platform::ALL.len() {
        let list: Vec<String> = platforms.iter().map(|one| quoted(one.as_str())).collect();
        pairs.push(("platforms", format!("[{}]", list.join(", "))));
        why.push(format!(
            "Build constraints in {} exclude other platforms.",
            why_not.join(" and ")
        ));
    }
    let module_name = || {
        let source = manifests.text(&go_mod).ok().flatten()?;
        go::module_name(&source.text)
    };
    let last = folder.rsplit('/').next().unwrap_or(folder);
    let name = if folder == module { module_name() } else { None };
    discovery.packages.push(ProposedPackage {
        name: name.unwrap_or_else(|| last.to_owned()),
        kind: "go",
        folder: folder.to_owned(),
        why,
        tables: vec![(KEY.name, pairs)],
        ..ProposedPackage::default()
    });
}
