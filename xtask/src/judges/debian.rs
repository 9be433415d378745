//! Judges from Debian: downloaded by apt into state of our own, unpacked, never installed.
//!
//! No maintainer script runs, so no service starts and nothing system-wide changes; no root is
//! needed. The address of the mirror is taken from the machine's own apt sources, and apt checks
//! signatures and hashes as always. What Debian's release lacks comes from its newest suite, where
//! .debs vanish: so newest, with a floor, and Go's proxy as fallback.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Shelf, golang};
use crate::{Failure, workspace};

/// From the machine's own release: package, and the programs in it that we ask for.
const RELEASE: &[(&str, &[&str])] = &[
    ("docker-registry", &["usr/bin/docker-registry"]),
    ("file", &["usr/bin/file"]),
    ("gnupg", &["usr/bin/gpg", "usr/bin/gpgv"]),
    ("qemu-user-static", &["usr/bin/qemu-aarch64-static"]),
    ("runc", &["usr/sbin/runc"]),
    ("skopeo", &["usr/bin/skopeo"]),
    ("umoci", &["usr/bin/umoci"]),
];

/// For the full tier alone, since it is large: a browser that looks at the report.
const BROWSER: &[(&str, &[&str])] = &[("chromium", &["usr/lib/chromium/chromium"])];

/// For the full tier alone, since it is large: a container engine with buildx. From sid: package,
/// lowest version accepted, and its programs.
const ENGINE: &[(&str, &str, &[&str])] = &[
    // Its `docker-init` is a link into a package that it only recommends: `run --init` has no init.
    ("docker.io", "28", &["usr/sbin/dockerd", "usr/sbin/docker-proxy"]),
    ("docker-cli", "28", &["usr/bin/docker"]),
    ("docker-buildx", "0.20", &["usr/libexec/docker/cli-plugins/docker-buildx"]),
    ("containerd", "2", &["usr/bin/containerd", "usr/bin/containerd-shim-runc-v2"]),
];

/// Where unpacked packages keep their shared libraries.
const LIBRARIES: &[&str] = &[
    "usr/lib/x86_64-linux-gnu",
    "lib/x86_64-linux-gnu",
    "usr/lib/aarch64-linux-gnu",
    "usr/lib/x86_64-linux-gnu/pulseaudio",
];

/// From sid: package (and program in usr/bin), lowest version accepted, and the Go module and
/// version that stand in.
const NEWEST: &[(&str, &str, &str)] = &[
    ("cosign", "3.1", "github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3"),
    ("oras", "1.3", "oras.land/oras/cmd/oras@v1.3.3"),
    ("crane", "0.20", "github.com/google/go-containerregistry/cmd/crane@v0.22.1"),
];

/// The programs that come from the machine's release.
pub fn release_programs() -> Vec<&'static str> {
    names(RELEASE)
}

/// The programs of the full tier.
pub fn browser_programs() -> Vec<&'static str> {
    names(BROWSER)
}

/// The programs of the container engine.
pub fn engine_programs() -> Vec<&'static str> {
    ENGINE.iter().flat_map(|row| row.2).map(|program| last(program)).collect()
}

/// What is asked of sid for it.
pub fn engine_table() -> String {
    format!("{ENGINE:?}")
}

/// The programs that come from sid.
pub fn newest_programs() -> Vec<&'static str> {
    NEWEST.iter().map(|row| row.0).collect()
}

/// What is asked of the machine's release.
pub fn release_table() -> String {
    format!("{RELEASE:?}")
}

/// What is asked of it for the full tier.
pub fn browser_table() -> String {
    format!("{BROWSER:?}")
}

/// What is asked of sid.
pub fn newest_table() -> String {
    format!("{NEWEST:?}")
}

/// Downloads with all that they need and this machine lacks, and unpacks. A judge that is installed
/// already stays as it is.
pub fn fetch_release(shelf: &Shelf) -> Result<Vec<String>, Failure> {
    fetch(shelf, RELEASE)
}

/// The same for the full tier.
pub fn fetch_browser(shelf: &Shelf) -> Result<Vec<String>, Failure> {
    fetch(shelf, BROWSER)
}

