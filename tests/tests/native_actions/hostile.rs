//! Hostile texts through every input of every native action.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use product_tests::scratch::Scratch;

use crate::step::Step;

/// An action, its folder, and the inputs that lead it as far as it goes without doing much.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const CASES: &[Case] = &[
    ("build", "actions/build", &[("leg", "1"), ("plan", DIGEST)]),
    ("seal", "actions/seal", &[("legs", "legs"), ("plan", DIGEST), ("records", "{}")]),
    ("sign", "actions/sign", &[("manifest", DIGEST), ("sign", "local")]),
    ("publish", "actions/publish", &[("manifest", DIGEST)]),
    ("oci", "oci", &[("go", "nowhere"), ("image", "127.0.0.1:1/a/b")]),
    ("pypi", "pypi", &[("path", "nowhere")]),
    ("helm", "helm", &[("path", "nowhere")]),
    ("binary", "binary", &[("go", "nowhere")]),
    ("release", ".", &[]),
];

/// The inputs that an action hands on, as its `action.yml` has them.
fn inputs(folder: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join(folder).join("action.yml")).unwrap();
    let handed: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("INPUT_")?.split_once(':'))
        .map(|(name, value)| {
            let name = name.to_lowercase().replace('_', "-");
            assert_eq!(value.trim(), format!("${{{{ inputs.{name} }}}}"), "in {folder}");
            name
        })
        .collect();
    assert!(handed.len() > 3, "{folder} hands on {handed:?}");
    handed
}

fn step(case: &Case, name: &str, value: &str) -> Step {
    let (action, _, base) = case;
    let base = base.iter().fold(Step::of(action), |step, (name, value)| step.input(name, value));
    base.input(name, value)
}

#[test]
fn every_input_of_every_action_reaches_it_and_has_a_limit() {
    let long = "x".repeat(100 << 10);
    let work = Scratch::new("hostile").unwrap();
    fs::write(work.join("LICENSE"), "MIT\n").unwrap();
    for case in CASES {
        for name in inputs(case.1) {
            let ended = step(case, &name, &long).run(work.path()).refused("input-wrong");
            let words = format!("the input `{name}`: `xxx");
            assert!(ended.verdict.stdout.contains(&words), "{}", ended.told());
            let size = ended.told().len();
            assert!(size < 8 << 10, "{} {name} says {size} bytes", case.0);
        }
    }
}

#[test]
fn nothing_that_an_input_holds_is_executed_or_obeyed() {
    let work = Scratch::new("hostile").unwrap();
    fs::create_dir(work.join("legs")).unwrap();
    let texts = [
        "$(touch PWNED)",
        "`touch PWNED`",
        "\"; touch PWNED; \"",
        "a\n::set-output name=pwned::yes",
        "a%0A::set-output name=pwned::yes",
        "::error::a\r\n::add-mask::b",
        "--help",
        "-rf",
        "../../../etc/passwd",
        "\u{202e}\u{1f4a9}\u{0301}é",
        "<script>alert(1)</script>|`*[x](y)",
        "a]]\nname = \"pwned\"",
        "\"\"\"\n[[package]]",
    ];
    for case in CASES {
        for name in inputs(case.1) {
            for text in texts {
                let ended = step(case, &name, text).run(work.path());
                // Nothing is there to be built, so every action says no, and why.
                let told = ended.told();
                assert!((1..=3).contains(&ended.verdict.code), "{name} = {text:?}: {told}");
                assert!(ended.verdict.stdout.contains("error["), "{name} = {text:?}: {told}");
                assert!(!work.join("PWNED").exists(), "{name} = {text:?}: {told}");
                assert!(ended.outputs.is_empty(), "{name} = {text:?}: {told}");
                assert!(!ended.summary.contains("<script>"), "{name} = {text:?}: {told}");
            }
        }
    }
    let left: Vec<_> = fs::read_dir(work.path()).unwrap().flatten().collect();
    assert!(left.len() == 1, "{left:?}");
}
