//! With a real engine: built twice from cold, in one job and in legs, always the same index;
//! sealed, verified, pushed, pulled, run, healthy.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use product_tests::judges::{self, Engine, Registry, Verdict};
use product_tests::product;
use product_tests::scratch::Scratch;
use serde_json::Value;

use super::tree::{HELLO, Tree, checksums, manifest, release};

/// A server with its own health check. It also reads a secret, and says in a file how long it was.
const SERVER: &str = r#"package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	if len(os.Args) == 4 && os.Args[1] == "check" {
		secret, err := os.ReadFile(os.Args[2])
		text := fmt.Sprintln(len(secret), os.Getenv("GREETING"), err)
		if err := os.WriteFile(os.Args[3], []byte(text), 0o644); err != nil {
			panic(err)
		}
		return
	}
	if len(os.Args) == 2 && os.Args[1] == "health" {
		if _, err := os.ReadFile("/tmp/ready"); err != nil {
			os.Exit(1)
		}
		return
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile("/tmp/ready", nil, 0o644); err != nil {
		panic(err)
	}
	fmt.Println("listening")
	listener.Accept()
}
"#;

/// The base: a program of ours on nothing else, which stands for any image of a registry.
fn base(registry: &Registry) -> String {
    let config = format!(
        "{}\n[[package]]\nname = \"base\"\nimage = {{ from = \"binary\" }}\n\
         binary = {{ go = \".\", platforms = [\"linux-amd64\", \"linux-arm64\"] }}\n",
        release(registry.address())
    );
    let module = "module example.com/base\n\ngo 1.24\n";
    let tree = Tree::write(&[
        ("package-actions.toml", config.as_str()),
        ("go.mod", module),
        ("main.go", SERVER),
    ]);
    let words = ["release", "--local", tree.folder(), "--offline"];
    product::run(&words).accepted();
    let reference = format!("{}/other/base:1.0.0", registry.address());
    let layout = tree.dist().join("oci/base");
    let crane = judges::find("crane").unwrap();
    crane.run(&["push", layout.to_str().unwrap(), &reference]).accepted();
    let digest = crane.run(&["digest", &reference]).accepted();
    format!("{}/other/base@{}", registry.address(), digest.stdout.trim())
}

/// Two packages: one is nothing but a Dockerfile over the base; the other takes its own program
/// from this release, a build argument, a stage and a secret.
fn write(registry: &Registry, base: &str) -> Tree {
    let clock = "\n[[package]]\nname = \"clock\"\nbinary = { go = \"clock\", \
                 platforms = [\"linux-amd64\", \"linux-arm64\"] }\n[package.image]\n\
                 dockerfile = \"clock/Dockerfile\"\ntarget = \"run\"\nfrom-release = [\"clock\"]\n\
                 build-args = { GREETING = \"good day\" }\nsecrets = [\"CANARY\"]\n";
    let config = format!("{}{HELLO}{clock}", release(registry.address()));
    let hello = format!(
        "FROM {base}\nCOPY Dockerfile /shared/\nUSER 65532:65532\n\
         HEALTHCHECK --interval=1s CMD [\"/base\", \"health\"]\nENTRYPOINT [\"/base\"]\n"
    );
    let steps = format!(
        "FROM --platform=$BUILDPLATFORM {base} AS check\nARG GREETING\nUSER 0\n\
         RUN --network=none --mount=type=secret,id=CANARY \
         [\"/base\", \"check\", \"/run/secrets/CANARY\", \"/checked\"]\n\
         FROM scratch AS run\nARG TARGETARCH\nCOPY --from=release clock-linux-$TARGETARCH /clock\n\
         COPY --from=check /checked /checked\nUSER 7\n\
         ENTRYPOINT [\"/clock\"]\nFROM scratch AS other\nCOPY nothing /\n"
    );
    Tree::write(&[
        ("package-actions.toml", config.as_str()),
        ("Dockerfile", &hello),
        ("clock/Dockerfile", &steps),
        ("clock/go.mod", "module example.com/clock\n\ngo 1.24\n"),
        ("clock/main.go", SERVER),
    ])
}

const SECRET: &str = "hunter2hunter2";

fn told(engine: &Engine, words: &[&str]) -> Verdict {
    let mut command = product::command();
    let tool = format!("docker={}", engine.client().display());
    command.args(words).args(["--tool", &tool]).env("CANARY", SECRET);
    Verdict::of(engine.tell(&mut command)).accepted()
}

/// Forgets all that the engine built and pulled.
fn cold(engine: &Engine) {
    for words in [["builder", "prune", "--all", "--force"], ["image", "prune", "--all", "--force"]]
    {
        Verdict::of(engine.command().args(words)).accepted();
    }
}

#[test]
#[ignore = "slow: a container engine builds and runs images"]
fn a_dockerfile_becomes_a_release_like_any_other() {
    let (Some(registry), Some(engine)) = (Registry::start(), Engine::start()) else { return };
    if judges::find("crane").is_none() {
        return;
    }
    let base = base(&registry);
    let tree = write(&registry, &base);
    told(&engine, &["release", "--local", tree.folder()]);
    product::run(&["verify", tree.dist().to_str().unwrap()]).accepted();
    let manifest = tree.manifest();
    let tools = manifest["tools"].to_string();
    assert!(tools.contains("docker-buildx") && !tools.contains("libdeflate"), "{tools}");
    no_secret(&tree.dist());
    let (digest, listed) = checksums(&tree.dist());

    // Another folder, nothing cached: the same bytes.
    cold(&engine);
    let again = write(&registry, &base);
    told(&engine, &["release", "--local", again.folder()]);
    assert_eq!(checksums(&again.dist()), (digest, listed.clone()));

    // A leg a machine, merged by someone without sources: the same bytes.
    cold(&engine);
    assert_eq!(checksums(&in_legs(&engine, &registry, &base).join("dist")).1, listed);

    served(&registry, &engine, &tree.dist(), &manifest);
}

