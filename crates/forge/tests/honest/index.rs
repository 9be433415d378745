//! The clients of the Python index: uv, twine and pip.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use forge::{Forge, IndexSetup, Publisher, Service, Setup, Workflow};

use super::judge::{self, Scratch};

/// Writes the wheel `demo_pkg-1.0.0-py3-none-any.whl` and an sdist; a third argument changes their
/// bytes. A fourth, if any, writes an attestation beside the wheel.
const WRITE: &str = r#"
import base64, hashlib, io, json, sys, tarfile, zipfile
folder, word = sys.argv[1:3]
meta = "Metadata-Version: 2.4\nName: demo-pkg\nVersion: 1.0.0\nRequires-Python: >=3.8\n"
wheel = folder + "/demo_pkg-1.0.0-py3-none-any.whl"
info = "demo_pkg-1.0.0.dist-info/"
files = {
    "demo_pkg.py": f"WORD = {word!r}\n",
    info + "METADATA": meta,
    info + "WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}
files[info + "RECORD"] = "".join(f"{name},,\n" for name in files) + info + "RECORD,,\n"
with zipfile.ZipFile(wheel, "w") as out:
    for name, text in files.items():
        out.writestr(zipfile.ZipInfo(name), text)
with tarfile.open(folder + "/demo_pkg-1.0.0.tar.gz", "w:gz") as out:
    for name in ("PKG-INFO", "pyproject.toml"):
        text = meta if name == "PKG-INFO" else ""
        member = tarfile.TarInfo("demo_pkg-1.0.0/" + name)
        member.size = len(text)
        out.addfile(member, io.BytesIO(text.encode()))
if len(sys.argv) > 3:
    digest = hashlib.sha256(open(wheel, "rb").read()).hexdigest()
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": wheel.rsplit("/", 1)[1], "digest": {"sha256": digest}}],
        "predicateType": sys.argv[3],
        "predicate": None,
    }
    envelope = {"statement": base64.b64encode(json.dumps(statement).encode()).decode()}
    envelope["signature"] = base64.b64encode(b"none").decode()
    material = {"certificate": "", "transparency_entries": []}
    whole = {"version": 1, "verification_material": material, "envelope": envelope}
    json.dump(whole, open(wheel + ".publish.attestation", "w"))
"#;

/// The predicate type of publishing (PEP 740) with another host: the double looks at the path.
const PUBLISH: &str = "https://docs.example/attestations/publish/v1";

const WHEEL: &str = "demo_pkg-1.0.0-py3-none-any.whl";

