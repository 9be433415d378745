//! The command lines that build Rust executables: one call for all binaries of a workspace.

use std::collections::{BTreeMap, BTreeSet};

use crate::{BinarySource, BinarySpec};
use model::{Invocation, Platform};

/// What Cargo's command line is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CargoSetup {
    /// The program. `cargo-auditable`, `cargo-zigbuild` and zig are found through `env`.
    pub cargo: String,
    /// The staged tree.
    pub source: String,
    /// Where Cargo puts what it makes.
    pub target_dir: String,
    /// PATH, caches, toolchain and path remaps, then the package's own variables.
    pub env: BTreeMap<String, String>,
}

/// One call of Cargo, and where its executables will lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CargoBuild {
    /// The call.
    pub invocation: Invocation,
    /// Name of the binary as released, and the file Cargo leaves.
    pub outputs: Vec<(String, String)>,
}

/// Package, features and whether the default ones are left out, of a source that chooses features.
pub(crate) fn chosen(source: &BinarySource) -> Option<(&str, &[String], bool)> {
    let BinarySource::Rust { package, features, no_default_features, .. } = source else {
        return None;
    };
    let chooses = !features.is_empty() || *no_default_features;
    chooses.then_some((package, features, *no_default_features))
}

/// The builds of all `binaries` that are Rust, for `platform`: one call a workspace, more only when
/// two of its binaries have one name, and for packages whose features are chosen: cargo gives
/// features that are asked for to all that it builds in one call. Variables of a package's own
/// (`BinarySpec::env`) are the caller's to add; packages that differ in them are passed in separate
/// calls.
#[must_use]
pub fn cargo_builds(
    binaries: &[&BinarySpec],
    platform: Platform,
    setup: &CargoSetup,
) -> Vec<CargoBuild> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for binary in binaries {
        let BinarySource::Rust { path, workspace, package, bin, .. } = &binary.source else {
            continue;
        };
        let chosen = chosen(&binary.source);
        let fits = |group: &&mut Group<'_>| {
            group.workspace == workspace
                && group.chosen == chosen
                && !group.bins.contains(bin.as_str())
        };
        let index = match groups.iter_mut().find(fits) {
            Some(group) => group,
            None => {
                let round = groups.iter().filter(|group| group.workspace == workspace).count();
                groups.push(Group { workspace, path, chosen, round, ..Group::default() });
                let Some(group) = groups.last_mut() else { continue };
                group
            }
        };
        index.bins.insert(bin);
        index.members.push((&binary.name, package, bin));
    }
    groups.iter().map(|group| group.build(platform, setup)).collect()
}

/// Binaries that one call builds.
#[derive(Debug, Default)]
struct Group<'b> {
    workspace: &'b str,
    /// The folder of the first one's package.
    path: &'b str,
    /// What of features is chosen, and for which package.
    chosen: Option<(&'b str, &'b [String], bool)>,
    /// 0 for the first call of a workspace: later ones must not overwrite its files.
    round: usize,
    bins: BTreeSet<&'b str>,
    /// Name as released, package, binary target.
    members: Vec<(&'b str, &'b str, &'b str)>,
}

