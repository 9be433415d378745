//! `package-actions.toml`, and what is made of a tree: a plan, or a first proposal.

use config::{CONFIG_FILE, ignored_submodules, output_folder};
use model::{Diagnostics, MemoryTree, Plan};
use release::{PLANS, Selection, Surroundings};

use crate::Target;
use crate::parts::{join, tree};
use crate::properties::{all_accepted, bounded, located, must};
use crate::texts::text;

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "config",
        about: "a configuration alone: problems are bounded and lie within its text",
        seeds: || vec![OWN.as_bytes().to_vec(), EXAMPLE.as_bytes().to_vec(), RECIPES.into()],
        run: configuration,
    },
    Target {
        name: "plan",
        about: "a tree with its configuration: a plan reads back as itself",
        seeds: plans,
        run: plan,
    },
    Target {
        name: "proposal",
        about: "a tree without one: what is proposed for it is a configuration without mistakes",
        seeds: trees,
        run: propose,
    },
];

const OWN: &str = include_str!("../../package-actions.toml");
const EXAMPLE: &str = include_str!("../../examples/contextforge/package-actions.toml");
const RECIPES: &str = include_str!("../../tests/fixtures/every-recipe/package-actions.toml");

/// The manifests of the fixture that has a package for each recipe.
const FILES: &[(&str, &str)] = &[
    (
        "python/pyproject.toml",
        include_str!("../../tests/fixtures/every-recipe/python/pyproject.toml"),
    ),
    (
        "extension/pyproject.toml",
        include_str!("../../tests/fixtures/every-recipe/extension/pyproject.toml"),
    ),
    (
        "extension/Cargo.toml",
        include_str!("../../tests/fixtures/every-recipe/extension/Cargo.toml"),
    ),
    ("extension/Cargo.lock", ""),
    ("rust/Cargo.toml", include_str!("../../tests/fixtures/every-recipe/rust/Cargo.toml")),
    ("rust/src/main.rs", "fn main() {}\n"),
    ("go/go.mod", include_str!("../../tests/fixtures/every-recipe/go/go.mod")),
    ("go/main.go", include_str!("../../tests/fixtures/every-recipe/go/main.go")),
    ("chart/Chart.yaml", include_str!("../../tests/fixtures/every-recipe/chart/Chart.yaml")),
    ("chart/values.yaml", include_str!("../../tests/fixtures/every-recipe/chart/values.yaml")),
    (
        "dockerfile/Dockerfile",
        include_str!("../../tests/fixtures/every-recipe/dockerfile/Dockerfile"),
    ),
];

fn trees() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = FILES.iter().map(|file| join(&[*file])).collect();
    seeds.push(join(FILES));
    seeds
}

fn plans() -> Vec<Vec<u8>> {
    let whole: Vec<(&str, &str)> =
        [(CONFIG_FILE, RECIPES)].into_iter().chain(FILES.iter().copied()).collect();
    let small = "[release]\nversion = \"1.0.0\"\nregistry = \"r.example/o\"\n\n[[package]]\n\
                 name = \"a\"\nchart = { path = \"chart\" }\n";
    let chart = "apiVersion: v2\nname: a\nversion: 1.0.0\n";
    vec![join(&whole), join(&[(CONFIG_FILE, small), ("chart/Chart.yaml", chart)])]
}

fn configuration(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let tree = MemoryTree::new([(CONFIG_FILE, text)]);
    let mut problems = Diagnostics::new();
    let keys = plan::keys(PLANS);
    let read = config::read(&tree, &keys, &mut problems);
    bounded(&problems.0);
    located(&problems.0, CONFIG_FILE, text);
    assert!(read.is_some() || problems.has_errors(), "refused without a word");
    let folder = output_folder(text);
    assert!(folder.is_none() || read.is_some(), "{folder:?} of what cannot be read");
    let _ = ignored_submodules(text);
    let planned = release::plan(&tree, &Selection::default(), PLANS);
    if let Err(problems) = &planned {
        located(&problems.0, CONFIG_FILE, text);
    }
}

fn plan(bytes: &[u8]) {
    let tree = tree(bytes);
    let planned = release::plan(&tree, &Selection::default(), PLANS);
    let problems = match &planned {
        Ok(planned) => &planned.warnings,
        Err(problems) => problems,
    };
    for (path, text) in &tree.0 {
        located(&problems.0, path, text);
    }
    let Some(planned) = all_accepted(planned) else { return };
    let plan = planned.plan;
    let json = must("a plan", serde_json::to_string(&plan));
    let again: Plan = must("a plan that was written", serde_json::from_str(&json));
    assert_eq!(
        must("a plan", serde_json::to_string(&again)),
        json,
        "a plan differs once it is read"
    );
    assert_eq!(again.digest(), plan.digest());
    let _ = (release::matrix(&plan), release::table(&plan));
    for unit in &plan.units {
        assert!(plan.package(&unit.package).is_some(), "{} is of no package", unit.id);
    }
}

fn propose(bytes: &[u8]) {
    let mut tree = tree(bytes);
    tree.0.remove(CONFIG_FILE);
    let around = Surroundings {
        remotes: vec!["https://example.org/owner/demo".to_owned()],
        folder: "demo".to_owned(),
        ..Surroundings::default()
    };
    let proposal = release::discover(&tree, &around, release::FORMATS);
    if proposal.is_empty {
        return;
    }
    tree.0.insert(CONFIG_FILE.to_owned(), proposal.text.clone());
    let mut problems = Diagnostics::new();
    config::read(&tree, &plan::keys(PLANS), &mut problems);
    assert!(!problems.has_errors(), "{}\nof a proposal:\n{}", problems, proposal.text);
    let planned = release::plan(&tree, &Selection::default(), PLANS);
    let errors = planned.err().map(|problems| problems.to_string());
    assert_eq!(errors, None, "of a proposal:\n{}", proposal.text);
}
