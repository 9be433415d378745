//! A Python index as a destination, with the real uv, against an index that fails and refuses on
//! order.
//!
//! uv is where `cargo xtask judges` puts it, else on `PATH`; without one these tests are skipped,
//! and say so.

#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its figures are for people")]

#[path = "fixtures/sealed.rs"]
mod sealed;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::{env, fs};

use archive::Entry;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forge::{Fault, Forge, IndexSetup, Kind, On, Publisher, Service, Setup, Workflow as Run};
use http::{Http, RetryPolicy, Secret};
use model::{Diagnostic, Diagnostics, Invocation, Manifest};
use publish::{Destination, ItemStatus, Options, Phase, publish};
use python_index::{IndexAddress, PythonIndex, Settings, Trusted, UploadAuth, Uv, UvEnd};

const TOKEN: &str = "pypi-canary-token";

/// uv in an environment of its own.
struct RealUv {
    program: PathBuf,
    home: PathBuf,
    ca: Option<PathBuf>,
}

impl Uv for RealUv {
    fn run(&self, command: &Invocation, secrets: &[(String, Secret)]) -> Result<UvEnd, Diagnostic> {
        let line = command.shell_line();
        for (name, secret) in secrets {
            let shown = name.ends_with("TOKEN") && line.contains(secret.expose());
            assert!(!shown, "{line}");
        }
        let mut child = Command::new(&self.program);
        child.args(&command.args).env_clear().env("HOME", &self.home).stdin(Stdio::null());
        child.envs(secrets.iter().map(|(name, value)| (name, value.expose())));
        child.env("UV_HTTP_RETRIES", "0");
        if let Some(ca) = &self.ca {
            child.env("SSL_CERT_FILE", ca);
        }
        let output = child.output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(UvEnd { success: output.status.success(), stderr })
    }
}

/// uv, or nothing with a word about it.
fn uv(home: &Path) -> Option<RealUv> {
    let cache = env::var_os("PACKAGE_ACTIONS_CACHE").filter(|root| !root.is_empty());
    let cache = cache.map(PathBuf::from);
    let usual = || PathBuf::from(env::var_os("HOME").unwrap_or_default());
    let cache = cache.unwrap_or_else(|| usual().join(".cache/package-actions"));
    let path = env::var_os("PATH").unwrap_or_default();
    let places = std::iter::once(cache.join("judges/bin")).chain(env::split_paths(&path));
    let found = places.map(|folder| folder.join("uv")).find(|file| file.is_file());
    if found.is_none() {
        let line = "judge `uv` is missing, help: run `cargo xtask judges`";
        assert!(env::var_os("CI").is_none_or(|value| value != "true"), "{line}");
        eprintln!("SKIPPED: {line}");
    }
    Some(RealUv { program: found?, home: home.to_owned(), ca: None })
}

/// A release of three projects, each with a wheel and an sdist.
struct Made {
    dist: PathBuf,
    manifest: Manifest,
}

fn made(name: &str, salt: &str) -> Made {
    let dist = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("index [{name}]"));
    fs::remove_dir_all(&dist).ok();
    fs::create_dir_all(dist.join("pypi")).unwrap();
    let mut artifacts = Vec::new();
    for project in ["a_one", "a_two", "b"] {
        let metadata = format!("Metadata-Version: 2.2\nName: {project}\nVersion: 1.0\n\n{salt}\n");
        let info = format!("{project}-1.0.dist-info");
        let wheel = [
            (format!("{info}/METADATA"), metadata.clone()),
            (format!("{info}/WHEEL"), "Wheel-Version: 1.0\nTag: py3-none-any\n".to_owned()),
            (format!("{info}/RECORD"), String::new()),
        ];
        let wheel = wheel.map(|(path, text)| Entry::new(path, text));
        let wheel = archive::zip::write(&wheel, 315_532_800).unwrap();
        let top = format!("{project}-1.0");
        let sdist = [
            (format!("{top}/PKG-INFO"), metadata),
            (format!("{top}/pyproject.toml"), "[project]\n".to_owned()),
        ];
        let sdist = sdist.map(|(path, text)| Entry::new(path, text));
        let sdist = archive::gzip::write(&archive::tar::write(&sdist, 315_532_800).unwrap());
        let wheel = (format!("{project}-1.0-py3-none-any.whl"), wheel);
        let sdist = (format!("{project}-1.0.tar.gz"), sdist);
        for (file, bytes) in [wheel, sdist] {
            fs::write(dist.join("pypi").join(&file), &bytes).unwrap();
            artifacts.push(sealed::distribution(&file, &bytes));
        }
    }
    Made { dist, manifest: sealed::manifest("1.0.0", artifacts, &[]) }
}