fn no_secret(dist: &Path) {
    let found = Verdict::of(Command::new("grep").args(["-rl", SECRET]).arg(dist));
    assert_eq!(found.code, 1, "{}", found.told());
}

fn in_legs(engine: &Engine, registry: &Registry, base: &str) -> Scratch {
    let work = Scratch::new("legs").unwrap();
    fs::create_dir(work.join("came")).unwrap();
    let tree = write(registry, base);
    let planned = product::run(&["plan", tree.folder(), "--output", "json"]).accepted();
    let planned: Value = serde_json::from_str(&planned.stdout).unwrap();
    let digest = planned["digest"].as_str().unwrap();
    let matrix = product::run(&["plan", tree.folder(), "--output", "matrix"]).accepted();
    let matrix: Value = serde_json::from_str(&matrix.stdout).unwrap();
    let legs = matrix["include"].as_array().unwrap();
    let runners: Vec<&str> = legs.iter().map(|leg| leg["runner"].as_str().unwrap()).collect();
    let (usual, arm) = ("ubuntu-24.04", "ubuntu-24.04-arm");
    assert_eq!(runners, [usual, usual, arm, arm]);
    let mut command = product::command();
    command.arg("seal").arg(work.path()).args(["--sign", "none", "--plan", digest, "--legs"]);
    command.arg(work.join("came"));
    for number in (1..=legs.len()).map(|number| number.to_string()) {
        let tree = write(registry, base);
        let record = told(engine, &["build", tree.folder(), "--leg", &number, "--plan", digest]);
        command.args(["--record", record.stdout.trim()]);
        fs::rename(tree.dist(), work.join(format!("came/leg-{number}"))).unwrap();
    }
    Verdict::of(&mut command).accepted();
    product::run(&["verify", work.join("dist").to_str().unwrap()]).accepted();
    let manifest = manifest(&work.join("dist"));
    let built = |unit: &Value| unit["status"] == "built";
    assert!(manifest["units"].as_array().unwrap().iter().all(built), "{manifest}");
    work
}

/// Pushed by us, found valid by crane, pulled and run by the engine.
fn served(registry: &Registry, engine: &Engine, dist: &Path, manifest: &Value) {
    let dist = dist.to_str().unwrap();
    product::run(&["publish", dist, "--only", "oci"]).accepted();
    for (name, image) in [("hello", "/base"), ("clock", "/clock")] {
        let reference = format!("{}/team/{name}:1.0.0", registry.address());
        judges::run("crane", &["validate", "--remote", &reference]).map(Verdict::accepted);
        let digest = judges::run("crane", &["digest", &reference]).unwrap().accepted();
        let artifacts = manifest["artifacts"].as_array().unwrap();
        let index = artifacts
            .iter()
            .find(|artifact| artifact["kind"] == "image-index" && artifact["package"] == name);
        assert_eq!(index.unwrap()["digest"], digest.stdout.trim(), "{name}");
        for platform in ["linux/amd64", "linux/arm64"] {
            let words = ["config", "--platform", platform, &reference];
            let config = judges::run("crane", &words).unwrap().accepted().stdout;
            let config: Value = serde_json::from_str(&config).unwrap();
            assert_eq!(config["architecture"], platform.rsplit('/').next().unwrap());
            assert_eq!(config["config"]["Entrypoint"][0], image);
            let label = "org.opencontainers.image.version";
            assert_eq!(config["config"]["Labels"][label], "1.0.0");
        }
    }
    let docker = |words: &[&str]| Verdict::of(engine.command().args(words)).accepted();
    let hello = format!("{}/team/hello:1.0.0", registry.address());
    docker(&["run", "--detach", "--network=none", "--name", "hello", &hello]);
    let state = docker(&["inspect", "--format", "{{.Config.User}}", "hello"]);
    assert_eq!(state.stdout.trim(), "65532:65532");
    assert_eq!(health(engine, "hello"), "health_status: healthy");
    docker(&["rm", "--force", "hello"]);
    let clock = format!("{}/team/clock:1.0.0", registry.address());
    docker(&["create", "--name", "clock", &clock]);
    let work = Scratch::new("copied").unwrap();
    let to = work.join("checked");
    docker(&["cp", "clock:/checked", to.to_str().unwrap()]);
    let checked = fs::read_to_string(to).unwrap();
    assert_eq!(checked, format!("{} good day <nil>\n", SECRET.len()));
    docker(&["rm", "clock"]);
}

/// The first thing that the engine says of a container's health; it says it sooner or later.
fn health(engine: &Engine, container: &str) -> String {
    let filter = format!("container={container}");
    let mut command = engine.command();
    command.args(["events", "--since", "0", "--filter", "event=health_status", "--filter"]);
    command.args([&filter, "--format", "{{.Action}}"]).stdout(Stdio::piped());
    let mut events = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(events.stdout.take().unwrap()).read_line(&mut line).unwrap();
    events.kill().unwrap();
    events.wait().unwrap();
    line.trim().to_owned()
}
