//! The container engine of the machine, which is never fetched. Its client is `docker` with buildx;
//! what counts is whether its daemon answers.

use std::path::{Path, PathBuf};

use model::Invocation;

use crate::environment::search_path;
use crate::host::{find_on_path, is_executable};
use crate::run::{RunError, RunOptions, run};

/// A client whose daemon answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engine {
    /// The client.
    pub program: PathBuf,
    /// The version that the daemon reports.
    pub version: String,
    /// The version that buildx reports; empty if it reports none.
    pub buildx: String,
    /// The builder to use if the selected one cannot write OCI layouts.
    pub builder: Option<&'static str>,
}

/// Our own builder, created if the engine's cannot write OCI layouts, which it refuses without
/// containerd's image store. It is kept, with its cache, until `docker buildx rm package-actions`.
const BUILDER: &str = "package-actions";

/// Finds the engine whose client is `named` or on `PATH`, and asks its daemon.
///
/// # Errors
/// Why there is no usable engine, in its own words.
pub fn find_engine(named: Option<&Path>) -> Result<Engine, String> {
    let program = match named {
        Some(path) => std::path::absolute(path).ok().filter(|path| is_executable(path)),
        None => find_on_path("docker", &search_path(&[])),
    };
    let Some(program) = program else {
        return Err(named.map_or_else(
            || "there is no `docker` on this machine".to_owned(),
            |path| {
                format!("`{}`, named by `--tool docker=…`, is not an executable", path.display())
            },
        ));
    };
    let ask = |args: &[&str]| ask(&program, args);
    let version = ask(&["version", "--format", "{{.Server.Version}}"])
        .map_err(|words| format!("the container engine does not answer: {words}"))?;
    let buildx =
        ask(&["buildx", "version"]).map_err(|words| format!("`docker` has no buildx: {words}"))?;
    // `github.com/docker/buildx v0.29.1 COMMIT`
    let buildx = buildx.split_whitespace().nth(1).unwrap_or_default().trim_start_matches('v');
    let buildx = buildx.to_owned();
    let builder = if writes_layouts(&program)? { None } else { Some(own_builder(&program)?) };
    Ok(Engine { program, version, buildx, builder })
}

fn ask(program: &Path, args: &[&str]) -> Result<String, String> {
    let question = Invocation::new(program.to_string_lossy(), args.iter().copied());
    let mut options = RunOptions { engine: true, network: true, ..RunOptions::default() };
    let answer = run(&question, &mut options).map_err(|error| words(&error))?;
    Ok(String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}

/// Whether the selected builder writes OCI layouts: only that of an engine without containerd's
/// image store does not.
fn writes_layouts(program: &Path) -> Result<bool, String> {
    let about = ask(program, &["buildx", "inspect"])
        .map_err(|words| format!("buildx has no builder: {words}"))?;
    let driver = about.lines().find_map(|line| line.strip_prefix("Driver:"));
    if driver.is_none_or(|driver| driver.trim() != "docker") {
        return Ok(true);
    }
    let store = ask(program, &["info", "--format", "{{json .DriverStatus}}"])
        .map_err(|words| format!("the container engine does not answer: {words}"))?;
    Ok(store.contains("io.containerd.snapshotter"))
}

fn own_builder(program: &Path) -> Result<&'static str, String> {
    if ask(program, &["buildx", "inspect", BUILDER]).is_ok() {
        return Ok(BUILDER);
    }
    let create = ["buildx", "create", "--name", BUILDER, "--driver", "docker-container"];
    match ask(program, &create) {
        Ok(_) => Ok(BUILDER),
        // Another run may have created it in the meantime.
        Err(_) if ask(program, &["buildx", "inspect", BUILDER]).is_ok() => Ok(BUILDER),
        Err(words) => Err(format!("the engine has no builder that writes OCI layouts: {words}")),
    }
}

/// The last line that the client printed.
fn words(error: &RunError) -> String {
    let last = match error {
        RunError::Failed { tail, .. } => tail.lines().rfind(|line| !line.trim().is_empty()),
        _ => None,
    };
    last.map_or_else(|| error.to_string(), |line| line.trim().chars().take(300).collect())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// What is found for a client that runs `script`.
    fn check(script: &str, expected: Result<(&str, &str, Option<&str>), &str>) {
        let folder = std::env::temp_dir().join(format!("engine-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join("docker");
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let found = find_engine(Some(&program));
        let found = found.as_ref().map(|it| (&*it.version, &*it.buildx, it.builder));
        assert_eq!(found.map_err(String::as_str), expected, "{script}");
    }

    #[test]
    fn an_engine_is_there_when_its_daemon_and_buildx_answer() {
        // A driver, the status of the image store, and whether our builder exists or can be
        // created.
        let client = |driver: &str, store: &str, there: &str, made: &str| {
            format!(
                "case \"$*\" in version*) echo 28.5.2;;\n\
                 'buildx version') echo buildx v0.29.1 abc;;\n\
                 'buildx inspect') echo 'Name: x'; echo 'Driver:  {driver}';;\n\
                 info*) echo {store};;\n\
                 'buildx inspect package-actions') {there};; *create*docker-container) {made};;\n\
                 *) exit 9;; esac"
            )
        };
        let store = "io.containerd.snapshotter.v1";
        let good = |builder| Ok(("28.5.2", "0.29.1", builder));
        check(&client("docker", store, "exit 1", "exit 1"), good(None));
        check(&client("docker-container", "overlay2", "exit 1", "exit 1"), good(None));
        check(&client("docker", "overlay2", "true", "exit 1"), good(Some("package-actions")));
        check(&client("docker", "overlay2", "exit 1", "true"), good(Some("package-actions")));
        let no = "the engine has no builder that writes OCI layouts: no";
        check(&client("docker", "overlay2", "exit 1", "echo no >&2; exit 1"), Err(no));
        let silent = "echo; echo 'Cannot connect to the Docker daemon at unix:///x.' >&2; exit 1";
        let why = "the container engine does not answer: \
                   Cannot connect to the Docker daemon at unix:///x.";
        check(silent, Err(why));
        let old =
            "[ $1 = version ] && echo 20 || { echo \"docker: 'buildx' is not\" >&2; exit 1; }";
        check(old, Err("`docker` has no buildx: docker: 'buildx' is not"));
        let missing = find_engine(Some(Path::new("/nowhere/docker"))).unwrap_err();
        assert_eq!(missing, "`/nowhere/docker`, named by `--tool docker=…`, is not an executable");
    }
}