fn fetch(shelf: &Shelf, rows: &[(&str, &[&str])]) -> Result<Vec<String>, Failure> {
    let apt = Apt::with_sources(&shelf.folder, &release_sources()?)?;
    let packages = rows.iter().map(|(package, _)| *package);
    let words = ["install", "--download-only", "--yes", "--no-install-recommends", "--quiet"];
    apt.run("apt-get", &words.into_iter().chain(packages).collect::<Vec<_>>())?;
    let root = shelf.folder.join("root");
    let mut versions = Vec::new();
    for deb in debs(&shelf.folder.join("cache/archives"))? {
        versions.push(unpack(&deb, &root)?);
    }
    drop_other_emulators(&root.join("usr/bin"))?;
    let assignments = assignments(shelf, &root)?;
    for program in rows.iter().flat_map(|(_, programs)| *programs) {
        let file = root.join(program);
        if file.is_file() {
            shelf.wrap(last(program), &file, &assignments)?;
        }
    }
    apt.clear()?;
    Ok(versions)
}

/// What an unpacked program must be told, since it does not stand where it was built for.
fn assignments(shelf: &Shelf, root: &Path) -> Result<String, Failure> {
    let libraries: Vec<String> =
        LIBRARIES.iter().map(|folder| root.join(folder).display().to_string()).collect();
    let mut told = format!("LD_LIBRARY_PATH='{}'", libraries.join(":"));
    let magic = root.join("usr/lib/file/magic.mgc");
    if magic.is_file() {
        told.push_str(&format!(" MAGIC='{}'", magic.display()));
    }
    let fonts = root.join("usr/share/fonts");
    if fonts.is_dir() {
        let (config, cache) = (shelf.folder.join("fonts.conf"), shelf.folder.join("fonts"));
        let text = format!(
            "<?xml version=\"1.0\"?>\n<fontconfig><dir>/usr/share/fonts</dir><dir>{}</dir>\
             <cachedir>{}</cachedir></fontconfig>\n",
            fonts.display(),
            cache.display()
        );
        fs::write(&config, text)?;
        told.push_str(&format!(" FONTCONFIG_FILE='{}'", config.display()));
    }
    Ok(told)
}

/// Downloads the newest .debs of sid; where that fails, builds the pinned versions through Go's
/// proxy.
pub fn fetch_newest(shelf: &Shelf) -> Result<Vec<String>, Failure> {
    let rows: Vec<(&str, &str)> = NEWEST.iter().map(|row| (row.0, row.1)).collect();
    let fetched = from_sid(shelf, &rows).and_then(|versions| {
        for (name, ..) in NEWEST {
            shelf.link(name, &shelf.folder.join("root/usr/bin").join(name))?;
        }
        Ok(versions)
    });
    fetched.or_else(|failure| {
        eprintln!("judges from sid: {failure}\nbuilding them with go instead (minutes)");
        let build = |row: &(&str, &str, &str)| golang::install(shelf, row.0, row.2);
        NEWEST.iter().map(build).collect()
    })
}

/// The container engine: the newest of sid.
pub fn fetch_engine(shelf: &Shelf) -> Result<Vec<String>, Failure> {
    let rows: Vec<(&str, &str)> = ENGINE.iter().map(|row| (row.0, row.1)).collect();
    let versions = from_sid(shelf, &rows)?;
    for program in ENGINE.iter().flat_map(|row| row.2) {
        shelf.link(last(program), &shelf.folder.join("root").join(program))?;
    }
    Ok(versions)
}

/// Downloads and unpacks the newest of each package, no older than its floor.
fn from_sid(shelf: &Shelf, rows: &[(&str, &str)]) -> Result<Vec<String>, Failure> {
    let apt = Apt::with_sources(&shelf.folder, &sid_source()?)?;
    let words: Vec<&str> = ["download"].into_iter().chain(rows.iter().map(|row| row.0)).collect();
    apt.run("apt-get", &words)?;
    let root = shelf.folder.join("root");
    let mut versions = Vec::new();
    for deb in debs(&shelf.folder)? {
        let told = unpack(&deb, &root)?;
        let (name, version) = told.split_once(' ').unwrap_or((&told, ""));
        let floor = rows.iter().find(|row| row.0 == name).map_or("", |row| row.1);
        if numbers(version) < numbers(floor) {
            return Err(format!("{name} {version} is older than {floor}").into());
        }
        versions.push(told);
    }
    apt.clear()?;
    Ok(versions)
}

/// apt with its state, lists and cache in a folder of ours.
struct Apt {
    folder: PathBuf,
}

impl Apt {
    fn with_sources(folder: &Path, sources: &str) -> Result<Self, Failure> {
        for made in ["state/lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(folder.join(made))?;
        }
        fs::write(folder.join("sources.list"), sources)?;
        let apt = Self { folder: folder.to_owned() };
        apt.run("apt-get", &["update", "--quiet"])?;
        Ok(apt)
    }

