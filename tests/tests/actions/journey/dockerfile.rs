//! The action for images where a repository holds nothing but a Dockerfile, with a real engine: two
//! platforms, pushed, pulled by strangers, run, healthy.

use forge::Setup;
use product_tests::base;
use product_tests::judges::{self, Engine, Registry, Verdict};
use product_tests::scratch::Scratch;
use serde_json::Value;

use super::downstream::Downstream;

const WORKFLOW: &str = r#"name: Image
on: { push: { tags: ["v*"] } }
permissions: {}
jobs:
  image:
    runs-on: ubuntu-24.04
    permissions:
      contents: read
      packages: write
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - id: image
        uses: contextforge-org/package-actions/oci@v1
        with:
          image: REGISTRY/team/hello
MORE
      - run: echo "told=${REF} ${DIGESTS}"
        env:
          REF: ${{ steps.image.outputs.ref }}
          DIGESTS: ${{ steps.image.outputs.digests }}
"#;

/// What the second push hands to the Dockerfile.
const MORE: &str = "          target: run
          build-args: |
            GREETING=good day
            UNUSED=$(touch /executed) `id` '\"
          secrets: CANARY
        env:
          CANARY: ${{ secrets.CANARY }}";

const SECRET: &str = "canary-of-the-dockerfile";

/// One stage, no input.
fn plain(base: &str) -> String {
    format!(
        "FROM {base}\nCOPY Dockerfile /shared/\nUSER 65532:65532\n\
         HEALTHCHECK --interval=1s CMD [\"/base\", \"health\"]\nENTRYPOINT [\"/base\"]\n"
    )
}

/// A build argument, a secret that is read while it is built, and a stage that cannot be built.
fn staged(base: &str) -> String {
    format!(
        "FROM --platform=$BUILDPLATFORM {base} AS check\nARG GREETING\nARG UNUSED\nUSER 0\n\
         RUN --network=none --mount=type=secret,id=CANARY \
         [\"/base\", \"check\", \"/run/secrets/CANARY\", \"/checked\"]\n\
         FROM {base} AS run\nCOPY --from=check /checked /checked\nUSER 7\n\
         ENTRYPOINT [\"/base\"]\nFROM scratch\nCOPY nothing /\n"
    )
}

#[test]
#[ignore = "slow dockerfile: a container engine builds and runs images"]
fn a_repository_with_nothing_but_a_dockerfile_becomes_an_image_that_runs_and_is_healthy() {
    let (Some(registry), Some(engine)) = (Registry::start(), Engine::start()) else { return };
    let Some(base) = base::push(&registry) else { return };
    let Some(mut down) = Downstream::new(Setup::default()) else { return };
    for (name, value) in engine.variables() {
        down.set(name, &value);
    }
    down.programs(judges::judges_root().join("bin"));
    down.secret("CANARY", SECRET);
    let workflow = WORKFLOW.replace("REGISTRY", &down.registry());
    down.write("Dockerfile", &plain(&base));
    down.write(".github/workflows/w.yml", &workflow.replace("MORE\n", ""));
    let run = down.push_tag("v1.0.0").succeeded();
    let reference = pulled(&down, run.told(), "1.0.0");
    let docker = |words: &[&str]| Verdict::of(engine.command().args(words)).accepted();
    docker(&["run", "--detach", "--network=none", "--name", "hello", &reference]);
    assert_eq!(engine.health("hello"), "health_status: healthy");
    docker(&["rm", "--force", "hello"]);

    down.write("Dockerfile", &staged(&base));
    down.write(".github/workflows/w.yml", &workflow.replace("MORE", MORE));
    down.new_run();
    let run = down.push_tag("v1.1.0").succeeded();
    run.keeps(&[SECRET]);
    let reference = pulled(&down, run.told(), "1.1.0");
    docker(&["create", "--name", "staged", &reference]);
    let work = Scratch::new("copied").unwrap();
    let to = work.join("checked");
    docker(&["cp", "staged:/checked", to.to_str().unwrap()]);
    let checked = std::fs::read_to_string(to).unwrap();
    assert_eq!(checked, format!("{} good day <nil>\n", SECRET.len()));
    docker(&["rm", "staged"]);
    assert!(!std::path::Path::new("/executed").exists());
}

/// What the action reported is what crane finds, for both platforms; gives the reference.
fn pulled(down: &Downstream, told: &str, version: &str) -> String {
    let crane = judges::find("crane").unwrap();
    let reference = format!("{}/team/hello:{version}", down.registry());
    crane.run(&["validate", "--remote", &reference]).accepted();
    let digest = crane.run(&["digest", &reference]).accepted().stdout;
    let (found, digests) = told.split_once(' ').unwrap();
    assert_eq!(found, format!("{reference}@{}", digest.trim()));
    let digests: Value = serde_json::from_str(digests).unwrap();
    for platform in ["linux/amd64", "linux/arm64"] {
        let words = ["digest", "--platform", platform, &reference];
        let digest = crane.run(&words).accepted().stdout;
        assert_eq!(digests[platform.replace('/', "-")], digest.trim(), "{digests}");
    }
    let to = Scratch::new("pulled").unwrap();
    let tar = to.join("image.tar");
    crane.run(&["pull", &reference, tar.to_str().unwrap()]).accepted();
    crane.run(&["validate", "--tarball", tar.to_str().unwrap()]).accepted();
    reference
}
