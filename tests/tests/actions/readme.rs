//! The README's first screen is true: each of its three ways in is run as it stands there.

use std::process::Command;

use forge::Setup;
use product_tests::judges::{self, Verdict};
use product_tests::yaml::Node;
use product_tests::{product, repository};

use crate::definitions::{Definitions, Kind, OWN};
use crate::journey::Downstream;

/// The blocks of the README in this language, without their indentation.
fn blocks(language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(repository::root().join("README.md")).unwrap();
    let mut found = Vec::new();
    for part in text.split("```").skip(1).step_by(2) {
        let Some((first, body)) = part.split_once('\n') else { continue };
        if first.trim() == language {
            let indent = body.len() - body.trim_start().len();
            let lines = body.lines().map(|line| line.get(indent..).unwrap_or_default());
            found.push(lines.map(|line| format!("{line}\n")).collect());
        }
    }
    found
}

/// What the README of an action says otherwise than its `action.yml`: its tables, its block.
fn differs(action: &Node, readme: &str) -> Vec<String> {
    let mut expected = Vec::new();
    for (name, _, input) in action.get("inputs").into_iter().flat_map(Node::pairs) {
        let text = |key: &str| input.get(key).and_then(Node::text).unwrap_or_default().to_owned();
        let default = match (text("required").as_str(), text("default")) {
            ("true", _) => "required".to_owned(),
            (_, default) if default.is_empty() => String::new(),
            (_, default) => format!("`{default}`"),
        };
        expected.push(format!("| `{name}` | {} | {default} |", text("description")));
    }
    for (name, _, output) in action.get("outputs").into_iter().flat_map(Node::pairs) {
        let told = output.get("description").and_then(Node::text).unwrap_or_default();
        expected.push(format!("| `{name}` | {told} |"));
    }
    let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let found: Vec<String> =
        readme.lines().filter(|line| line.starts_with("| `")).map(squeezed).collect();
    let expected: Vec<String> = expected.iter().map(|row| squeezed(row)).collect();
    let missing = expected.iter().filter(|row| !found.contains(row));
    let more = found.iter().filter(|row| !expected.contains(row));
    let rows = missing.map(|row| format!("missing: {row}"));
    rows.chain(more.map(|row| format!("too much: {row}"))).collect()
}

#[test]
fn every_action_has_a_readme_with_its_inputs_and_outputs_as_they_are() {
    let definitions = Definitions::of_the_repository();
    let actions =
        definitions.all().filter(|file| file.kind == Kind::Action && file.path != "action.yml");
    let mut count = 0;
    for file in actions {
        let path = file.path.replace("action.yml", "README.md");
        let readme = std::fs::read_to_string(repository::root().join(&path)).expect(&path);
        let found = differs(&file.node, &readme);
        assert!(found.is_empty(), "{path}:\n{}", found.join("\n"));
        let name = path.trim_end_matches("/README.md");
        assert!(readme.contains(&format!("uses: {OWN}/{name}@v1\n")), "{path} has no block");
        count += 1;
    }
    assert!(count > 12, "only {count}");
}

#[test]
fn a_readme_that_lags_behind_its_action_is_found() {
    let action = "inputs:\n  a:\n    description: A thing\n    default: x\noutputs:\n  b:\n    \
                  description: Another\n";
    let action = product_tests::yaml::parse(action).unwrap();
    let check = |readme: &str, expected: usize| {
        let found = differs(&action, readme);
        assert_eq!(found.len(), expected, "{found:?}");
    };
    check("| `a` | A thing | `x` |\n| `b` | Another |\n", 0);
    check("| `a` | A thing | `y` |\n| `b` | Another |\n", 2);
    check("| `a` | A thing | `x` |\n", 1);
    check("| `a` | A thing | `x` |\n| `b` | Another |\n| `c` | Gone | |\n", 1);
}

/// Runs a block where the repository is, with the product on the PATH.
fn follow(down: &Downstream, block: &str) {
    let programs = product::binary().parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::iter::once(programs).chain(std::env::split_paths(&path));
    let mut shell = Command::new("bash");
    shell.arg("-euc").arg(block).current_dir(down.repository());
    shell.env("PATH", std::env::join_paths(places).unwrap());
    Verdict::of(&mut shell).accepted();
}

#[test]
fn the_template_and_the_laptop_block_run_one_after_the_other() {
    let Some(down) = Downstream::new(Setup::default()) else { return };
    let blocks = blocks("sh");
    assert_eq!(blocks.len(), 2, "{blocks:?}");
    down.copy_example("charts/mcp-stack");
    down.write("LICENSE", "Apache-2.0\n");
    down.commit();
    follow(&down, &blocks[0]);
    let read = |path: &str| std::fs::read_to_string(path).unwrap();
    let copied = down.repository().join(".github/workflows/release.yml");
    let template = repository::root().join("workflows/release.yml");
    assert_eq!(read(copied.to_str().unwrap()), read(template.to_str().unwrap()));
    down.commit();
    follow(&down, &blocks[1]);
    assert!(down.repository().join("dist/release.json").is_file());
}

#[test]
fn the_action_of_the_readme_pushes_its_image() {
    let Some(down) = Downstream::new(Setup::default()) else { return };
    let block =
        blocks("yaml").remove(0).replace("ghcr.io/my-org", &format!("{}/team", down.registry()));
    let step: String = block.lines().map(|line| format!("      {line}\n")).collect();
    let head = "name: One\non: { push: { tags: [\"v*\"] } }\npermissions: {}\njobs:\n  one:\n    \
                runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v7\n";
    down.write(".github/workflows/w.yml", &format!("{head}{step}"));
    down.copy_example("servers/time");
    down.push_tag("v1.2.3").succeeded();
    let reference = format!("{}/team/time:1.2.3", down.registry());
    judges::run("crane", &["validate", "--remote", &reference]).map(Verdict::accepted);
}