fn with_token() -> UploadAuth {
    UploadAuth { token: Some(Secret::new(TOKEN)), trusted: Trusted::Never, ..UploadAuth::default() }
}

fn run(
    forge: &Forge,
    made: &Made,
    uv: &RealUv,
    auth: UploadAuth,
) -> Result<Vec<ItemStatus>, Diagnostics> {
    let base =
        if uv.ca.is_some() { forge.tls_url(Service::Index) } else { forge.url(Service::Index) };
    let index = IndexAddress {
        upload: Some(format!("{base}/legacy/")),
        // Questions go without TLS: this process does not trust the double's certificate.
        check: Some(format!("{}/simple", forge.url(Service::Index))),
    };
    let http = Arc::new(Http::new(RetryPolicy::without_waits(3)).unwrap());
    let setup = Settings { index, auth, now: 0 };
    let destination =
        PythonIndex::new(&http, (&made.manifest, &[&pypi::Pypi]), &made.dist, setup, uv)?;
    let destinations: [Box<dyn Destination + '_>; 1] = [Box::new(destination)];
    let options = Options { phases: [Phase::Index].into(), dry_run: false };
    let run = publish(&destinations, &options, &|_| {});
    assert!(!run.problems.to_string().contains("canary"), "{}", run.problems);
    if !run.problems.is_empty() {
        return Err(run.problems);
    }
    Ok(run.items.iter().map(|ended| ended.status).collect())
}

/// The index holds these very files, each with its own bytes.
fn is_whole(forge: &Forge, made: &Made, about: &str) {
    let index = forge.index();
    assert_eq!(index.files().count(), made.manifest.artifacts.len(), "{about}");
    for (name, file) in index.files() {
        let bytes = fs::read(made.dist.join("pypi").join(name)).unwrap();
        assert!(file.bytes == bytes, "{about}: {name}");
    }
}

/// An attestation beside the first file, of the form that indexes ask for (PEP 740).
fn attest(made: &Made) {
    let file = &made.manifest.artifacts[0].file;
    let name = file.path.rsplit('/').next().unwrap();
    let statement = format!(
        r#"{{"_type": "https://in-toto.io/Statement/v1",
             "subject": [{{"name": "{name}", "digest": {{"sha256": "{}"}}}}],
             "predicateType": "https://index.example/attestations/publish/v1",
             "predicate": null}}"#,
        file.digest.hex()
    );
    let statement = STANDARD.encode(statement);
    let text = format!(
        r#"{{"version": 1, "verification_material": {{}},
             "envelope": {{"statement": "{statement}", "signature": ""}}}}"#
    );
    fs::write(made.dist.join(format!("{}.publish.attestation", file.path)), text).unwrap();
}

fn index(setup: IndexSetup) -> Setup {
    Setup { index: setup, ..Setup::default() }
}

#[test]
fn uv_uploads_a_release_and_a_second_run_uploads_nothing() {
    for json in [true, false] {
        let made = made(&format!("token-{json}"), "");
        let Some(uv) = uv(&made.dist) else { return };
        let setup = IndexSetup { token: Some(TOKEN.to_owned()), json, ..IndexSetup::default() };
        let forge = Forge::start(index(setup)).unwrap();
        let fates = run(&forge, &made, &uv, with_token()).unwrap();
        assert!(fates.iter().all(|fate| *fate == ItemStatus::Written), "{fates:?}");
        is_whole(&forge, &made, "first");
        forge.clear_log();
        let fates = run(&forge, &made, &uv, with_token()).unwrap();
        assert!(fates.iter().all(|fate| *fate == ItemStatus::AlreadyThere), "{fates:?}");
        assert_eq!(forge.writes().len(), 0);
    }
}

