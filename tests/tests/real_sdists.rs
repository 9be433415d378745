//! Source distributions that nobody here wrote: unpacked, `init`, `release --local`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use product_tests::judges::{self, Verdict};
use product_tests::scratch::Scratch;
use product_tests::{product, repository};
use serde_json::Value;

/// A file of the public index.
struct Sample {
    /// What pip calls it.
    requirement: &'static str,
    file: &'static str,
    sha256: &'static str,
}

const GATEWAY: Sample = Sample {
    requirement: "mcp-contextforge-gateway==1.0.7",
    file: "mcp_contextforge_gateway-1.0.7.tar.gz",
    sha256: "ee68d3fa609aa7b97da68ca22c9e89a8c5e61395cf9efbea1f0df8015fcc6b55",
};
const GATEWAY_WHEEL: Sample = Sample {
    file: "mcp_contextforge_gateway-1.0.7-py3-none-any.whl",
    sha256: "b8abf8c4bed9760d06c7ff395f6ffac12eff69f362013dc965cc9a5aec0892bb",
    ..GATEWAY
};
const PII_FILTER: Sample = Sample {
    requirement: "cpex-pii-filter==0.3.9",
    file: "cpex_pii_filter-0.3.9.tar.gz",
    sha256: "b051be2f033a7871b7a50894892fdfbdf3662bd64566ceb6db1a704c544cca87",
};

#[test]
fn the_gateways_wheel_has_the_members_of_the_published_one() {
    let tree = Tree::of(&GATEWAY);
    let only = ["--package", "mcp-contextforge-gateway", "--format", "pypi"];
    let manifest = tree.release(&only, 0);
    let [wheel, sdist]: [PathBuf; 2] = tree.artifacts(&manifest).try_into().unwrap();
    assert!(sdist.ends_with(GATEWAY.file));
    let published = GATEWAY_WHEEL.fetch();
    let differing = python(DIFFERING_MEMBERS, &[&wheel, &published]);
    let info = "mcp_contextforge_gateway-1.0.7.dist-info";
    assert_eq!(differing, format!("{info}/RECORD\n{info}/WHEEL\n"));
    twine(&manifest, &[wheel, sdist]);
}

#[test]
fn the_pii_filters_lock_is_pruned_and_told() {
    let tree = Tree::of(&PII_FILTER);
    let manifest = tree.release(&["--platform", "linux-amd64"], 0);
    pii_filter(&tree, &manifest, "x86_64");
}

#[test]
#[ignore = "slow build: 1 min, compiles for another architecture"]
fn the_pii_filter_is_built_for_arm64() {
    let tree = Tree::of(&PII_FILTER);
    let manifest = tree.release(&["--platform", "linux-arm64"], 0);
    pii_filter(&tree, &manifest, "aarch64");
}

#[test]
#[ignore = "slow build: 3 min, compiles a large program for two architectures"]
fn the_gateways_wrapper_is_built_for_both_linuxes() {
    let tree = Tree::of(&GATEWAY);
    let only = ["--package=mcp_stdio_wrapper", "--platform=linux-amd64", "--platform=linux-arm64"];
    let manifest = tree.release(&only, 0);
    let files = tree.artifacts(&manifest);
    assert_eq!(files.len(), 2, "{files:?}");
    for (file, words) in files.iter().zip(["x86-64", "ARM aarch64"]) {
        if let Some(verdict) = judges::run("file", &["--brief".as_ref(), file.as_os_str()]) {
            let told = verdict.accepted().stdout;
            assert!(told.contains(words) && told.contains("static"), "{told}");
        }
    }
}

#[test]
#[ignore = "slow build: 2 min, compiles a large program that cannot be linked"]
fn a_missing_framework_of_macos_is_refused_with_the_linkers_words() {
    let tree = Tree::of(&GATEWAY);
    let only = ["--package=mcp_stdio_wrapper", "--platform=darwin-arm64"];
    let verdict = tree.try_release(&only);
    assert_eq!(verdict.code, 3, "{}", verdict.told());
    let check = |words: &str| {
        let framework = words.contains("unable to find") && words.contains("framework");
        assert!(framework, "{words}");
        let machine = [repository::cache(), tree.root.clone()];
        for folder in machine {
            assert!(!words.contains(folder.to_str().unwrap()), "{words}");
        }
    };
    check(&verdict.stderr);
    assert!(verdict.stderr.contains("help: mend it, or leave it out with `--allow-missing`"));
    assert!(!tree.root.join("dist").exists(), "a failed release left a `dist/`");

    let manifest = tree.release(&[&only[..], &["--allow-missing"]].concat(), 0);
    let unit = &manifest["units"][0];
    assert_eq!(unit["status"], "failed");
    let reason = unit["reason"].as_str().unwrap();
    check(reason);
    assert!(reason.lines().count() <= 13, "{reason}");
}

