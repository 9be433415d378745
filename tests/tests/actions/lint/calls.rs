//! What is called exists, takes what it is handed, and gets what it needs.

use product_tests::yaml::Node;

use crate::definitions::{Call, Definition, Definitions, Kind, own_path};

/// Node's generation that runners have; older ones are gone.
const NODE: &str = "node24";

/// Inputs and secrets are declared, and the required ones are given.
pub fn callers_hand_over_what_is_declared(definitions: &Definitions) -> Vec<String> {
    let mut found = Vec::new();
    for file in definitions.all() {
        for call in file.calls() {
            match definitions.target(call.uses) {
                Some(target) => found.extend(handed(file, &call, target)),
                None if own_path(call.uses).is_some() => {
                    found.push(file.finding(call.line, format!("`{}` is not there", call.uses)));
                }
                None => {}
            }
        }
    }
    found
}

fn handed(file: &Definition, call: &Call<'_>, target: &Definition) -> Vec<String> {
    let mut found = Vec::new();
    let secrets = target.node.at(&["on", "workflow_call", "secrets"]);
    for (given, declared, what) in
        [("with", target.inputs(), "input"), ("secrets", secrets, "secret")]
    {
        let given = call.node.get(given);
        for (key, line, _) in given.into_iter().flat_map(Node::pairs) {
            if declared.and_then(|declared| declared.get(key)).is_none() {
                let what = format!("`{}` has no {what} `{key}`", call.uses);
                found.push(file.finding(*line, what));
            }
        }
        for (key, _, facts) in declared.into_iter().flat_map(Node::pairs) {
            let needed = facts.text_of("required") == Some("true");
            if needed && given.and_then(|given| given.get(key)).is_none() {
                let what = format!("`{}` needs the {what} `{key}`", call.uses);
                found.push(file.finding(call.line, what));
            }
        }
    }
    found
}

/// `main`, `pre` and `post` name files, and `using` names today's Node or a composite.
pub fn mains_exist_and_run_on_todays_node(definitions: &Definitions) -> Vec<String> {
    let mut found = Vec::new();
    for file in definitions.all().filter(|file| file.kind == Kind::Action) {
        let Some(runs) = file.node.get("runs") else {
            found.push(file.finding(1, "no `runs`"));
            continue;
        };
        match runs.text_of("using") {
            Some("composite") => {}
            Some(NODE) if runs.get("main").is_some() => {}
            Some(NODE) => found.push(file.finding(runs.line, "no `main`")),
            other => {
                let what = format!("`using: {}`, not {NODE}", other.unwrap_or_default());
                found.push(file.finding(runs.line, what));
            }
        }
        for program in ["main", "pre", "post"].iter().filter_map(|key| runs.get(key)) {
            let path = beside(&file.path, program.text().unwrap_or_default());
            if !definitions.has_file(&path) {
                found.push(file.finding(program.line, format!("`{path}` does not exist")));
            }
        }
    }
    found
}

/// A path from the folder of `path`, `..` taken away.
fn beside(path: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::super::expect;
    use super::*;

    const TARGET: (&str, &str) = (
        "actions/x/action.yml",
        "inputs: {a: {required: true}, b: {}}\nruns: {using: composite, steps: []}\n",
    );
    const CALLED: (&str, &str) = (
        ".github/workflows/y.yml",
        "on:\n  workflow_call:\n    inputs: {a: {required: true}}\n    secrets: {k: {}}\n",
    );

    fn call(line: &str) -> String {
        format!("jobs:\n  j:\n    steps:\n      - {line}\n")
    }

    #[test]
    fn undeclared_and_missing_inputs_and_absent_actions_are_found() {
        let check = |text: &str, expected: &[&str]| {
            let files = [TARGET, CALLED, ("workflows/t.yml", text)];
            expect(callers_hand_over_what_is_declared, &files, expected);
        };
        check(&call("{uses: $/actions/x, with: {a: 1, b: 2}}"), &[]);
        check(&call("{uses: $/actions/x, with: {a: 1, c: 2}}"), &["no input `c`"]);
        check(&call("{uses: contextforge-org/package-actions/actions/x@v1}"), &["input `a`"]);
        check(&call("{uses: $/actions/z}"), &["is not there"]);
        check(&call("{uses: a/b@v1, with: {z: 1}}"), &[]);
        check("jobs: {j: {uses: $/.github/workflows/y.yml, with: {a: 1}, secrets: {k: 1}}}", &[]);
        check(
            "jobs: {j: {uses: $/.github/workflows/y.yml, with: {b: 1}, secrets: {l: 1}}}",
            &["no input `b`", "needs the input `a`", "no secret `l`"],
        );
    }

    #[test]
    fn an_absent_main_and_an_old_node_are_found() {
        let check = |runs: &str, expected: &[&str]| {
            let files = [("wasm/x.js", ""), ("a/b/action.yml", &format!("runs: {{{runs}}}\n"))];
            expect(mains_exist_and_run_on_todays_node, &files, expected);
        };
        check("using: node24, main: ../../wasm/x.js", &[]);
        check("using: composite, steps: []", &[]);
        check("using: node24, main: x.js", &["`a/b/x.js` does not exist"]);
        check("using: node24", &["no `main`"]);
        check("using: node20, main: ../../wasm/x.js", &["not node24"]);
        check("using: docker, image: Dockerfile", &["not node24"]);
    }
}
