//! Three hundred units over sixteen jobs.

use std::fmt::Write as _;

use forge::Setup;
use serde_json::Value;

use super::downstream::Downstream;

const PACKAGES: usize = 300;

const WORKFLOW: &str = "name: Many
on: { push: { tags: [\"v*\"] } }
permissions: {}
jobs:
  many:
    uses: contextforge-org/package-actions/.github/workflows/pypi.yml@v1
    permissions:
      contents: read
    with:
      packages: many-*
      sign: local
";

#[test]
#[ignore = "slow actions: sixteen jobs, each with an environment of its own"]
fn three_hundred_units_are_built_in_sixteen_legs_and_merged() {
    let Some(down) = Downstream::new(Setup::default()) else { return };
    let mut config =
        "[release]\nversion = \"1.0.0\"\nrepository = \"https://github.com/owner/repo\"\n\n\
                      [[package]]\nname = \"lib\"\npython = { path = \"lib\" }\n"
            .to_owned();
    for number in 0..PACKAGES {
        let _ = write!(
            config,
            "\n[[package]]\nname = \"many-{number:03}\"\ndescription = \"One of many\"\n\
             license = \"MIT\"\npython = {{ meta = \"lib\" }}\n"
        );
    }
    down.write("package-actions.toml", &config);
    down.write("lib/pyproject.toml", "[project]\nname = \"lib\"\nversion = \"1.0.0\"\n");
    down.write(".github/workflows/many.yml", WORKFLOW);
    down.push_tag("v1.0.0").succeeded();
    let legs = down.artifacts().into_iter().filter(|name| name.starts_with("leg-")).count();
    assert_eq!(legs, 16);
    let manifest: Value =
        serde_json::from_str(&down.artifact_file("release", "release.json")).unwrap();
    let units = manifest["units"].as_array().unwrap();
    assert_eq!(units.len(), PACKAGES);
    assert!(units.iter().all(|unit| unit["status"] == "built"), "{units:#?}");
}
