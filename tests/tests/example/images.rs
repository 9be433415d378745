//! The images: pushed to a real registry, validated and copied there, and run without a daemon.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use product_tests::judges::{self, Container, ImageRun, Registry, Verdict};
use product_tests::scratch::Scratch;
use serde_json::{Value, json};

use super::manifest::Release;
use super::serving::Server;

/// One image of the release.
struct Image {
    name: String,
    layout: PathBuf,
    tag: String,
    digest: String,
}

fn images(release: &Release) -> Vec<Image> {
    let of = |index: &Value| {
        let name = index["reference"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        Image {
            layout: release.dist.join("oci").join(&name),
            name,
            tag: index["version"].as_str().unwrap().to_owned(),
            digest: index["digest"].as_str().unwrap().to_owned(),
        }
    };
    release.artifacts("image-index").into_iter().map(of).collect()
}

#[test]
fn crane_pushes_each_layout_and_the_registry_serves_it_whole_under_the_same_digest() {
    let (Some(registry), Some(crane)) = (Registry::start(), judges::find("crane")) else { return };
    for image in images(&Release::example()) {
        let reference = format!("{}/crane/{}:{}", registry.address(), image.name, image.tag);
        crane.run(&["push", image.layout.to_str().unwrap(), &reference]).accepted();
        crane.run(&["validate", "--remote", &reference]).accepted();
        let digest = crane.run(&["digest", &reference]).accepted();
        assert_eq!(digest.stdout.trim(), image.digest, "{reference}");
        for platform in ["linux/amd64", "linux/arm64"] {
            let config = crane.run(&["config", "--platform", platform, &reference]).accepted();
            let config: Value = serde_json::from_str(&config.stdout).unwrap();
            let told = format!("{}/{}", config["os"], config["architecture"]).replace('"', "");
            assert_eq!(told, platform);
        }
    }
}

#[test]
fn crane_refuses_an_image_whose_layer_was_changed() {
    let (Some(registry), Some(crane)) = (Registry::start(), judges::find("crane")) else { return };
    let image = images(&Release::example()).remove(0);
    let work = Scratch::new("layout").unwrap();
    super::manifest::copy(&image.layout, work.path());
    let blobs = super::manifest::files_below(&work.join("blobs"));
    let layer = blobs.iter().max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap();
    let mut bytes = fs::read(layer).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(layer, bytes).unwrap();
    let reference = format!("{}/spoiled/{}:1", registry.address(), image.name);
    crane.run(&["push", work.path().to_str().unwrap(), &reference]).refused();
}

#[test]
fn skopeo_copies_every_platform_and_reads_what_docker_would_read() {
    let (Some(registry), Some(skopeo)) = (Registry::start(), judges::find("skopeo")) else {
        return;
    };
    for image in images(&Release::example()) {
        let from = format!("oci:{}:{}", image.layout.display(), image.tag);
        let to = format!("docker://{}/skopeo/{}:{}", registry.address(), image.name, image.tag);
        let copy = ["--insecure-policy", "copy", "--all", "--dest-tls-verify=false", &from, &to];
        skopeo.run(&copy).accepted();
        let inspect = ["inspect", "--tls-verify=false", &to];
        let told = skopeo.run(&inspect).accepted().stdout;
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(told["Digest"], image.digest.as_str());
        let inspect = ["inspect", "--config", "--raw", "--tls-verify=false", &to];
        let config = skopeo.run(&inspect).accepted().stdout;
        let config: Value = serde_json::from_str(&config).unwrap();
        let port = if image.name == "mcp-server-time" { "9000/tcp" } else { "9001/tcp" };
        let program = format!("/{}", image.name);
        let config = &config["config"];
        assert_eq!(config["User"], "65532:65532");
        assert_eq!(config["Entrypoint"], json!([program]));
        assert_eq!(config["Healthcheck"]["Test"], json!(["CMD", program, "--health"]));
        assert_eq!(config["ExposedPorts"], json!({ port: {} }));
        assert_eq!(config["Labels"]["org.opencontainers.image.version"], "1.0.0");
    }
}

#[test]
fn each_image_runs_as_a_stranger_without_a_daemon_and_serves() {
    for image in images(&Release::example()) {
        let run = |arguments: &[&str]| {
            let (layout, tag) = (image.layout.as_path(), image.tag.as_str());
            Container::prepare(&ImageRun { layout, tag, arguments, host_network: true })
        };
        let Some(version) = run(&["--version"]) else { return };
        let verdict = Verdict::of(&mut version.run()).accepted();
        assert_eq!(verdict.stdout.trim(), format!("{} 1.0.0", image.name));
        let container = run(&["--host", "127.0.0.1", "--port", "0"]).unwrap();
        let server = Server::start(&mut container.run(), Some(container.end()));
        assert_eq!(server.get("/health").status, 200);
        let state = Verdict::of(&mut container.state()).accepted().stdout;
        let state: Value = serde_json::from_str(&state).unwrap();
        let status = fs::read_to_string(format!("/proc/{}/status", state["pid"])).unwrap();
        let users: Vec<&str> = status.lines().filter(|line| line.starts_with("Uid:")).collect();
        assert_eq!(users, ["Uid:\t65532\t65532\t65532\t65532"]);
        // What the image's Healthcheck does, from a container of its own.
        let health = run(&["--health", "--port", server.port()]).unwrap();
        Verdict::of(&mut health.run()).accepted();
        let nobody = run(&["--health", "--port", "1"]).unwrap();
        Verdict::of(&mut nobody.run()).refused();
    }
}

#[test]
fn the_arm64_layer_holds_the_very_binary_of_the_release() {
    let release = Release::example();
    let (Some(crane), Some(registry)) = (judges::find("crane"), Registry::start()) else { return };
    for image in images(&release) {
        let reference = format!("{}/layers/{}:1", registry.address(), image.name);
        crane.run(&["push", image.layout.to_str().unwrap(), &reference]).accepted();
        let work = Scratch::new("export").unwrap();
        let archive = work.join("image.tar").display().to_string();
        crane.run(&["export", "--platform", "linux/arm64", &reference, &archive]).accepted();
        let mut tar = Command::new("tar");
        tar.args(["-xf", &archive, "-C"]).arg(work.path());
        Verdict::of(&mut tar).accepted();
        let shipped = release.dist.join(format!("binary/{}-linux-arm64", image.name));
        assert!(fs::read(work.join(&image.name)).unwrap() == fs::read(shipped).unwrap());
    }
}
