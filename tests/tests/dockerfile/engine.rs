//! With a real engine: built twice from cold, in one job and in legs, always the same index;
//! sealed, verified, pushed, pulled, run, healthy.

use std::fs;
use std::path::Path;
use std::process::Command;

use product_tests::base::{self, SERVER};
use product_tests::judges::{self, Engine, Registry, Verdict};
use product_tests::product;
use product_tests::scratch::Scratch;
use serde_json::Value;

use super::tree::{HELLO, Tree, checksums, manifest, release};

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
#[ignore = "slow dockerfile: a container engine builds and runs images"]
fn a_dockerfile_becomes_a_release_like_any_other() {
    let (Some(registry), Some(engine)) = (Registry::start(), Engine::start()) else { return };
    let Some(base) = base::push(&registry) else { return };
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
    assert_eq!(engine.health("hello"), "health_status: healthy");
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
