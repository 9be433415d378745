//! The whole example, published: into real servers, killed 200 times, and with every class of
//! request going wrong.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use forge::{Fault, Forge, Kind, On, Service, Setup};
use product_tests::judges::{self, Index, Registry, Verdict};
use product_tests::scratch::Scratch;
use product_tests::whole::{REPOSITORY, Whole, fates};

use super::fixture::{Seen, seen};

/// Runs that are killed.
const KILLS: u64 = 200;

/// Every class of request that a publication makes: method and part of the path.
const CLASSES: &[(&str, &str)] = &[
    ("GET", "/v2/"),
    ("HEAD", "/blobs/"),
    ("POST", "/blobs/uploads"),
    ("PUT", "/blobs/uploads"),
    ("HEAD", "/manifests/"),
    ("GET", "/manifests/"),
    ("PUT", "/manifests/"),
    ("GET", "/simple/"),
    ("POST", "/legacy/"),
    ("GET", "/releases"),
    ("POST", "/releases"),
    ("PATCH", "/releases/"),
    ("POST", "/assets"),
];

/// What goes wrong with one of each class.
const FAULTS: &[(&str, Kind)] = &[
    ("request cut after 100 bytes", Kind::DropRequest(100)),
    ("answer lost", Kind::DropResponse(0)),
    ("500, but done", Kind::StatusAfter(500)),
    ("503, not done", Kind::Status(503)),
];

#[test]
#[ignore = "slow publish: builds the whole example, sends it to docker-registry and pypiserver"]
fn the_whole_example_reaches_a_registry_an_index_and_a_release() {
    let Some(registry) = Registry::start() else { return };
    check(&registry, "the_whole_example_reaches_a_registry_an_index_and_a_release");
}

#[test]
#[ignore = "slow publish: builds the whole example, sends it to a registry with referrers"]
fn the_whole_example_reaches_a_registry_with_the_referrers_api() {
    let Some(registry) = Registry::with_referrers() else { return };
    check(&registry, "the_whole_example_reaches_a_registry_with_the_referrers_api");
}

#[test]
#[ignore = "slow publish: builds the whole example and publishes it some 500 times"]
fn two_hundred_kills_and_a_fault_of_each_class_leave_nothing_half_once_it_is_run_again() {
    let forge = Forge::start(Setup::default()).unwrap();
    let test =
        "two_hundred_kills_and_a_fault_of_each_class_leave_nothing_half_once_it_is_run_again";
    let Some(whole) = Whole::build(test, &forge.host(Service::Registry)) else { return };
    let stage = Stage { forge, whole };
    let (expected, requests) = stage.undisturbed();
    println!("{requests} requests; {} packages in the index", expected.packages.len());
    stage.kill(&expected, requests);
    stage.spoil(&expected);
}

/// The services and what is published to it.
struct Stage {
    forge: Forge,
    whole: Whole,
}

impl Stage {
    fn command(&self) -> Command {
        let mut command = self.whole.publish();
        let index = self.forge.url(Service::Index);
        command.args(["--publish-url", &format!("{index}/legacy/")]);
        command.args(["--check-url", &format!("{index}/simple/")]);
        command.env("GITHUB_API_URL", self.forge.url(Service::Api));
        command.env("GITHUB_TOKEN", "a-token").env("UV_PUBLISH_TOKEN", "a-token");
        command
    }

    fn reset(&self) {
        self.forge.disarm();
        self.forge.change(|state| *state = forge::State::default());
        self.forge.clear_log();
    }

    /// What one run leaves, and how many requests it takes. A second one writes nothing.
    fn undisturbed(&self) -> (Seen, u64) {
        let first = fates(&mut self.command());
        assert_eq!(first.keys().collect::<Vec<_>>(), ["written"], "{first:?}");
        let (expected, requests) = (seen(&self.forge, REPOSITORY), self.forge.count());
        assert_eq!((expected.releases.len(), expected.drafts), (1, 0));
        self.forge.clear_log();
        let second = fates(&mut self.command());
        assert_eq!(second.keys().collect::<Vec<_>>(), ["already-there"], "{second:?}");
        assert_eq!(self.forge.writes(), [], "a second run writes");
        (expected, requests)
    }

    /// Kills runs with SIGKILL, each after a later request.
    fn kill(&self, expected: &Seen, requests: u64) {
        let mut killed = 0;
        for number in 0..KILLS {
            self.reset();
            let after = number * requests / KILLS;
            let mut command = self.command();
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            while child.try_wait().unwrap().is_none() && self.forge.count() < after {
                std::thread::yield_now();
            }
            let below = below(child.id());
            killed += u64::from(end(&mut child));
            for process in below {
                assert!(is_gone(process), "kill {number}: process {process} lives on");
            }
            self.run_again(expected, &format!("killed after request {after}"));
        }
        println!("{killed} of {KILLS} runs died of SIGKILL; all ended equal when run again");
        assert!(killed > KILLS * 9 / 10, "only {killed} runs died: the others had ended before");
    }