impl Group<'_> {
    fn build(&self, platform: Platform, setup: &CargoSetup) -> CargoBuild {
        let target = platform.rust_target();
        let mut args = vec!["zigbuild", "--release", "--locked", "--target", target];
        let packages: BTreeSet<&str> = self.members.iter().map(|member| member.1).collect();
        args.extend(packages.iter().flat_map(|package| ["-p", package]));
        args.extend(self.bins.iter().flat_map(|bin| ["--bin", bin]));
        let (manifest, features) = (self.manifest(setup), self.features());
        if self.chosen.is_some() {
            // Everywhere, features without a package in front are those of the package that cargo
            // is called for.
            args.extend(["--manifest-path", &manifest]);
        }
        args.extend(features.iter().map(String::as_str));
        let target_dir = match self.round {
            0 => setup.target_dir.clone(),
            round => format!("{}-{}", setup.target_dir, round + 1),
        };
        let dir = match self.workspace {
            "." | "" => setup.source.clone(),
            workspace => format!("{}/{workspace}", setup.source),
        };
        let mut invocation = Invocation::new(&setup.cargo, args).dir(dir);
        invocation.env.clone_from(&setup.env);
        let suffix = platform.exe_suffix();
        let outputs = self.members.iter().map(|(name, _, bin)| {
            ((*name).to_owned(), format!("{target_dir}/{target}/release/{bin}{suffix}"))
        });
        let outputs = outputs.collect();
        let invocation = audited(stripped(invocation, platform))
            .env("CARGO_TARGET_DIR", target_dir)
            .env("CARGO_INCREMENTAL", "0");
        CargoBuild { invocation, outputs }
    }

    /// The manifest of the package, as cargo finds it from the workspace.
    fn manifest(&self, setup: &CargoSetup) -> String {
        let inside = match self.workspace {
            "." | "" => Some(self.path),
            workspace if workspace == self.path => Some("."),
            workspace => self.path.strip_prefix(workspace).and_then(|rest| rest.strip_prefix('/')),
        };
        match inside {
            Some(".") => "Cargo.toml".to_owned(),
            Some(path) => format!("{path}/Cargo.toml"),
            None if self.path == "." => format!("{}/Cargo.toml", setup.source),
            None => format!("{}/{}/Cargo.toml", setup.source, self.path),
        }
    }

    fn features(&self) -> Vec<String> {
        let Some((_, features, no_default)) = self.chosen else { return Vec::new() };
        let mut args = Vec::new();
        if !features.is_empty() {
            args.extend(["--features".to_owned(), features.join(",")]);
        }
        args.extend(no_default.then(|| "--no-default-features".to_owned()));
        args
    }
}

/// What `cargo auditable` would set before it calls cargo, but for one thing: it names itself by
/// its whole path, and cargo hashes that name into the crate's symbols, so that the folder of a
/// tool would change the executable's bytes. By its plain name it is found on `PATH`.
fn audited(invocation: Invocation) -> Invocation {
    const ORIGINAL: &str = r#"{"offline":false,"locked":true,"frozen":false,"config":[]}"#;
    invocation
        .env("RUSTC_WORKSPACE_WRAPPER", "cargo-auditable")
        .env("CARGO_AUDITABLE_ORIG_ARGS", ORIGINAL)
}

/// Symbols name folders of the build: of libraries, of zig and its cache. For macOS the linker must
/// strip, before it signs, and what tells it so comes with the variables of the setup.
fn stripped(invocation: Invocation, platform: Platform) -> Invocation {
    match platform.os() {
        "darwin" => invocation,
        _ => invocation.env("CARGO_PROFILE_RELEASE_STRIP", "symbols"),
    }
}

#[cfg(test)]
mod tests {
    use model::Version;

    use super::*;

    fn rust(name: &str, workspace: &str, package: &str, bin: &str) -> BinarySpec {
        BinarySpec {
            name: name.into(),
            version: Version::parse("1.0.0").unwrap(),
            source: BinarySource::Rust {
                path: workspace.into(),
                workspace: workspace.into(),
                package: package.into(),
                bin: bin.into(),
                features: Vec::new(),
                no_default_features: false,
            },
            platforms: Platform::ALL.to_vec(),
            env: BTreeMap::new(),
        }
    }

    fn check(binaries: &[BinarySpec], platform: Platform, expected: &[(&str, &str, &[&str])]) {
        let setup = CargoSetup {
            cargo: "cargo".into(),
            source: "/s".into(),
            target_dir: "/t".into(),
            env: BTreeMap::from([("CARGO_HOME".into(), "/c".into())]),
        };
        let binaries: Vec<&BinarySpec> = binaries.iter().collect();
        let builds = cargo_builds(&binaries, platform, &setup);
        let found: Vec<(&str, String, Vec<&str>)> = builds
            .iter()
            .map(|build| {
                let files = build.outputs.iter().map(|(_, file)| file.as_str()).collect();
                let args = build.invocation.args.get(5..).unwrap().join(" ");
                (build.invocation.dir.as_str(), args, files)
            })
            .collect();
        let expected: Vec<(&str, String, Vec<&str>)> =
            expected.iter().map(|(d, a, f)| (*d, (*a).to_owned(), f.to_vec())).collect();
        assert_eq!(found, expected);
        for build in builds {
            assert!(build.invocation.args.contains(&"--locked".to_owned()));
            let wrapper = build.invocation.env.get("RUSTC_WORKSPACE_WRAPPER").unwrap();
            assert_eq!(wrapper, "cargo-auditable", "a folder in it would change the bytes");
            assert_eq!(build.invocation.env.get("CARGO_HOME").unwrap(), "/c");
        }
    }

