//! What a program asks of its compiler, and what to do about one that refuses.

use format::Demand;
use manifests::{Manifests, go, join};
use model::Unit;

use crate::{BinarySource, recipes};

/// The lowest release of the compiler that the project's manifest asks for.
pub(crate) fn demand(source: &BinarySource, manifests: &Manifests<'_>) -> Option<Demand> {
    match source {
        BinarySource::Go { module, .. } => {
            let file = join(module, "go.mod");
            let text = manifests.text(&file).ok().flatten()?.text;
            Some(Demand { compiler: "go", release: go::release(&text)?, file })
        }
        BinarySource::Rust { path, .. } => {
            let release = manifests.cargo_rust_version(path).ok().flatten()?;
            Some(Demand { compiler: "rust", release, file: join(path, "Cargo.toml") })
        }
    }
}

/// What a person can do about a build of `unit` that failed with these words.
pub(crate) fn advice(unit: &Unit, words: &str) -> Option<String> {
    let says = |text: &str| words.contains(text);
    if unit.recipe == recipes::RUST {
        let is_older = says("requires rustc") || says("is not supported by the following package");
        let help = "name a newer release in `rust-toolchain.toml`, or lower `rust-version`";
        return is_older.then(|| help.to_owned());
    }
    if says("go.mod requires go >=") || says("go.work requires go >=") || says("requires go >=") {
        let help = "lower what `go.mod` asks for, or give a newer Go with `--tool go=PATH`";
        return Some(help.to_owned());
    }
    let platform = unit.platform?;
    let is_platforms = ["build constraints exclude", "undefined: ", "is not declared"];
    is_platforms.iter().any(|text| says(text)).then(|| {
        format!("if it is not meant for {platform}, name the others: `platforms = [\"…\"]`")
    })
}

#[cfg(test)]
mod tests {
    use model::MemoryTree;

    use super::*;

    #[test]
    fn the_manifest_says_which_release_of_the_compiler_it_takes() {
        let check = |files: &[(&str, &str)], expected: Option<&str>| {
            let tree = MemoryTree::new(files.iter().copied());
            let go = BinarySource::Go {
                path: "a/cmd".into(),
                module: "a".into(),
                ldflags: None,
                tags: Vec::new(),
            };
            let rust = BinarySource::Rust {
                path: "a".into(),
                workspace: ".".into(),
                package: "a".into(),
                bin: "a".into(),
                features: Vec::new(),
                no_default_features: false,
            };
            let manifests = Manifests::new(&tree);
            let found = demand(&go, &manifests).or_else(|| demand(&rust, &manifests));
            let found = found.map(|found| format!("{} {}", found.compiler, found.release));
            assert_eq!(found.as_deref(), expected, "{files:?}");
        };
        check(&[("a/go.mod", "module a\n\ngo 1.30.1 // x\n")], Some("go 1.30.1"));
        check(&[("a/go.mod", "module a\n")], None);
        let own = "[package]\nname = \"a\"\nrust-version = \"1.99\"\n";
        check(&[("a/Cargo.toml", own)], Some("rust 1.99"));
        let inherits = "[package]\nname = \"a\"\nrust-version.workspace = true\n";
        let root = "[workspace]\n[workspace.package]\nrust-version = \"1.98\"\n";
        check(&[("a/Cargo.toml", inherits), ("Cargo.toml", root)], Some("rust 1.98"));
        check(&[("a/Cargo.toml", "[package]\nname = \"a\"\n")], None);
    }
}
