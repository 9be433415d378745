//! The artifact service: GitHub's own client passes files from one job to another.

use std::fs;
use std::process::Command;

use forge::{Forge, Service, Setup};
use serde_json::json;

use super::client::request;
use super::judge::{self, Scratch};

/// Uploads a folder's files as one artifact, finds it, and downloads it to another folder.
const PASS_ON: &str = r#"
const [module, from, to] = process.argv.slice(1);
const { DefaultArtifactClient } = await import(module);
const client = new DefaultArtifactClient();
const files = ["a.bin", "b.txt"].map((name) => `${from}/${name}`);
const sent = await client.uploadArtifact("leg-1", files, from);
const { artifact } = await client.getArtifact("leg-1");
if (artifact.id !== sent.id || artifact.digest !== `sha256:${sent.digest}`)
  throw new Error(JSON.stringify([artifact, sent]));
await client.downloadArtifact(sent.id, { path: to, expectedHash: artifact.digest });
let refused = false;
await client.uploadArtifact("leg-1", files, from).catch((error) => {
  refused = error.message.includes("already exists");
});
if (!refused) throw new Error("the same name was accepted twice");
"#;

#[test]
#[ignore = "slow: starts Node"]
fn githubs_own_client_passes_artifacts_on() {
    let Some(prism) = judge::find("prism") else { return };
    let Some(module) = judge::beside(&prism, "@actions/artifact/lib/artifact.js") else { return };
    let scratch = Scratch::new("artifacts");
    let (from, to) = (scratch.join("from"), scratch.join("to"));
    for folder in [&from, &to] {
        fs::create_dir_all(folder).unwrap();
    }
    // More than one block of 8 MiB, and not compressible.
    let bytes: Vec<u8> =
        (0..9_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    fs::write(from.join("a.bin"), &bytes).unwrap();
    fs::write(from.join("b.txt"), "text").unwrap();
    let forge = Forge::start(Setup::default()).unwrap();
    let mut node = Command::new("node");
    node.args(["--input-type=module", "-e", PASS_ON]).arg(module).arg(&from).arg(&to);
    node.envs(forge.environment()).env("GITHUB_WORKSPACE", scratch.path());
    let (success, output) = judge::run(&mut node);
    assert!(success, "{output}");
    assert_eq!(fs::read(to.join("a.bin")).unwrap(), bytes);
    assert_eq!(fs::read_to_string(to.join("b.txt")).unwrap(), "text");
    assert_eq!(forge.artifacts().by_id.len(), 1);
}

#[test]
fn an_artifact_is_visible_once_it_was_finalized_with_its_size() {
    let forge = Forge::start(Setup::default()).unwrap();
    let base = forge.url(Service::Artifacts);
    let token = forge.environment().into_iter().find(|(name, _)| name == "ACTIONS_RUNTIME_TOKEN");
    let token = format!("Bearer {}", token.unwrap().1);
    let ask = |method: &str, more: &[(&str, &str)], status: u16| {
        let mut asked = json!({ "workflow_run_backend_id": "run-1", "name": "a" });
        for (key, value) in more {
            asked[key] = json!(value);
        }
        let path = format!("/twirp/github.actions.results.api.v1.ArtifactService/{method}");
        let request = request(&base, "POST", &path).header("authorization", &token).json(&asked);
        request.expect(status).json()
    };
    let location =
        ask("CreateArtifact", &[], 200)["signed_upload_url"].as_str().unwrap().to_owned();
    let put = |more: &str, body: &[u8], status: u16| {
        request(&base, "PUT", &format!("{location}{more}")).body("x", body).expect(status);
    };
    put("&comp=block&blockid=MQ%3D%3D", b"12", 201);
    put("&comp=block&blockid=Mg%3D%3D", b"34", 201);
    put("&comp=blocklist", b"<BlockList><Latest>Mw==</Latest></BlockList>", 400);
    put("&comp=blocklist", b"<B><Latest>Mg==</Latest><Latest>MQ==</Latest></B>", 201);
    let listed = || ask("ListArtifacts", &[], 200)["artifacts"].as_array().unwrap().len();
    ask("FinalizeArtifact", &[("size", "5")], 400);
    assert_eq!(listed(), 0);
    ask("FinalizeArtifact", &[("size", "4")], 200);
    assert_eq!(listed(), 1);
    assert_eq!(request(&base, "GET", &location).expect(200).body, b"3412");
    put("", b"other", 409);
    ask("CreateArtifact", &[], 409);
    ask("ListArtifacts", &[("workflow_run_backend_id", "run-2")], 403);
    ask("DeleteArtifact", &[], 200);
    assert_eq!(listed(), 0);
}