    /// Removes its lists and downloads, which nothing needs any more.
    fn clear(self) -> Result<(), Failure> {
        fs::remove_dir_all(self.folder.join("state"))?;
        Ok(fs::remove_dir_all(self.folder.join("cache"))?)
    }

    fn run(&self, program: &str, words: &[&str]) -> Result<String, Failure> {
        let here = |path: &str| self.folder.join(path).display().to_string();
        let options = [
            format!("Dir::State={}", here("state")),
            "Dir::State::status=/var/lib/dpkg/status".to_owned(),
            format!("Dir::Cache={}", here("cache")),
            format!("Dir::Etc::sourcelist={}", here("sources.list")),
            "Dir::Etc::sourceparts=/dev/null".to_owned(),
            // A mirror may lag behind; the hashes are still signed.
            "Acquire::Check-Valid-Until=false".to_owned(),
            "Acquire::Languages=none".to_owned(),
            "Acquire::Retries=3".to_owned(),
            // apt drops to a user that cannot write to our folders, and locks what we do not touch.
            "APT::Sandbox::User=".to_owned(),
            "Debug::NoLocking=true".to_owned(),
        ];
        let options = options.iter().flat_map(|option| ["-o", option]);
        let mut command = Command::new("/bin/sh");
        // The shell only changes folder: `apt-get download` writes to the current one.
        command.args(["-c", "cd \"$1\" && shift && exec \"$@\"", "sh", &here(""), program]);
        workspace::output_of(command.args(options).args(words))
    }
}

/// One-line sources of the machine's own Debian release, its updates and its security fixes.
fn release_sources() -> Result<String, Failure> {
    let codename = codename()?;
    let mine = |release: &str| release == codename || release.starts_with(&format!("{codename}-"));
    let lines: BTreeSet<String> = targets()?
        .iter()
        .filter(|target| mine(&target.release))
        .map(|target| format!("deb {} {} {}\n", target.address, target.release, target.component))
        .collect();
    Ok(lines.into_iter().collect())
}

/// The same mirror's newest suite.
fn sid_source() -> Result<String, Failure> {
    let codename = codename()?;
    let targets = targets()?;
    let own =
        targets.iter().find(|target| target.release == codename && target.component == "main");
    let own = own.ok_or("apt's sources name no Debian mirror")?;
    Ok(format!("deb {} sid main\n", own.address))
}

struct Target {
    address: String,
    release: String,
    component: String,
}

fn targets() -> Result<Vec<Target>, Failure> {
    let format = "$(REPO_URI) $(RELEASE) $(COMPONENT)";
    let words = ["indextargets", "--format", format, "Created-By: Packages"];
    let text = workspace::output("apt-get", &words)?;
    let target = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        Some(Target { address: words.next()?, release: words.next()?, component: words.next()? })
    };
    Ok(text.lines().filter_map(target).collect())
}

fn codename() -> Result<String, Failure> {
    let text = fs::read_to_string("/etc/os-release")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    line.map(|name| name.trim_matches('"').to_owned()).ok_or_else(|| "not a Debian release".into())
}

fn debs(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn names(rows: &[(&str, &[&'static str])]) -> Vec<&'static str> {
    rows.iter().flat_map(|(_, programs)| *programs).map(|program| last(program)).collect()
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Unpacks without running any script, removes the download and gives `NAME VERSION`.
fn unpack(deb: &Path, root: &Path) -> Result<String, Failure> {
    let (file, root) = (deb.display().to_string(), root.display().to_string());
    workspace::output("dpkg-deb", &["--extract", &file, &root])?;
    let told =
        workspace::output("dpkg-deb", &["--show", "--showformat=${Package} ${Version}", &file])?;
    fs::remove_file(deb)?;
    Ok(told)
}

/// The package brings an emulator for every machine there is: 300 MB, of which one is asked for.
fn drop_other_emulators(programs: &Path) -> Result<(), Failure> {
    if !programs.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(programs)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("qemu-") && name != "qemu-aarch64-static" {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// The leading numbers of a version, without Debian's epoch: `3.1.1-2` gives 3, 1, 1, 2.
fn numbers(version: &str) -> Vec<u64> {
    let upstream = version.split_once(':').map_or(version, |(_, rest)| rest);
    upstream.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_their_numbers() {
        let check = |lower: &str, higher: &str| assert!(numbers(lower) < numbers(higher));
        check("3.1", "3.1.1-2");
        check("0.20", "0.20.7+ds1-5");
        check("0.9.9", "0.20.0");
        check("2.9", "1:3.0");
    }
}