    /// One fault a class of request, in the middle of its kind.
    fn spoil(&self, expected: &Seen) {
        let mut outcomes: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
        for (method, part) in CLASSES {
            self.reset();
            fates(&mut self.command());
            let of_class =
                |entry: &&forge::Entry| entry.method == *method && entry.path.contains(part);
            let count = self.forge.log().iter().filter(of_class).count() as u64;
            assert!(count > 0, "no request is {method} {part}");
            for (name, kind) in FAULTS {
                self.reset();
                let on = On::containing(method, part);
                let fault = Fault::once(on, kind.clone()).after(count / 2);
                let fault = self.forge.inject(fault);
                let outcome = Verdict::of(&mut self.command());
                let shown = format!("{name} at {method} {part}");
                assert_eq!(self.forge.fired(fault), 1, "{shown}: was not hit");
                outcomes.entry(name).or_default()[usize::from(outcome.code != 0)] += 1;
                self.run_again(expected, &shown);
            }
        }
        for (name, [went_on, stopped]) in outcomes {
            println!("{name:<28} {stopped:>3} runs stopped, {went_on:>3} went on; all ended equal");
        }
    }

    fn run_again(&self, expected: &Seen, shown: &str) {
        self.forge.disarm();
        let again = Verdict::of(&mut self.command());
        assert_eq!(again.code, 0, "{shown}: {}", again.stderr);
        assert_eq!(seen(&self.forge, REPOSITORY), *expected, "{shown}");
    }
}

/// Whether it still ran when SIGKILL came.
fn end(child: &mut Child) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    // Fails where it has ended by itself.
    let _ = child.kill();
    child.wait().unwrap().signal().is_some()
}

/// The processes below one.
fn below(process: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let children = tasks.flat_map(|task| {
        let text = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
        text.split_whitespace().filter_map(|word| word.parse().ok()).collect::<Vec<u32>>()
    });
    children.flat_map(|child| std::iter::once(child).chain(below(child))).collect()
}

/// Whether a process has ended, or does within a while.
fn is_gone(process: u32) -> bool {
    (0..1_000_000).any(|_| {
        std::thread::yield_now();
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
        // A dead one that nobody has asked about yet is a zombie.
        stat.map_or(true, |text| text.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z')))
    })
}

/// Publishes to real servers, twice, and lets strangers read all of it.
fn check(registry: &Registry, test: &str) {
    let Some(index) = Index::start() else { return };
    let Some(whole) = Whole::build(test, registry.address()) else { return };
    let forge = Forge::start(Setup::default()).unwrap();
    let publish = || {
        let mut command = whole.publish();
        command.args(["--publish-url", &index.upload_url(), "--check-url", &index.simple_url()]);
        command.env("GITHUB_API_URL", forge.url(Service::Api)).env("GITHUB_TOKEN", "a-token");
        command.env("UV_PUBLISH_TOKEN", "a-token");
        fates(&mut command)
    };
    let first = publish();
    assert_eq!(first.keys().collect::<Vec<_>>(), ["written"], "{first:?}");
    let second = publish();
    assert_eq!(second.keys().collect::<Vec<_>>(), ["already-there"], "{second:?}");
    assert!(forge.github().published(REPOSITORY, "v1.0.0").is_some());
    let key = whole.dist().join("signing-key.pub");
    let images = whole.references("image-index");
    assert!(images.len() >= 2, "{images:?}");
    for (reference, version) in &images {
        image(&format!("{reference}:{version}"), &key);
    }
    for (reference, version) in whole.references("chart") {
        chart(&reference, &version, &whole.dist().join("helm"));
    }
    install(&index);
    println!("{first:?}; {} images read by crane, skopeo, cosign and oras", images.len());
}

fn image(reference: &str, key: &Path) {
    let key = key.to_str().unwrap();
    let ask = |judge: &str, words: &[&str]| judges::run(judge, words).map(Verdict::accepted);
    ask("crane", &["validate", "--remote", reference]);
    let flags = ["--insecure-ignore-tlog", "--allow-http-registry"];
    ask("cosign", &[&["verify", "--key", key][..], &flags, &[reference]].concat());
    ask("oras", &["discover", "--plain-http", reference]);
    let to = Scratch::new("copied").unwrap();
    let tarball = to.join("image.tar").display().to_string();
    ask("crane", &["pull", "--insecure", "--platform", "linux/arm64", reference, &tarball]);
    let layout = format!("oci:{}:copied", to.join("layout").display());
    let from = format!("docker://{reference}");
    let quiet = ["--insecure-policy", "copy", "--quiet", "--all", "--src-tls-verify=false"];
    ask("skopeo", &[&quiet[..], &[from.as_str(), layout.as_str()]].concat());
}

fn chart(reference: &str, version: &str, packed: &Path) {
    for helm in ["helm3", "helm4"] {
        let to = Scratch::new("pulled").unwrap();
        let folder = to.path().to_str().unwrap();
        let from = format!("oci://{reference}");
        let words = ["pull", "--plain-http", &from, "--version", version, "--destination", folder];
        if judges::run(helm, &words).map(Verdict::accepted).is_some() {
            let name = format!("{}-{version}.tgz", reference.rsplit('/').next().unwrap());
            let pulled = std::fs::read(to.join(&name)).unwrap();
            assert!(pulled == std::fs::read(packed.join(&name)).unwrap(), "{helm}: {name}");
        }
    }
}

/// The meta package with every plugin that it names.
fn install(index: &Index) {
    let to = Scratch::new("installed").unwrap();
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--no-cache-dir"]);
    pip.args(["--disable-pip-version-check", "--index-url", &index.simple_url()]);
    pip.env("PIP_CONFIG_FILE", "/dev/null").env_remove("PIP_FIND_LINKS");
    pip.arg("--target").arg(to.path()).arg("mcp-contextforge-plugins-all==1.0.0");
    Verdict::of(&mut pip).accepted();
}
