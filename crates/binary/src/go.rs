//! The command line that builds a Go executable: static, trimmed, the same from every folder.

use std::collections::BTreeMap;

use model::{Invocation, Platform};

/// The inputs of Go's command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoSetup {
    /// The program.
    pub go: String,
    /// The staged tree.
    pub source: String,
    /// Folder of `go.mod`, in the tree.
    pub module: String,
    /// Folder of the main package, in the tree; that of the module or below it.
    pub path: String,
    /// The executable to write.
    pub out: String,
    /// Whether the dependencies of the module are in `vendor/`.
    pub vendored: bool,
    /// Flags of the linker, after those that strip it.
    pub ldflags: String,
    /// Build tags.
    pub tags: Vec<String>,
    /// Whether the staged tree is a repository, whose commit and tag Go writes into the executable.
    pub stamped: bool,
    /// Caches and sources of modules, then the package's own variables.
    pub env: BTreeMap<String, String>,
}

/// `go build` of one main package for `platform`.
///
/// Without cgo the executable is static; `-trimpath` keeps folders out of it; the toolchain is the
/// one that is run. What Go says of the repository is the same for every clone, as the staged tree
/// holds the commit and the release's tag alone.
#[must_use]
pub fn go_command(setup: &GoSetup, platform: Platform) -> Invocation {
    let mode = if setup.vendored { "-mod=vendor" } else { "-mod=readonly" };
    let vcs = format!("-buildvcs={}", setup.stamped);
    let ldflags = format!("-ldflags=-s -w {}", setup.ldflags);
    let tags = format!("-tags={}", setup.tags.join(","));
    let package = package(&setup.module, &setup.path);
    let mut args = vec!["build", "-trimpath", &vcs, ldflags.trim_end()];
    args.extend((!setup.tags.is_empty()).then_some(tags.as_str()));
    args.extend(["-o", &setup.out, &package]);
    let mut command = Invocation::new(&setup.go, args);
    command.env.clone_from(&setup.env);
    command
        .dir(join(&setup.source, &setup.module))
        .env("CGO_ENABLED", "0")
        .env("GOOS", platform.os())
        .env("GOARCH", platform.arch())
        .env("GOFLAGS", mode)
        .env("GOTOOLCHAIN", "local")
        // No settings of the user (`go env -w`).
        .env("GOENV", "off")
}

/// The main package as Go expects it: relative to the module.
fn package(module: &str, path: &str) -> String {
    let below = match module {
        "." | "" => Some(path),
        _ => path.strip_prefix(module).map(|rest| rest.trim_start_matches('/')),
    };
    match below {
        None | Some("" | ".") => ".".to_owned(),
        Some(below) => format!("./{below}"),
    }
}

fn join(root: &str, path: &str) -> String {
    if path == "." || path.is_empty() { root.to_owned() } else { format!("{root}/{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(module: &str, path: &str, platform: Platform, expected: &str) {
        let setup = GoSetup {
            go: "go".into(),
            source: "/s".into(),
            module: module.into(),
            path: path.into(),
            out: "/o/x".into(),
            vendored: false,
            ldflags: String::new(),
            tags: Vec::new(),
            stamped: false,
            env: BTreeMap::from([("CGO_ENABLED".into(), "1".into())]),
        };
        assert_eq!(go_command(&setup, platform).shell_line(), expected);
    }

    #[test]
    fn a_main_package_is_built_from_its_module_static_and_trimmed() {
        let line = |dir: &str, os: &str, arch: &str, package: &str| {
            format!(
                "(cd {dir} && env CGO_ENABLED=0 GOARCH={arch} GOENV=off GOFLAGS=-mod=readonly \
                 GOOS={os} GOTOOLCHAIN=local go build -trimpath -buildvcs=false \
                 '-ldflags=-s -w' -o /o/x {package})"
            )
        };
        let linux = Platform::LinuxArm64;
        check(
            "servers/time",
            "servers/time",
            linux,
            &line("/s/servers/time", "linux", "arm64", "."),
        );
        let windows = line("/s", "windows", "amd64", "./cmd/x");
        check(".", "cmd/x", Platform::WindowsAmd64, &windows);
        check("a", "a/cmd/x", Platform::DarwinArm64, &line("/s/a", "darwin", "arm64", "./cmd/x"));
        check(".", ".", Platform::DarwinAmd64, &line("/s", "darwin", "amd64", "."));
    }

    #[test]
    fn flags_and_tags_are_passed_on_and_a_repository_is_read() {
        let setup = GoSetup {
            go: "go".into(),
            source: "/s".into(),
            module: ".".into(),
            path: ".".into(),
            out: "/o/x".into(),
            vendored: false,
            ldflags: "-X 'main.name=My tool'".into(),
            tags: vec!["a".into(), "b".into()],
            stamped: true,
            env: BTreeMap::new(),
        };
        assert_eq!(
            go_command(&setup, Platform::LinuxAmd64).args,
            [
                "build",
                "-trimpath",
                "-buildvcs=true",
                "-ldflags=-s -w -X 'main.name=My tool'",
                "-tags=a,b",
                "-o",
                "/o/x",
                ".",
            ]
        );
    }
}