fn write(folder: &Path, word: &str, attestation: Option<&str>) {
    let mut python = Command::new("python3");
    python.args(["-c", WRITE]).arg(folder).arg(word).args(attestation);
    let (success, output) = judge::run(&mut python);
    assert!(success, "{output}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = all.collect();
    all.sort();
    all
}

/// An index with one trusted publisher, and a run of `workflow`.
fn trusted(workflow: Workflow) -> Forge {
    let publisher = Publisher {
        repository: "octo-org/octo-repo".to_owned(),
        workflow: "release.yml".to_owned(),
        environment: None,
        projects: vec!["demo-pkg".to_owned()],
    };
    let index = IndexSetup { publishers: vec![publisher], ..IndexSetup::default() };
    Forge::start(Setup { index, workflow, tls: true, ..Setup::default() }).unwrap()
}

/// `uv publish --trusted-publishing always` of all files in `dist`.
fn uv_trusted(uv: &Path, forge: &Forge, scratch: &Scratch) -> (bool, String) {
    let ca = scratch.join("ca.pem");
    fs::write(&ca, forge.ca_pem()).unwrap();
    let mut command = Command::new(uv);
    command
        .args(["publish", "--trusted-publishing", "always", "--publish-url"])
        .arg(format!("{}/legacy/", forge.tls_url(Service::Index)))
        .args(files(&scratch.join("dist")))
        .envs(forge.environment())
        .env("SSL_CERT_FILE", &ca)
        .env("UV_NO_CONFIG", "1");
    judge::run(&mut command)
}

fn with_files(name: &str, attestation: Option<&str>) -> Scratch {
    let scratch = Scratch::new(name);
    fs::create_dir_all(scratch.join("dist")).unwrap();
    write(&scratch.join("dist"), "one", attestation);
    scratch
}

#[test]
#[ignore = "slow: uv publishes to the double"]
fn uv_publishes_with_an_identity_token_and_its_attestations_are_kept() {
    let Some(uv) = judge::find("uv") else { return };
    let scratch = with_files("trusted", Some(PUBLISH));
    let forge = trusted(Workflow::default());
    let (success, output) = uv_trusted(&uv, &forge, &scratch);
    assert!(success, "{output}\n{:#?}", forge.log());
    let went = forge.log().into_iter().map(|entry| (entry.path, entry.status));
    let went: Vec<(String, Option<u16>)> = went.collect();
    assert!(went.iter().all(|(_, status)| *status == Some(200)), "{went:#?}");
    assert!(went.iter().any(|(path, _)| path == "/_/oidc/burn-token"), "{went:#?}");
    let index = forge.index();
    assert_eq!(index.files().count(), 2);
    let file = index.file("demo-pkg", WHEEL).unwrap();
    assert_eq!(file.bytes, fs::read(scratch.join("dist").join(WHEEL)).unwrap());
    assert_eq!(file.attestations.len(), 1);
    let publisher = file.publisher.as_ref().unwrap();
    assert_eq!(publisher["repository"], "octo-org/octo-repo");
}

#[test]
#[ignore = "slow: uv publishes to the double"]
fn uv_is_refused_from_a_reusable_workflow_of_another_repository() {
    let Some(uv) = judge::find("uv") else { return };
    let foreign = "contextforge-org/package-actions/.github/workflows/release.yml@refs/tags/v1";
    let reusable = Some(foreign.to_owned());
    let scratch = with_files("foreign", None);
    let forge = trusted(Workflow { reusable, ..Workflow::default() });
    let (success, output) = uv_trusted(&uv, &forge, &scratch);
    assert!(!success && output.contains("invalid-publisher"), "{output}");
    assert_eq!(forge.index().files().count(), 0);
}

#[test]
#[ignore = "slow: uv, twine and pip use the double"]
fn uploads_with_a_token_are_accepted_once_and_pip_installs_them() {
    let (Some(uv), Some(twine)) = (judge::find("uv"), judge::find("twine")) else { return };
    let scratch = with_files("token", None);
    let token = Some("pypi-secret".to_owned());
    let index = IndexSetup { token, ..IndexSetup::default() };
    let forge = Forge::start(Setup { index, ..Setup::default() }).unwrap();
    let base = forge.url(Service::Index);
    let with_uv = |token: &str| {
        let mut command = Command::new(&uv);
        command.args(["publish", "--trusted-publishing", "never", "--token", token]);
        command.args(["--publish-url", &format!("{base}/legacy/")]);
        command.args(["--check-url", &format!("{base}/simple/")]).env("UV_NO_CONFIG", "1");
        judge::run(command.args(files(&scratch.join("dist"))))
    };
    let (success, output) = with_uv("pypi-wrong");
    assert!(!success && output.contains("403"), "{output}");
    let with_twine = || {
        let mut command = Command::new(&twine);
        command.args(["upload", "--non-interactive", "--disable-progress-bar"]);
        command.args(["--username", "__token__", "--password", "pypi-secret"]);
        command.args(["--repository-url", &format!("{base}/legacy/")]);
        judge::run(command.args(files(&scratch.join("dist"))))
    };
    let check = |(success, output): (bool, String), expected| {
        assert_eq!(success, expected, "{output}\n{:#?}", forge.log());
        output
    };
    check(with_twine(), true);
    check(with_twine(), true);
    let writes = forge.writes().len();
    check(with_uv("pypi-secret"), true);
    assert_eq!(forge.writes().len(), writes, "uv found all of them there");
    assert_eq!(forge.index().files().count(), 2);

    write(&scratch.join("dist"), "another", None);
    assert!(check(with_twine(), false).contains("400"));

    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-cache-dir"]);
    pip.args(["--index-url", &format!("{base}/simple/"), "--target"]).arg(scratch.join("site"));
    check(judge::run(pip.arg("demo-pkg==1.0.0").env("PIP_CONFIG_FILE", "/dev/null")), true);
    let installed = fs::read_to_string(scratch.join("site/demo_pkg.py")).unwrap();
    assert_eq!(installed, "WORD = 'one'\n");
}
