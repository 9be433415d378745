//! What `uv` and `maturin` would be asked, as data.
//!
//! Knows their options, and no file: the caller stages the sources, fetches the tools and runs
//! the lines. A meta package needs no command; [`crate::meta_package`] writes it.

use std::collections::BTreeMap;

use crate::recipes;
use crate::{PythonKind, PythonSpec};
use model::{Invocation, Platform, Unit};

/// Where things are for one build. Paths are absolute, or relative to where the commands run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PythonPaths {
    /// The staged copy's folder with `pyproject.toml`.
    pub source: String,
    /// The folder that archives land in.
    pub out: String,
    /// The `uv` program.
    pub uv: String,
    /// The `maturin` program.
    pub maturin: String,
    /// The Python interpreter that backends run on.
    pub python: String,
    /// The tree's own file of build constraints, which holds backends still.
    pub build_constraints: Option<String>,
    /// Take no build dependency that was published after this time (RFC 3339).
    pub exclude_newer: Option<String>,
    /// Ask no index: take what the cache has.
    pub offline: bool,
    /// `SOURCE_DATE_EPOCH`, in seconds.
    pub epoch: u64,
    /// Variables for the build: caches, toolchain, remaps. The package's own `env` wins over them.
    pub env: BTreeMap<String, String>,
}

/// The lines that build `unit`, in order; none for a meta package and for units of other formats.
#[must_use]
pub fn commands(unit: &Unit, spec: &PythonSpec, paths: &PythonPaths) -> Vec<Invocation> {
    let invocation = match unit.recipe {
        recipes::PROJECT => uv_build(paths),
        recipes::SDIST => maturin_sdist(paths),
        recipes::WHEEL => maturin_build(unit.platform, &spec.kind, paths),
        _ => return Vec::new(),
    };
    let mut env = paths.env.clone();
    env.insert("SOURCE_DATE_EPOCH".to_owned(), paths.epoch.to_string());
    env.extend(spec.env.iter().map(|(name, value)| (name.clone(), value.clone())));
    vec![Invocation { env, ..invocation }]
}

/// One call makes the sdist, and the wheel from that sdist: what people who build the released
/// sources get is what is released, and a file that the sdist lacks shows here and not at theirs.
/// `--no-config`, because a `[tool.uv]` table may move with the clock, as
/// `exclude-newer = "10 days"` does.
fn uv_build(paths: &PythonPaths) -> Invocation {
    let mut args = vec![
        "build".to_owned(),
        "--no-config".to_owned(),
        "--no-create-gitignore".to_owned(),
        "--no-progress".to_owned(),
        "--color=never".to_owned(),
        format!("--python={}", paths.python),
    ];
    if let Some(constraints) = &paths.build_constraints {
        args.push(format!("--build-constraints={constraints}"));
    }
    if let Some(time) = &paths.exclude_newer {
        args.push(format!("--exclude-newer={time}"));
    }
    if paths.offline {
        args.push("--offline".to_owned());
    }
    args.push(format!("--out-dir={}", paths.out));
    args.push(paths.source.clone());
    Invocation::new(&paths.uv, args)
}

fn maturin_sdist(paths: &PythonPaths) -> Invocation {
    let out = format!("--out={}", paths.out);
    Invocation::new(&paths.maturin, ["sdist".to_owned(), out]).dir(&paths.source)
}

/// zig links against the oldest glibc that `manylinux2014` allows (2.17), on any Linux machine.
fn maturin_build(platform: Option<Platform>, kind: &PythonKind, paths: &PythonPaths) -> Invocation {
    let mut args: Vec<String> =
        ["build", "--release", "--locked", "--zig"].map(str::to_owned).to_vec();
    if let Some(platform) = platform {
        args.push(format!("--target={}", rust_target(platform)));
        if Platform::LINUX.contains(&platform) {
            args.push("--compatibility=manylinux2014".to_owned());
        }
    }
    if paths.offline {
        args.push("--offline".to_owned());
    }
    args.push(format!("--out={}", paths.out));
    match kind {
        PythonKind::Pyo3 { abi3: None, pythons, .. } if !pythons.is_empty() => {
            args.extend(pythons.iter().map(|python| format!("--interpreter=python{python}")));
        }
        _ => args.push(format!("--interpreter={}", paths.python)),
    }
    Invocation::new(&paths.maturin, args).dir(&paths.source)
}

