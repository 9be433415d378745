//! What is asked for on the command line and is not there.

use super::tree::Tree;

#[test]
fn a_selection_of_what_is_not_there_is_refused() {
    let check = |words: &[&str], expected: &str| {
        let tree = Tree::good();
        tree.refuses(&[&["plan"], words].concat(), &[expected]);
        tree.refuses(&[&["release", "--local", "--offline"], words].concat(), &[expected]);
    };
    check(&["--package", "zz"], "error[select-unknown-package]");
    check(&["--package", ""], "error[select-unknown-package]");
    check(&["--package", "a", "--format", "helm"], "error[select-nothing]");
    check(&["--max-legs", "0"], "error[plan-max-legs]");
    check(&["--max-legs", "65"], "error[plan-max-legs]");
}

#[test]
fn a_word_that_the_command_line_does_not_know_is_refused() {
    let check = |words: &[&str]| {
        let told = Tree::good().run(words);
        assert_eq!(told.code, 2, "{}", told.told());
        assert!(told.stderr.starts_with("error: ") && told.stdout.is_empty(), "{}", told.told());
    };
    check(&["plan", "--format", "rpm"]);
    check(&["plan", "--platform", "linux-amd65"]);
    check(&["plan", "--max-legs", "many"]);
    check(&["plan", "--output", "xml"]);
    check(&["plan", "--pakage", "a"]);
    check(&["plann"]);
    check(&["verify"]);
}

#[test]
fn a_matrix_of_anything_but_a_plan_is_refused_before_anything_is_done() {
    let tree = Tree::good();
    for words in [&["release", "--local", "--offline"][..], &["init"]] {
        tree.refuses(&[words, &["--output", "matrix"]].concat(), &["error[usage-output]"]);
    }
    assert_eq!(tree.run(&["plan", "--output", "matrix"]).code, 0);
}

#[test]
fn a_problem_is_json_for_machines() {
    let tree = Tree::good();
    let told = tree.run(&["plan", "--package", "zz", "--output", "json"]);
    assert_eq!(told.code, 2, "{}", told.told());
    let json: serde_json::Value = serde_json::from_str(&told.stderr).unwrap();
    assert_eq!(json["problems"][0]["code"], "select-unknown-package");
    assert!(json["problems"][0]["help"].is_string());
}

#[test]
fn a_key_or_tool_that_cannot_be_used_is_refused_before_anything_is_built() {
    let check = |words: &[&str], expected: &str| {
        let tree = Tree::good();
        tree.put("not.pem", b"-----BEGIN PUBLIC KEY-----\n");
        let words = [&["release", "--local", "--offline"], words].concat();
        tree.refuses(&words, &[expected]);
    };
    check(&["--sign", "pgp"], "error[usage-sign]");
    check(&["--sign", "key:gone.pem"], "gone.pem: error[key-unreadable]");
    check(&["--sign", "key:a"], "a: error[key-unreadable]");
    check(&["--sign", "key:not.pem"], "not.pem: error[key-format]");
    check(&["--tool", "helm"], "error[usage-tool]");
}