    #[test]
    fn the_binaries_of_a_workspace_are_built_by_one_call() {
        let musl = "/t/x86_64-unknown-linux-musl/release";
        check(
            &[rust("a", "w", "pa", "ba"), rust("c", ".", "pc", "c"), rust("b", "w", "pb", "bb")],
            Platform::LinuxAmd64,
            &[
                (
                    "/s/w",
                    "-p pa -p pb --bin ba --bin bb",
                    &[&format!("{musl}/ba"), &format!("{musl}/bb")],
                ),
                ("/s", "-p pc --bin c", &[&format!("{musl}/c")]),
            ],
        );
    }

    #[test]
    fn packages_whose_features_are_chosen_are_built_by_calls_of_their_own() {
        let choosing = |name: &str, path: &str, chosen: &[&str], no_default: bool| {
            let mut spec = rust(name, "w", name, name);
            if let BinarySource::Rust { path: own, features, no_default_features, .. } =
                &mut spec.source
            {
                path.clone_into(own);
                *features = chosen.iter().map(|feature| (*feature).to_owned()).collect();
                *no_default_features = no_default;
            }
            spec
        };
        let musl = "x86_64-unknown-linux-musl/release";
        check(
            &[
                choosing("a", "w/a", &["x", "y"], true),
                rust("b", "w", "b", "b"),
                choosing("c", "w", &["x"], false),
                rust("d", "w", "d", "d"),
                choosing("e", "e", &[], true),
            ],
            Platform::LinuxAmd64,
            &[
                (
                    "/s/w",
                    "-p a --bin a --manifest-path a/Cargo.toml --features x,y \
                     --no-default-features",
                    &[&format!("/t/{musl}/a")],
                ),
                (
                    "/s/w",
                    "-p b -p d --bin b --bin d",
                    &[&format!("/t-2/{musl}/b"), &format!("/t-2/{musl}/d")],
                ),
                (
                    "/s/w",
                    "-p c --bin c --manifest-path Cargo.toml --features x",
                    &[&format!("/t-3/{musl}/c")],
                ),
                (
                    "/s/w",
                    "-p e --bin e --manifest-path /s/e/Cargo.toml --no-default-features",
                    &[&format!("/t-4/{musl}/e")],
                ),
            ],
        );
    }

    #[test]
    fn binaries_of_one_name_do_not_overwrite_each_other() {
        let gnu = "x86_64-pc-windows-gnu/release/x.exe";
        check(
            &[rust("a", ".", "pa", "x"), rust("b", ".", "pb", "x")],
            Platform::WindowsAmd64,
            &[
                ("/s", "-p pa --bin x", &[&format!("/t/{gnu}")]),
                ("/s", "-p pb --bin x", &[&format!("/t-2/{gnu}")]),
            ],
        );
    }

    #[test]
    fn executables_are_stripped_but_for_macos_as_the_variables_given_say() {
        const STRIP: &str = "CARGO_PROFILE_RELEASE_STRIP";
        let check = |platform, expected: &str| {
            let setup = CargoSetup {
                cargo: "cargo".into(),
                source: "/s".into(),
                target_dir: "/t".into(),
                env: BTreeMap::from([(STRIP.into(), "none".into())]),
            };
            let builds = cargo_builds(&[&rust("a", ".", "a", "a")], platform, &setup);
            assert_eq!(builds[0].invocation.env[STRIP], expected, "{platform}");
        };
        check(Platform::DarwinArm64, "none");
        check(Platform::DarwinAmd64, "none");
        check(Platform::LinuxAmd64, "symbols");
        check(Platform::WindowsAmd64, "symbols");
    }
}