/// The Rust target of an extension module, which shares its interpreter's C library;
/// [`Platform::rust_target`] is for static executables.
#[must_use]
pub fn rust_target(platform: Platform) -> &'static str {
    match platform {
        Platform::LinuxAmd64 => "x86_64-unknown-linux-gnu",
        Platform::LinuxArm64 => "aarch64-unknown-linux-gnu",
        other => other.rust_target(),
    }
}

#[cfg(test)]
mod tests {
    use crate::BuildCutoff;
    use model::{UnitId, Version};

    use super::*;

    fn paths() -> PythonPaths {
        PythonPaths {
            source: "/s".to_owned(),
            out: "/o".to_owned(),
            uv: "uv".to_owned(),
            maturin: "maturin".to_owned(),
            python: "/py".to_owned(),
            epoch: 7,
            env: BTreeMap::from([("A".to_owned(), "tool".to_owned())]),
            ..PythonPaths::default()
        }
    }

    fn check(
        recipe: model::Recipe,
        platform: Option<Platform>,
        kind: PythonKind,
        paths: &PythonPaths,
        expected: &str,
    ) {
        let spec = PythonSpec {
            name: "a".to_owned(),
            version: Version::parse("1").unwrap(),
            kind,
            path: ".".to_owned(),
            requires_python: String::new(),
            env: BTreeMap::from([("A".to_owned(), "own".to_owned())]),
            repack: true,
            build_cutoff: BuildCutoff::Default,
        };
        let unit = Unit {
            id: UnitId::new("a", crate::FORMAT, platform),
            package: "a".to_owned(),
            format: crate::FORMAT,
            platform,
            recipe,
            version: "1".to_owned(),
            needs: Vec::new(),
            files: Vec::new(),
        };
        let lines: Vec<String> =
            commands(&unit, &spec, paths).iter().map(Invocation::shell_line).collect();
        assert_eq!(lines.join("\n"), expected);
    }

    #[test]
    fn a_pure_project_is_built_by_uv_in_one_call() {
        let args = "uv build --no-config --no-create-gitignore --no-progress --color=never \
                    --python=/py";
        let env = "env A=own SOURCE_DATE_EPOCH=7";
        let line = |paths: &PythonPaths, more: &str| {
            let expected = format!("{env} {args}{more} --out-dir=/o /s");
            check(recipes::PROJECT, None, PythonKind::Pure, paths, &expected);
        };
        line(&paths(), "");
        let time = Some("2026-08-06T00:00:00Z".to_owned());
        let held = PythonPaths { exclude_newer: time, ..paths() };
        line(&held, " --exclude-newer=2026-08-06T00:00:00Z");
        let file = Some("/c.txt".to_owned());
        let both = PythonPaths { build_constraints: file, offline: true, ..held };
        let more = " --build-constraints=/c.txt --exclude-newer=2026-08-06T00:00:00Z --offline";
        line(&both, more);
    }

    #[test]
    fn a_maturin_project_is_built_by_maturin_for_each_platform() {
        let kind = |abi3: Option<&str>, pythons: &[&str]| PythonKind::Pyo3 {
            platforms: Vec::new(),
            abi3: abi3.map(str::to_owned),
            pythons: pythons.iter().map(|python| (*python).to_owned()).collect(),
        };
        let front = "(cd /s && env A=own SOURCE_DATE_EPOCH=7 maturin";
        let sdist = format!("{front} sdist --out=/o)");
        check(recipes::SDIST, None, kind(Some("3.9"), &[]), &paths(), &sdist);
        let wheel = |platform, kind, offline: bool, rest: &str| {
            let paths = PythonPaths { offline, ..paths() };
            let expected = format!("{front} build --release --locked --zig {rest})");
            check(recipes::WHEEL, Some(platform), kind, &paths, &expected);
        };
        wheel(
            Platform::LinuxArm64,
            kind(Some("3.9"), &[]),
            true,
            "--target=aarch64-unknown-linux-gnu --compatibility=manylinux2014 --offline --out=/o \
             --interpreter=/py",
        );
        wheel(
            Platform::LinuxAmd64,
            kind(None, &["3.12", "3.13"]),
            false,
            "--target=x86_64-unknown-linux-gnu --compatibility=manylinux2014 --out=/o \
             --interpreter=python3.12 --interpreter=python3.13",
        );
        wheel(
            Platform::DarwinArm64,
            kind(Some("3.9"), &[]),
            false,
            "--target=aarch64-apple-darwin --out=/o --interpreter=/py",
        );
    }

    #[test]
    fn a_meta_package_needs_no_command() {
        check(recipes::META, None, PythonKind::Meta { members: Vec::new() }, &paths(), "");
    }
}