/// A wheel and an sdist, both told to be made with a pruned lock; pip takes the wheel where it is
/// for this machine.
fn pii_filter(tree: &Tree, manifest: &Value, machine: &str) {
    let [wheel, sdist]: [PathBuf; 2] = tree.artifacts(manifest).try_into().unwrap();
    let name = wheel.file_name().unwrap().to_str().unwrap();
    let tag = format!("manylinux_2_17_{machine}");
    assert!(name.starts_with("cpex_pii_filter-0.3.9-cp311-abi3-"), "{name}");
    assert!(name.contains(&tag), "{name}");
    for artifact in manifest["artifacts"].as_array().unwrap() {
        let notes = artifact["notes"].to_string();
        assert!(notes.contains("Cargo.lock was pruned: 126 packages dropped"), "{notes}");
    }
    let here = cfg!(target_arch = "x86_64") == (machine == "x86_64");
    if here {
        let target = tree.work.join("installed");
        let words = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target"];
        let mut pip = Command::new("python3");
        Verdict::of(pip.args(words).arg(target).arg(&wheel)).accepted();
    }
    twine(manifest, &[wheel, sdist]);
}

/// What twine finds wrong must be told by the manifest as well: as what an index would refuse, or
/// as a warning.
fn twine(manifest: &Value, files: &[PathBuf]) {
    for file in files {
        let words = ["check".as_ref(), "--strict".as_ref(), file.as_os_str()];
        let Some(verdict) = judges::run("twine", &words) else { return };
        let name = file.file_name().unwrap().to_str().unwrap();
        let artifacts = manifest["artifacts"].as_array().unwrap();
        let artifact = artifacts.iter().find(|one| one["path"].as_str().unwrap().ends_with(name));
        let notes = artifact.unwrap()["notes"].as_array().unwrap();
        let findings = notes.iter().filter(|note| {
            let note = note.as_str().unwrap();
            note.starts_with("the index would refuse it: ") || note.contains("metadata-")
        });
        assert!(verdict.code == 0 || findings.count() > 0, "{notes:?}\n{}", verdict.told());
    }
}

/// An unpacked sample with the configuration that `init` proposes.
struct Tree {
    root: PathBuf,
    work: Scratch,
}

impl Tree {
    fn of(sample: &Sample) -> Self {
        let work = Scratch::new("sdist").unwrap();
        let mut tar = Command::new("tar");
        let tar = tar.args(["--extract", "--file"]).arg(sample.fetch());
        Verdict::of(tar.arg("--directory").arg(work.path())).accepted();
        let root = work.join(sample.file.strip_suffix(".tar.gz").unwrap());
        product::run(&["init".as_ref(), root.as_os_str()]).accepted();
        Self { root: root.canonicalize().unwrap(), work }
    }

    fn try_release(&self, flags: &[&str]) -> Verdict {
        let mut command = product::command();
        Verdict::of(command.args(["release", "--local"]).args(flags).arg(&self.root))
    }

    fn release(&self, flags: &[&str], code: i32) -> Value {
        let verdict = self.try_release(flags);
        assert_eq!(verdict.code, code, "{}", verdict.told());
        product::run(&["verify".as_ref(), self.root.join("dist").as_os_str()]).accepted();
        let text = fs::read_to_string(self.root.join("dist/release.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn artifacts(&self, manifest: &Value) -> Vec<PathBuf> {
        let dist = self.root.join("dist");
        let artifacts = manifest["artifacts"].as_array().unwrap();
        artifacts.iter().map(|one| dist.join(one["path"].as_str().unwrap())).collect()
    }
}

impl Sample {
    /// The file, downloaded once and checked each time.
    fn fetch(&self) -> PathBuf {
        let kept = repository::cache().join("samples").join(self.file);
        if !self.is_at(&kept) {
            let work = Scratch::new("sample").unwrap();
            self.download(work.path());
            let fresh = work.join(self.file);
            assert!(self.is_at(&fresh), "`{}` has another sha256", fresh.display());
            fs::create_dir_all(kept.parent().unwrap()).unwrap();
            let beside = kept.with_extension(std::process::id().to_string());
            fs::copy(&fresh, &beside).unwrap();
            fs::rename(&beside, &kept).unwrap();
        }
        kept
    }

    fn download(&self, folder: &Path) {
        let list = folder.join("requirements.txt");
        fs::write(&list, format!("{} --hash=sha256:{}\n", self.requirement, self.sha256)).unwrap();
        let kind = if self.file.ends_with(".whl") { "--only-binary" } else { "--no-binary" };
        // Of this package alone: pip may take wheels of what builds its metadata.
        let (name, _) = self.requirement.split_once("==").unwrap();
        let words = ["-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"];
        let mut pip = Command::new("python3");
        let pip = pip.args(words).args([kind, name, "--dest"]).arg(folder).arg("--requirement");
        Verdict::of(pip.arg(&list).stdin(Stdio::null())).accepted();
    }

    fn is_at(&self, path: &Path) -> bool {
        let sum = |path| Verdict::of(Command::new("sha256sum").arg(path)).accepted().stdout;
        path.is_file() && sum(path).starts_with(self.sha256)
    }
}

/// Prints the names of members that two zip archives do not share byte for byte.
const DIFFERING_MEMBERS: &str = "import sys, zipfile
def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
first, second = map(members, sys.argv[1:])
for name in sorted(first.keys() | second.keys()):
    if first.get(name) != second.get(name):
        print(name)
";

fn python(program: &str, files: &[&Path]) -> String {
    Verdict::of(Command::new("python3").args(["-c", program]).args(files)).accepted().stdout
}
