//! The distribution specification's conformance suite, against every kind of registry that the
//! double can be.

use std::fs;
use std::process::Command;

use forge::{Access, Fault, Forge, Kind, On, RegistrySetup, Service, Setup};

use super::judge::{self, Scratch};

/// What Debian's docker-registry 2.8 passes: the double must pass more.
const TO_BEAT: u64 = 703;

/// The suite's checks: how many there are, how many failed, and how many need what this registry
/// does not support.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Counts {
    all: u64,
    failed: u64,
    left: u64,
}

/// Runs the suite of this version; `None` if it is not installed.
fn conformance(
    name: &str,
    registry: RegistrySetup,
    version: &str,
    fault: Option<Fault>,
) -> Option<Counts> {
    let program = judge::find("conformance")?;
    let scratch = Scratch::new(name);
    let (access, referrers) = (registry.access.clone(), registry.referrers.to_string());
    let forge = Forge::start(Setup { registry, ..Setup::default() }).unwrap();
    let fault = fault.map(|fault| forge.inject(fault));
    let mut command = Command::new(program);
    command
        .env("OCI_REGISTRY", forge.host(Service::Registry))
        .env("OCI_TLS", "disabled")
        .env("OCI_VERSION", version)
        .env("OCI_API_REFERRER", referrers)
        .env("OCI_REPO1", "owner/one")
        .env("OCI_REPO2", "owner/two")
        .env("OCI_RESULTS_DIR", scratch.path())
        .current_dir(scratch.path());
    if let Access::Basic { user, password } | Access::Bearer { user, password } = access {
        command.env("OCI_USERNAME", user).env("OCI_PASSWORD", password);
    }
    let (_, output) = judge::run(&mut command);
    let report = fs::read_to_string(scratch.join("junit.xml")).expect(&output);
    let counts = counts(&report);
    println!("{name}, {version}: {counts:?}");
    if counts.failed > 0 {
        let failed = output.lines().filter(|line| line.contains("FAIL") || line.contains("Error"));
        println!("{}", failed.collect::<Vec<_>>().join("\n"));
    }
    assert!(fault.is_none_or(|fault| forge.fired(fault) > 0));
    Some(counts)
}

/// The attributes of the report's `testsuite`.
fn counts(report: &str) -> Counts {
    let suite = report.split("<testsuite ").nth(1).unwrap();
    let suite = suite.split('>').next().unwrap();
    let count = |name: &str| {
        let told = suite.split(&format!(" {name}=\"")).nth(1);
        told.map_or(0, |rest| rest.split('"').next().unwrap().parse().unwrap())
    };
    let left = count("skipped") + count("disabled");
    Counts { all: count("tests"), failed: count("failures") + count("errors"), left }
}

fn check(name: &str, registry: RegistrySetup, version: &str) {
    let deletes = registry.deletes;
    let Some(counts) = conformance(name, registry, version, None) else { return };
    assert_eq!(counts.failed, 0, "{name}");
    // Without deletion, the checks that need one are skipped.
    let least = if deletes { TO_BEAT } else { TO_BEAT / 2 };
    assert!(counts.all - counts.left > least, "{name}: {counts:?}");
}

fn user() -> (String, String) {
    ("somebody".to_owned(), "secret".to_owned())
}

#[test]
#[ignore = "slow: the whole conformance suite, five times"]
fn the_registry_conforms_to_the_specification_however_it_is_set_up() {
    let (user, password) = user();
    check("open", RegistrySetup::default(), "1.1");
    check("next", RegistrySetup { absolute: true, ..RegistrySetup::default() }, "dev");
    let access = Access::Basic { user: user.clone(), password: password.clone() };
    check("basic", RegistrySetup { access, ..RegistrySetup::default() }, "1.1");
    let access = Access::Bearer { user: user.clone(), password: password.clone() };
    let tokens = RegistrySetup { access, token_uses: Some(7), ..RegistrySetup::default() };
    check("bearer", tokens, "1.1");
    let deletes = RegistrySetup { deletes: true, ..RegistrySetup::ghcr(&user, &password) };
    check("without-referrers", deletes, "1.1");
    check("ghcr", RegistrySetup::ghcr(&user, &password), "1.1");
}

#[test]
#[ignore = "slow: the whole conformance suite"]
fn the_suite_fails_for_a_registry_that_serves_wrong_bytes() {
    let fault = Fault::once(On::containing("GET", "/blobs/sha256:"), Kind::WrongBytes);
    let counts = conformance("wrong-bytes", RegistrySetup::default(), "1.1", Some(fault));
    assert!(counts.is_none_or(|counts| counts.failed > 0));
}
