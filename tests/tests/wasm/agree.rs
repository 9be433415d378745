//! The command line and the WASM modules answer one shared set of requests with the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use product_tests::judges::Verdict;
use product_tests::scratch::Scratch;
use product_tests::{product, repository};
use serde_json::json;

use super::cases::{self, Case};
use super::installed::Installed;

#[test]
fn the_command_line_and_wasm_answer_alike() {
    let Some(installed) = Installed::new() else { return };
    let room = Scratch::new("agree").unwrap();
    let cases = cases::all(&room);
    assert!(cases.len() >= 300, "only {} cases", cases.len());
    let list: Vec<_> = cases
        .iter()
        .map(|case| json!({ "step": case.step, "request": case.request, "file": case.file }))
        .collect();
    let file = room.join("cases.json");
    fs::write(&file, serde_json::to_vec(&list).unwrap()).unwrap();
    let script = repository::root().join("tests/tests/wasm/answers.mjs");
    let mut node = installed.node(&script);
    let told = Verdict::of(node.arg(installed.join("")).arg(&file)).accepted().stdout;
    let answers: Vec<String> = serde_json::from_str(&told).unwrap();
    assert_eq!(answers.len(), cases.len());

    let mut good: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (case, answer) in cases.iter().zip(answers) {
        let (line, exit) = native(case);
        assert_eq!(line, format!("{answer}\n"), "{}: {:.300}", case.step, case.request);
        let value: serde_json::Value = serde_json::from_str(&answer).unwrap();
        let problems = value["problems"].as_array().unwrap();
        let failed = problems.iter().any(|problem| problem["severity"] == "error");
        assert_eq!(failed, exit != 0, "{}: {:.300}", case.step, case.request);
        let tally = good.entry(case.step).or_default();
        if failed {
            tally.1 += 1
        } else {
            tally.0 += 1
        };
    }
    // Both kinds of every step, else the set shows little.
    for (step, (good, bad)) in good {
        println!("{step}: {good} good, {bad} bad");
        assert!(good > 0 && bad > 0, "{step}: {good} good, {bad} bad");
    }
}

fn native(case: &Case) -> (String, i32) {
    let mut command = product::command();
    match case.step {
        "merge" => command.args(["sbom", "--merge", "all"]),
        step => command.arg(step),
    };
    command.args(&case.file).args(["--request", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let request = case.request.clone();
    let writer = std::thread::spawn(move || stdin.write_all(request.as_bytes()));
    let done = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    (String::from_utf8(done.stdout).unwrap(), done.status.code().unwrap())
}
