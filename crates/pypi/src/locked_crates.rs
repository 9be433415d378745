//! The crates that an sdist's own `Cargo.lock` fixes.

use components::Contents;
use manifests::Source;
use manifests::cargo::CargoToml;
use manifests::python::PyProject;

use crate::Sdist;
use crate::builds::crate_manifest;

/// Adds the crates that the lock of a maturin project's sdist says its crate needs. What cannot be
/// read is said in a note: an sdist is other people's text.
pub(crate) fn add_locked(contents: &mut Contents, sdist: &Sdist) {
    let text = |path: &str| sdist.member(path).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let pyproject = text("pyproject.toml").unwrap_or_default();
    let pyproject = Source::new("pyproject.toml", pyproject.to_owned());
    let Ok(project) = PyProject::parse(&pyproject) else { return };
    if !project.is_maturin() {
        return;
    }
    let manifest = crate_manifest(&project, |path| text(path).is_some());
    let Some(name) = text(manifest).and_then(crate_name) else { return };
    let mut folder = manifest;
    let lock = loop {
        folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        let path = if folder.is_empty() { LOCK.to_owned() } else { format!("{folder}/{LOCK}") };
        match text(&path) {
            Some(lock) => break lock,
            None if folder.is_empty() => {
                let note = "the sdist carries no Cargo.lock: its crates are not fixed";
                contents.notes.insert(note.to_owned());
                return;
            }
            None => {}
        }
    };
    match components::cargo_lock(lock, &name) {
        Ok(crates) => contents.merge(crates),
        Err(problem) => {
            contents.notes.insert(format!("its crates are not listed: {}", problem.message));
        }
    }
}

const LOCK: &str = "Cargo.lock";

fn crate_name(manifest: &str) -> Option<String> {
    let cargo = CargoToml::parse(&Source::new("Cargo.toml", manifest.to_owned())).ok()?;
    Some(cargo.package?.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], crates: &[&str], note: &str) {
        let entry = |path: &str, text: &str| archive::Entry {
            path: format!("a-1.0/{path}"),
            bytes: text.as_bytes().to_vec(),
            executable: false,
        };
        let info = entry("PKG-INFO", "Metadata-Version: 2.1\nName: a\nVersion: 1.0\n");
        let mut members = vec![info];
        members.extend(files.iter().map(|(path, text)| entry(path, text)));
        let sdist = Sdist {
            file_name: crate::SdistName::parse("a-1.0.tar.gz").unwrap(),
            name: "a".to_owned(),
            version: "1.0".to_owned(),
            top: "a-1.0".to_owned(),
            metadata: crate::Metadata::default(),
            members,
        };
        let mut contents = Contents::default();
        add_locked(&mut contents, &sdist);
        let found: Vec<&str> =
            contents.components.values().map(|component| component.name.as_str()).collect();
        assert_eq!(found, crates);
        let notes: Vec<&String> = contents.notes.iter().collect();
        assert!(notes.iter().any(|text| text.contains(note)) || note.is_empty(), "{notes:?}");
    }

    #[test]
    fn an_sdist_lists_the_crates_that_its_lock_fixes() {
        let maturin = "[build-system]\nbuild-backend = \"maturin\"\n";
        let toml = "[package]\nname = \"k\"\n";
        let lock = "[[package]]\nname = \"k\"\nversion = \"1.0.0\"\n\
                    dependencies = [\"serde\"]\n\
                    [[package]]\nname = \"serde\"\nversion = \"1.0.1\"\n\
                    [[package]]\nname = \"other\"\nversion = \"1.0.1\"\n";
        let project = ("pyproject.toml", maturin);
        check(&[project, ("Cargo.toml", toml), ("Cargo.lock", lock)], &["serde"], "");
        let moved = "[build-system]\nbuild-backend = \"maturin\"\n\
                     [tool.maturin]\nmanifest-path = \"crates/k/Cargo.toml\"\n";
        let files =
            [("pyproject.toml", moved), ("crates/k/Cargo.toml", toml), ("Cargo.lock", lock)];
        check(&files, &["serde"], "");
        check(&[project, ("Cargo.toml", toml)], &[], "carries no Cargo.lock");
        let bad = ("Cargo.lock", "[[");
        check(&[project, ("Cargo.toml", toml), bad], &[], "are not listed");
        let pure = ("pyproject.toml", "[build-system]\nbuild-backend = \"hatchling.build\"\n");
        check(&[pure, ("Cargo.toml", toml), ("Cargo.lock", lock)], &[], "");
    }
}
