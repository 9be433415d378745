//! Each format's action alone, in the workflow that its README has to copy, in a repository without
//! a configuration: inputs say it all.

use forge::{Service, Setup};
use product_tests::judges::{self, Verdict};
use product_tests::repository;

use super::downstream::{Downstream, REPOSITORY};
use super::identity;

/// A repository whose only workflow is the one that the action's README has, with addresses of
/// this forge in it.
fn of_readme(setup: Setup, action: &str) -> Option<Downstream> {
    let down = Downstream::new(setup)?;
    let path = repository::root().join(action).join("README.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, block) = text.split_once("```yaml\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let block = block.replace("ghcr.io/owner", &format!("{}/team", down.registry()));
    down.write(&format!(".github/workflows/{action}.yml"), &block);
    Some(down)
}

#[test]
fn a_go_program_becomes_an_image_for_two_platforms() {
    let Some(down) = of_readme(Setup::default(), "oci") else { return };
    down.copy_example("servers/time");
    let run = down.push_tag("v1.2.3").succeeded();
    let reference = format!("{}/team/time:1.2.3", down.registry());
    judges::run("crane", &["validate", "--remote", &reference]).map(Verdict::accepted);
    assert!(run.says(&format!("pushed {reference}@sha256:")), "{}", run.verdict.told());
    let index = judges::run("crane", &["manifest", &reference]).map(Verdict::accepted);
    for platform in ["amd64", "arm64"] {
        assert!(index.as_ref().is_none_or(|index| index.stdout.contains(platform)));
    }
}

#[test]
fn a_chart_is_pushed_and_pulled() {
    let Some(down) = of_readme(Setup::default(), "helm") else { return };
    down.copy_example("charts/mcp-stack");
    let run = down.push_tag("v1.0.0").succeeded();
    let reference = format!("oci://{}/team/charts/mcp-stack", down.registry());
    assert!(run.says(&format!("pushed {reference}:1.0.0")), "{}", run.verdict.told());
    let to = product_tests::scratch::Scratch::new("chart").unwrap();
    let folder = to.path().to_str().unwrap();
    let words = ["pull", "--plain-http", &reference, "--version", "1.0.0", "--destination", folder];
    judges::run("helm4", &words).map(Verdict::accepted);
}

#[test]
fn a_wheel_is_uploaded_by_a_token_and_installs() {
    let Some(mut down) = of_readme(Setup::default(), "pypi") else { return };
    down.copy_example("packages/translate");
    down.set("UV_PUBLISH_TOKEN", "canary-of-the-index");
    let run = down.push_tag("v1.0.0").succeeded();
    run.keeps(&["canary-of-the-index"]);
    super::whole::wheel(&down);
}

#[test]
fn a_wheel_is_uploaded_by_the_workflows_identity_and_no_secret() {
    let Some(down) = of_readme(identity::trusting("pypi.yml"), "pypi") else { return };
    down.copy_example("packages/translate");
    identity::hand_over(&down, "pypi");
    let run = down.push_tag("v1.0.0").succeeded();
    assert!(run.says("uploaded [\"/"), "{}", run.verdict.told());
    run.keeps(&[identity::REQUEST]);
    identity::is_proven(&down);
}

#[test]
fn binaries_are_released_on_github() {
    let Some(down) = of_readme(Setup::default(), "binary") else { return };
    down.copy_example("servers/time");
    let run = down.push_tag("v1.2.3").succeeded();
    assert!(run.says("released v1.2.3"), "{}", run.verdict.told());
    let release = down.forge.github().published(REPOSITORY, "v1.2.3").cloned().unwrap();
    for name in ["clock-linux-amd64", "clock-linux-arm64", "checksums.txt"] {
        assert!(release.asset(name).is_some(), "{name}");
    }
    assert!(down.forge.url(Service::Api).starts_with("http"));
}
