//! Each format door alone, in a workflow of the user's own, in a repository without a
//! configuration: inputs say it all.

use forge::{Service, Setup};
use product_tests::judges::{self, Verdict};

use super::downstream::{Downstream, REPOSITORY};
use super::identity;

/// A repository whose only workflow is one job with this step, and a second one that prints an
/// output of it.
fn with_step(door: &str, with: &[(&str, &str)], output: &str) -> Option<Downstream> {
    with_step_in(Setup::default(), door, with, output)
}

/// The same in a world of this kind.
fn with_step_in(
    setup: Setup,
    door: &str,
    with: &[(&str, &str)],
    output: &str,
) -> Option<Downstream> {
    let down = Downstream::new(setup)?;
    let registry = down.registry();
    let with: String = with
        .iter()
        .map(|(name, value)| {
            format!("          {name}: {}\n", value.replace("REGISTRY", &registry))
        })
        .collect();
    let text = WORKFLOW.replace("DOOR", door).replace("WITH\n", &with).replace("OUTPUT", output);
    down.write(".github/workflows/w.yml", &text);
    Some(down)
}

const WORKFLOW: &str = "name: One
on: { push: { tags: [\"v*\"] } }
permissions: {}
jobs:
  one:
    runs-on: ubuntu-24.04
    permissions:
      contents: write
      packages: write
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - id: door
        uses: contextforge-org/package-actions/DOOR@v1
        with:
WITH
      - run: echo \"told=${TOLD}\"
        env:
          TOLD: ${{ steps.door.outputs.OUTPUT }}
";

#[test]
fn a_go_program_becomes_an_image_for_two_platforms() {
    let with = [
        ("from", "binary"),
        ("go", "servers/time"),
        ("image", "REGISTRY/team/clock"),
        ("name", "clock"),
    ];
    let Some(down) = with_step("oci", &with, "ref") else { return };
    down.copy_example("servers/time");
    let run = down.push_tag("v1.2.3").succeeded();
    let reference = format!("{}/team/clock:1.2.3", down.registry());
    judges::run("crane", &["validate", "--remote", &reference]).map(Verdict::accepted);
    assert!(run.told().starts_with(&format!("{reference}@sha256:")), "{}", run.told());
    let index = judges::run("crane", &["manifest", &reference]).map(Verdict::accepted);
    for platform in ["amd64", "arm64"] {
        assert!(index.as_ref().is_none_or(|index| index.stdout.contains(platform)));
    }
}

#[test]
fn a_chart_is_pushed_and_pulled() {
    let with = [("path", "charts/mcp-stack"), ("registry", "REGISTRY/team/charts")];
    let Some(down) = with_step("helm", &with, "ref") else { return };
    down.copy_example("charts/mcp-stack");
    let run = down.push_tag("v1.0.0").succeeded();
    assert!(run.told().contains("/team/charts/mcp-stack"), "{}", run.told());
    let to = product_tests::scratch::Scratch::new("chart").unwrap();
    let reference = format!("oci://{}/team/charts/mcp-stack", down.registry());
    let folder = to.path().to_str().unwrap();
    let words = ["pull", "--plain-http", &reference, "--version", "1.0.0", "--destination", folder];
    judges::run("helm4", &words).map(Verdict::accepted);
}

#[test]
fn a_wheel_is_uploaded_and_installs() {
    let with = [("path", "packages/translate")];
    let Some(mut down) = with_step("pypi", &with, "version") else { return };
    down.copy_example("packages/translate");
    down.set("UV_PUBLISH_TOKEN", "canary-of-the-index");
    let run = down.push_tag("v1.0.0").succeeded();
    assert_eq!(run.told(), "1.0.0");
    run.keeps(&["canary-of-the-index"]);
    super::whole::wheel(&down);
}

#[test]
fn a_wheel_is_uploaded_by_the_workflows_identity_and_no_secret() {
    let with = [("path", "packages/translate")];
    let trusting = identity::trusting("w.yml");
    let Some(mut down) = with_step_in(trusting, "pypi", &with, "written") else { return };
    down.copy_example("packages/translate");
    for (name, value) in identity::variables(&down) {
        down.set(&name, &value);
    }
    let run = down.push_tag("v1.0.0").succeeded();
    assert_eq!(run.told(), "2");
    run.keeps(&[identity::REQUEST]);
    identity::is_proven(&down);
}

#[test]
fn binaries_are_released_on_github() {
    let with =
        [("go", "servers/time"), ("name", "clock"), ("platforms", "linux-amd64,linux-arm64")];
    let Some(down) = with_step("binary", &with, "tag") else { return };
    down.copy_example("servers/time");
    let run = down.push_tag("v1.2.3").succeeded();
    assert_eq!(run.told(), "v1.2.3");
    let release = down.forge.github().published(REPOSITORY, "v1.2.3").cloned().unwrap();
    for name in ["clock-linux-amd64", "clock-linux-arm64", "checksums.txt"] {
        assert!(release.asset(name).is_some(), "{name}");
    }
    assert!(down.forge.url(Service::Api).starts_with("http"));
}