#[test]
fn trusted_publishing_needs_no_secret_and_takes_attestations_along() {
    let made = made("trusted", "");
    let Some(mut uv) = uv(&made.dist) else { return };
    let publisher = Publisher {
        repository: Run::default().repository,
        workflow: "release.yml".to_owned(),
        environment: None,
        projects: Vec::new(),
    };
    let setup = |workflow: Run| Setup {
        index: IndexSetup { publishers: vec![publisher.clone()], ..IndexSetup::default() },
        workflow,
        tls: true,
        ..Setup::default()
    };
    let auth = |forge: &Forge| UploadAuth {
        trusted: Trusted::Always,
        identity: forge
            .environment()
            .into_iter()
            .filter(|(name, _)| python_index::IDENTITY.contains(&name.as_str()))
            .map(|(name, value)| (name, Secret::new(value)))
            .collect(),
        ..UploadAuth::default()
    };
    let mut start = |workflow: Run| {
        let forge = Forge::start(setup(workflow)).unwrap();
        let ca = made.dist.join("ca.pem");
        fs::write(&ca, forge.ca_pem()).unwrap();
        uv.ca = Some(ca);
        let ended = run(&forge, &made, &uv, auth(&forge));
        (forge, ended)
    };
    attest(&made);
    let (forge, ended) = start(Run::default());
    ended.unwrap();
    is_whole(&forge, &made, "trusted");
    let by_publisher = |(_, file): (&str, &forge::File)| file.publisher.is_some();
    assert!(forge.index().files().all(by_publisher));
    let attested: Vec<usize> =
        forge.index().files().map(|(_, file)| file.attestations.len()).collect();
    assert_eq!(attested, [1, 0, 0, 0, 0, 0]);
    let foreign = "vendor/actions/.github/workflows/release.yml@refs/tags/v1".to_owned();
    let (forge, ended) = start(Run { reusable: Some(foreign), ..Run::default() });
    let problems = ended.unwrap_err();
    assert!(problems.0.iter().any(|one| one.code.to_string() == "index-publisher"), "{problems}");
    assert_eq!(forge.index().files().count(), 0);
}

#[test]
fn after_any_fault_at_any_upload_the_same_files_are_there() {
    let made = made("faults", "");
    let Some(uv) = uv(&made.dist) else { return };
    let kinds = [
        Kind::DropRequest(100),
        Kind::DropResponse(0),
        Kind::Status(403),
        Kind::Status(500),
        Kind::StatusAfter(502),
        Kind::TooManyRequests { retry_after: 0 },
        Kind::Stale,
    ];
    let (mut runs, mut at_once) = (0, 0);
    for kind in kinds {
        for number in 1..=made.manifest.artifacts.len() as u64 {
            let forge = Forge::start(Setup::default()).unwrap();
            let on = match kind {
                Kind::Stale => On::request("GET", "/simple"),
                _ => On::Write(number),
            };
            forge.inject(Fault::once(on, kind.clone()).after(if kind == Kind::Stale {
                number + 2
            } else {
                0
            }));
            at_once += u32::from(run(&forge, &made, &uv, with_token()).is_ok());
            forge.disarm();
            let about = format!("{kind:?} at {number}");
            run(&forge, &made, &uv, with_token()).unwrap();
            forge.clear_log();
            run(&forge, &made, &uv, with_token()).unwrap();
            assert_eq!(forge.writes().len(), 0, "{about}");
            is_whole(&forge, &made, &about);
            runs += 1;
        }
    }
    println!("{runs} runs with a fault, {at_once} of them went well at once, all in the end");
}

#[test]
fn other_bytes_on_the_index_stop_the_run_before_anything_is_sent() {
    let (theirs, ours) = (made("theirs", "theirs"), made("ours", "ours"));
    let Some(uv) = uv(&ours.dist) else { return };
    let forge = Forge::start(Setup::default()).unwrap();
    run(&forge, &theirs, &uv, with_token()).unwrap();
    forge.clear_log();
    let problems = run(&forge, &ours, &uv, with_token()).unwrap_err();
    assert!(
        problems.0.iter().all(|one| one.code == &publish::codes::PUBLISH_OTHER_BYTES),
        "{problems}"
    );
    assert_eq!(problems.0.len(), 6, "{problems}");
    assert_eq!(forge.writes().len(), 0);
}

#[test]
fn a_refused_token_is_said_without_being_shown() {
    let made = made("refused", "");
    let Some(uv) = uv(&made.dist) else { return };
    let setup = IndexSetup { token: Some("another".to_owned()), ..IndexSetup::default() };
    let forge = Forge::start(index(setup)).unwrap();
    let problems = run(&forge, &made, &uv, with_token()).unwrap_err();
    assert!(problems.0.iter().any(|one| one.code.to_string() == "index-credentials"), "{problems}");
}
