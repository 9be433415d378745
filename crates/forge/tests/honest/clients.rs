//! Independent clients: crane and helm with a registry like GHCR (tokens, redirects to another
//! host, no referrers API), and GitHub's own client with an Enterprise Server.

use std::fs;
use std::process::Command;

use forge::{Fault, Forge, GithubSetup, Kind, On, RegistrySetup, Service, Setup};

use super::judge::{self, Scratch};

/// A registry like GHCR, and a folder with a `config.json` that has the user's password.
fn ghcr(name: &str) -> (Forge, Scratch) {
    let registry = RegistrySetup::ghcr("somebody", "secret");
    let forge = Forge::start(Setup { registry, ..Setup::default() }).unwrap();
    let scratch = Scratch::new(name);
    let host = forge.host(Service::Registry);
    // somebody:secret
    let config = format!("{{\"auths\":{{\"{host}\":{{\"auth\":\"c29tZWJvZHk6c2VjcmV0\"}}}}}}");
    fs::write(scratch.join("config.json"), config).unwrap();
    (forge, scratch)
}

#[test]
#[ignore = "slow forge: crane pushes and pulls"]
fn crane_pushes_and_pulls_as_it_does_at_ghcr() {
    let Some(crane) = judge::find("crane") else { return };
    let (forge, scratch) = ghcr("crane");
    let run = |config: bool, words: &[&str]| {
        let mut command = Command::new(&crane);
        let folder = if config { scratch.path().to_owned() } else { scratch.join("none") };
        judge::run(command.args(words).env("DOCKER_CONFIG", folder))
    };
    let layer = scratch.join("layer.tar");
    let mut tar = Command::new("tar");
    tar.arg("-cf").arg(&layer).arg("-C").arg(scratch.path()).arg("config.json");
    assert!(judge::run(&mut tar).0);
    let image = format!("{}/owner/app:1.0.0", forge.host(Service::Registry));
    let layer = layer.to_str().unwrap();
    let check = |config: bool, words: &[&str], expected: bool| {
        let (success, output) = run(config, words);
        assert_eq!(success, expected, "{words:?}: {output}\n{:#?}", forge.log());
    };
    check(false, &["append", "-f", layer, "-t", &image], false);
    check(true, &["append", "-f", layer, "-t", &image], true);
    check(true, &["validate", "--remote", &image], true);
    check(false, &["manifest", &image], false);
    forge.change(|state| state.registry.repository("owner/app").private = false);
    check(false, &["validate", "--remote", &image], true);
    let lie = forge.inject(Fault::always(On::containing("GET", "/blob/"), Kind::WrongBytes));
    check(false, &["validate", "--remote", &image], false);
    assert!(forge.fired(lie) > 0);
}

#[test]
#[ignore = "slow forge: helm pushes and pulls"]
fn helm_pushes_and_pulls_as_it_does_at_ghcr() {
    for name in ["helm3", "helm4"] {
        let Some(helm) = judge::find(name) else { return };
        let (forge, scratch) = ghcr(name);
        fs::create_dir_all(scratch.join("pulled")).unwrap();
        let run = |words: &[&str]| {
            let mut command = Command::new(&helm);
            command.args(words).current_dir(scratch.path());
            command.env("HELM_REGISTRY_CONFIG", scratch.join("config.json"));
            let homes = ["HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"];
            command.envs(homes.map(|home| (home, scratch.join(home))));
            let (success, output) = judge::run(&mut command);
            assert!(success, "{name} {words:?}: {output}\n{:#?}", forge.log());
        };
        run(&["create", "demo"]);
        run(&["package", "demo"]);
        let charts = format!("oci://{}/owner/charts", forge.host(Service::Registry));
        run(&["push", "demo-0.1.0.tgz", &charts, "--plain-http"]);
        let chart = format!("{charts}/demo");
        run(&["pull", &chart, "--version", "0.1.0", "--plain-http", "-d", "pulled"]);
        let pulled = fs::read(scratch.join("pulled/demo-0.1.0.tgz")).unwrap();
        assert_eq!(pulled, fs::read(scratch.join("demo-0.1.0.tgz")).unwrap());
    }
}

#[test]
#[ignore = "slow forge: gh makes releases"]
fn gh_makes_a_release_and_reads_it_back() {
    let Some(gh) = judge::find("gh") else { return };
    let token = Some("secret".to_owned());
    let github = GithubSetup { token, ..GithubSetup::default() };
    let forge = Forge::start(Setup { github, tls: true, ..Setup::default() }).unwrap();
    let scratch = Scratch::new("gh");
    fs::write(scratch.join("ca.pem"), forge.ca_pem()).unwrap();
    fs::write(scratch.join("file.txt"), "bytes").unwrap();
    let host = forge.tls_url(Service::Api).replace("https://127.0.0.1", "localhost");
    let run = |words: &[&str]| {
        let mut command = Command::new(&gh);
        command.args(words).args(["--repo", &format!("{host}/o/r")]);
        command.current_dir(scratch.path()).env("GH_CONFIG_DIR", scratch.join("config"));
        command.env("SSL_CERT_FILE", scratch.join("ca.pem"));
        command.env("GH_HOST", &host).env("GH_ENTERPRISE_TOKEN", "secret");
        command.env("GH_PROMPT_DISABLED", "1").env("GH_NO_UPDATE_NOTIFIER", "1");
        let (success, output) = judge::run(&mut command);
        assert!(success, "{words:?}: {output}\n{:#?}", forge.log());
        output
    };
    run(&["release", "create", "v1.0.0", "file.txt", "--title", "One", "--notes", "Notes"]);
    let github = forge.github();
    let made = github.published("o/r", "v1.0.0").unwrap();
    assert_eq!(made.asset("file.txt").unwrap().bytes, "bytes");
    assert!(run(&["release", "view", "v1.0.0"]).contains("file.txt"));
    run(&["release", "upload", "v1.0.0", "file.txt", "--clobber"]);
    run(&["release", "download", "v1.0.0", "--dir", "got"]);
    assert_eq!(fs::read_to_string(scratch.join("got/file.txt")).unwrap(), "bytes");
    run(&["release", "delete", "v1.0.0", "--yes"]);
    assert!(forge.github().published("o/r", "v1.0.0").is_none());
}
