//! A plan that is built in legs, each in a place of its own, and put together by someone who has no
//! sources: the same release as from a single job, or a refusal that names what was replaced.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use model::Digest;
use product_tests::judges::Verdict;
use product_tests::product;
use product_tests::sample::{Sample, WANTED};
use product_tests::scratch::Scratch;
use serde_json::Value;

/// Legs of the sample release's plan: its server with images, its meta package, its chart.
const LEGS: usize = 3;

/// Legs that were built, and lost their modes on the way here.
struct Built {
    work: Scratch,
    plan: String,
    records: Vec<String>,
}

impl Built {
    fn new() -> Self {
        let work = Scratch::new("legs").unwrap();
        let sample = Sample::write("127.0.0.1:5000", "hello");
        let plan = plan(&sample);
        let mut records = Vec::new();
        for leg in 1..=LEGS {
            // Another machine: other folders, the same sources.
            let sample = Sample::write("127.0.0.1:5000", "hello");
            let told = build(&sample, leg, &plan).accepted();
            records.push(told.stdout.trim().to_owned());
            let from = Path::new(sample.folder()).join("dist");
            copy(&from, &work.join(format!("came/leg-{leg}")));
        }
        Self { work, plan, records }
    }

    fn leg(&self, leg: usize, file: &str) -> PathBuf {
        self.work.join(format!("came/leg-{leg}/{file}"))
    }

    /// Seals them in a folder that holds nothing else.
    fn seal(&self, records: &[String]) -> Verdict {
        let _ = fs::create_dir(self.work.join("sealed"));
        let mut command = product::command();
        command.arg("seal").arg(self.work.join("sealed")).args(["--sign", "none", "--legs"]);
        command.arg(self.work.join("came")).args(["--plan", &self.plan]);
        command.args(records.iter().flat_map(|record| ["--record", record]));
        Verdict::of(&mut command)
    }

    /// Refused with this code, naming these, and with nothing left behind.
    fn refused(&self, code: &str, named: &[&str]) {
        let told = self.seal(&self.records).refused();
        assert_eq!(told.code, 1, "{}", told.told());
        for word in [&format!("error[{code}]") as &str].iter().chain(named) {
            assert!(told.stderr.contains(word), "no `{word}` in:\n{}", told.told());
        }
        let left: Vec<_> = fs::read_dir(self.work.join("sealed")).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

fn plan(sample: &Sample) -> String {
    let words = ["plan", sample.folder(), "--output", "json", "--max-legs", "3"];
    let told = product::run(&[&words[..], &WANTED[..]].concat()).accepted();
    let plan: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(plan["plan"]["legs"].as_array().unwrap().len(), LEGS);
    plan["digest"].as_str().unwrap().to_owned()
}

fn build(sample: &Sample, leg: usize, plan: &str) -> Verdict {
    let leg = leg.to_string();
    let words = ["build", sample.folder(), "--offline", "--max-legs", "3", "--plan", plan];
    product::run(&[&words[..], &["--leg", &leg], &WANTED[..]].concat())
}

/// Copies a folder as an artifact travels: without modes.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
            fs::set_permissions(&target, fs::Permissions::from_mode(0o644)).unwrap();
        }
    }
}

/// Every file's bytes and whether it may be run.
fn files(folder: &Path) -> BTreeMap<PathBuf, (Digest, bool)> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let digest = Digest::of(&fs::read(&path).unwrap());
            let runs = fs::metadata(&path).unwrap().permissions().mode() & 0o111 != 0;
            found.insert(path.strip_prefix(folder).unwrap().to_owned(), (digest, runs));
        }
    }
    found
}

