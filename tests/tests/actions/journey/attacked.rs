//! Somebody else's job in the same run: it can replace any artifact, for artifacts belong to the
//! run; it cannot reach what travels as a job's output.

use std::io::Write as _;
use std::process::{Command, Stdio};

use forge::{On, State};

use super::downstream::{Downstream, REPOSITORY, SOMEBODY};
use super::whole::{TAG, cut};

/// Rewrites a zip: the bytes of each file whose name holds a word end in another one.
const TAMPER: &str = "
import io, sys, zipfile
word = sys.argv[1]
old = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
out = io.BytesIO()
new = zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED)
for entry in old.infolist():
    data = old.read(entry)
    if word in entry.filename and not entry.is_dir():
        data = data[:-1] + bytes([data[-1] ^ 1])
    new.writestr(entry.filename, data)
new.close()
sys.stdout.buffer.write(out.getvalue())
";

/// Replaces an artifact as its owner would: another upload under the same name, with a digest that
/// fits.
fn replace(state: &mut State, name: &str, word: &str) {
    let found = state.artifacts.by_id.values_mut().find(|artifact| artifact.name == name);
    let Some(artifact) = found else { return };
    let mut python = Command::new("python3");
    python.args(["-c", TAMPER, word]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = python.spawn().unwrap();
    let mut input = running.stdin.take().unwrap();
    let bytes = artifact.bytes.clone();
    let feeding = std::thread::spawn(move || input.write_all(&bytes));
    let output = running.wait_with_output().unwrap();
    feeding.join().unwrap().unwrap();
    assert!(
        output.status.success() && output.stdout != artifact.bytes,
        "nothing in `{name}` holds `{word}`"
    );
    artifact.bytes = output.stdout.into();
    artifact.digest = Some(format!("sha256:{}", model::Digest::of(&artifact.bytes).hex()));
}

/// Lets `change` happen in the job of `workflow` that takes artifacts, just before it does.
fn before_download(down: &Downstream, workflow: &str, change: fn(&mut State)) {
    down.forge.change_before(On::request("POST", SOMEBODY), change);
    down.change_tree(&format!(".github/workflows/{workflow}.yml"), |text| {
        let download = "      - uses: actions/download";
        text.replacen(download, &format!("{CALL}{download}"), 1)
    });
}

const CALL: &str = "      - run: curl --silent --request POST \"${GITHUB_API_URL}/somebody-else\"
        shell: bash
";

#[test]
fn a_leg_that_is_replaced_between_build_and_signature_stops_the_run_and_is_named() {
    let Some((down, _)) = cut() else { return };
    before_download(&down, "build", |state| replace(state, "leg-1", "mcp-server-time-linux"));
    down.push_tag(TAG).failed("leg-1").failed("leg-replaced");
    let writes = down.writes_beyond_artifacts();
    assert!(writes.is_empty(), "{writes:#?}");
}

#[test]
fn a_record_that_is_replaced_stops_the_run_too() {
    let Some((down, _)) = cut() else { return };
    before_download(&down, "build", |state| replace(state, "leg-1", "build.json"));
    down.push_tag(TAG).failed("leg-1").failed("leg-replaced");
    let writes = down.writes_beyond_artifacts();
    assert!(writes.is_empty(), "{writes:#?}");
}

#[test]
fn a_release_that_is_replaced_before_it_is_published_is_refused() {
    let Some((down, _)) = cut() else { return };
    before_download(&down, "release", |state| replace(state, "release", "release.json"));
    down.push_tag(TAG).failed("manifest-other");
    assert_eq!(down.forge.github().releases(REPOSITORY).count(), 0);
}

#[test]
fn a_build_job_that_changes_the_plan_stops_the_run() {
    let Some((down, _)) = cut() else { return };
    down.change_tree(".github/workflows/build.yml", |text| {
        let (plan, build) = text.split_once("- id: build").unwrap();
        let step = "- run: sed -i s/65532/65533/ package-actions.toml\n        shell: bash\n      ";
        format!("{plan}{step}- id: build{build}")
    });
    down.push_tag(TAG).failed("plan-changed");
    let writes = down.writes_beyond_artifacts();
    assert!(writes.is_empty(), "{writes:#?}");
}