#[test]
fn legs_make_the_very_release_of_a_single_job() {
    let built = Built::new();
    built.seal(&built.records).accepted();
    let dist = built.work.join("sealed/dist");
    product::run(&["verify", dist.to_str().unwrap()]).accepted();

    let sample = Sample::write("127.0.0.1:5000", "hello");
    let words = ["build", sample.folder(), "--offline", "--max-legs", "3", "--plan", &built.plan];
    product::run(&[&words[..], &WANTED[..]].concat()).accepted();
    product::run(&["seal", sample.folder(), "--sign", "none"]).accepted();
    let single = files(&Path::new(sample.folder()).join("dist"));
    assert_eq!(files(&dist), single);
    assert!(single.len() > 30 && !single.contains_key(Path::new("build.json")));

    let manifest = fs::read_to_string(dist.join("release.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["release"]["notes"], "- It says hello.");
}

#[test]
fn whatever_was_replaced_on_the_way_is_named() {
    let built = Built::new();
    let binary = "binary/small-server-linux-amd64";
    let server = (1..=LEGS).find(|leg| built.leg(*leg, binary).is_file()).unwrap();
    let leg = format!("leg {server}");
    let file = built.leg(server, binary);
    let good = fs::read(&file).unwrap();

    let mut bad = good.clone();
    *bad.last_mut().unwrap() ^= 1;
    fs::write(&file, &bad).unwrap();
    built.refused("leg-replaced", &[&leg, binary, &Digest::of(&bad).to_string()]);
    fs::write(&file, &good[1..]).unwrap();
    built.refused("leg-replaced", &[&leg, binary]);
    fs::remove_file(&file).unwrap();
    built.refused("leg-replaced", &[&leg, binary]);
    std::os::unix::fs::symlink("/bin/true", &file).unwrap();
    built.refused("leg-replaced", &[&leg, binary]);
    fs::remove_file(&file).unwrap();
    fs::write(&file, &good).unwrap();

    let extra = built.leg(server, "binary/added");
    fs::write(&extra, "x").unwrap();
    built.refused("leg-replaced", &[&leg, "binary/added"]);
    fs::remove_file(&extra).unwrap();

    let record = built.leg(server, "build.json");
    let text = fs::read_to_string(&record).unwrap();
    fs::write(&record, format!("{text} ")).unwrap();
    built.refused("leg-replaced", &[&format!("leg-{server}/build.json")]);
    fs::remove_file(&record).unwrap();
    built.refused("leg-missing", &[&leg]);
    fs::write(&record, text).unwrap();

    fs::create_dir(built.leg(9, "")).unwrap();
    built.refused("leg-unknown", &["leg-9"]);
    fs::remove_dir(built.leg(9, "")).unwrap();
    built.seal(&built.records).accepted();
}

#[test]
fn a_leg_that_failed_cannot_be_left_out() {
    let built = Built::new();
    let told = built.seal(&built.records[..2]).refused();
    assert!(told.stderr.contains("leg-3"), "{}", told.told());
    fs::remove_dir_all(built.leg(3, "")).unwrap();
    let told = built.seal(&built.records[..2]).refused();
    let words = "error[leg-missing]: leg 3 of 3 is not there";
    assert!(told.code == 1 && told.stderr.contains(words), "{}", told.told());
    let twice = [&built.records[..], &built.records[..1]].concat();
    assert_eq!(built.seal(&twice).refused().code, 2);
}

#[test]
fn a_build_whose_plan_changed_stops_before_anything_runs() {
    let sample = Sample::write("127.0.0.1:5000", "hello");
    let planned = plan(&sample);
    let toml = Path::new(sample.folder()).join("package-actions.toml");
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, text.replace("Says hello", "Says something else")).unwrap();
    let told = build(&sample, 1, &planned).refused();
    assert!(told.code == 1 && told.stderr.contains("error[plan-changed]"), "{}", told.told());
    assert!(told.stderr.contains(&planned) && !told.stderr.contains("tools"), "{}", told.told());

    let told = build(&sample, 4, &plan(&sample)).refused();
    assert!(told.code == 2 && told.stderr.contains("error[leg-unknown]"), "{}", told.told());
}

#[test]
fn another_release_than_the_sealed_one_is_not_published() {
    let sample = Sample::build("127.0.0.1:5000", "hello");
    let dist = sample.dist();
    let dist = dist.to_str().unwrap();
    let other = Digest::of(b"another").to_string();
    let told = product::run(&["publish", dist, "--manifest", &other]).refused();
    assert!(told.code == 1 && told.stderr.contains("error[manifest-other]"), "{}", told.told());
    let told = product::run(&["sign", dist, "--manifest", &other]).refused();
    assert!(told.code == 1 && told.stderr.contains("error[manifest-other]"), "{}", told.told());
    let same = Digest::of(&fs::read(sample.dist().join("release.json")).unwrap()).to_string();
    product::run(&["sign", dist, "--manifest", &same]).accepted();
    product::run(&["verify", dist]).accepted();
}

#[test]
fn what_is_not_what_was_sealed_gets_no_signature() {
    let sample = Sample::build("127.0.0.1:5000", "hello");
    let dist = sample.dist();
    for path in ["github/checksums.txt", "provenance/release.intoto.json", "release.json"] {
        let was = fs::read(dist.join(path)).unwrap();
        let mut other = was.clone();
        other.extend(b" ");
        fs::write(dist.join(path), other).unwrap();
        let told = product::run(&["sign", dist.to_str().unwrap()]).refused();
        let code = if path == "release.json" { "manifest-rendering" } else { "sign-changed" };
        let said = told.stderr.contains(&format!("error[{code}]")) && told.stderr.contains(path);
        assert!(told.code == 1 && said, "{path}: {}", told.told());
        fs::write(dist.join(path), was).unwrap();
    }
    product::run(&["sign", dist.to_str().unwrap()]).accepted();
    product::run(&["verify", dist.to_str().unwrap()]).accepted();
}

#[test]
fn a_key_in_a_variable_signs_and_no_child_sees_it() {
    let sample = Sample::write("127.0.0.1:5000", "hello");
    let work = Scratch::new("variable").unwrap();
    let key = work.join("key.pem");
    let words = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out"];
    let made = std::process::Command::new("openssl").args(words).arg(&key).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    // A git that tells what it was given, so that the tree's own filters and hooks could.
    let (seen, git) = (work.join("seen"), work.join("git"));
    let script = format!("#!/bin/sh\nenv >> '{}'\nexit 1\n", seen.display());
    fs::write(&git, script).unwrap();
    fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir(Path::new(sample.folder()).join(".git")).unwrap();
    let path = format!("{}:{}", work.path().display(), std::env::var("PATH").unwrap());
    let run = |folder: &str, name: &str| {
        let mut command = product::command();
        command.args(["release", "--local", folder, "--offline", "--sign", "env:OUR_KEY"]);
        command.args(WANTED).env(name, fs::read_to_string(&key).unwrap()).env("PATH", &path);
        Verdict::of(&mut command)
    };
    let told = run(sample.folder(), "OUR_KEY").refused();
    assert!(told.stderr.contains("git-failed"), "{}", told.told());
    let seen = fs::read_to_string(&seen).unwrap();
    assert!(seen.contains("PATH=") && !seen.contains("PRIVATE KEY"), "{seen}");

    fs::remove_dir(Path::new(sample.folder()).join(".git")).unwrap();
    let told = run(sample.folder(), "ANOTHER").refused();
    assert!(told.stderr.contains("`OUR_KEY` is not set, or empty"), "{}", told.told());
    run(sample.folder(), "OUR_KEY").accepted();
    let manifest = fs::read_to_string(sample.dist().join("release.json")).unwrap();
    assert!(manifest.contains("\"signing\": \"key\""), "{manifest}");
    product::run(&["verify", sample.dist().to_str().unwrap()]).accepted();
}
