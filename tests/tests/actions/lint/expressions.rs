//! Names in expressions mean something, and no expression stands where a shell would read it.

use std::collections::BTreeSet;

use product_tests::yaml::Node;

use super::words::names;
use crate::definitions::{Definition, Definitions, Kind, call};

/// `inputs`, `secrets`, `steps`, `needs` and `jobs` name what is there.
pub fn names_in_expressions_exist(definitions: &Definitions) -> Vec<String> {
    definitions.all().flat_map(|file| in_one(definitions, file)).collect()
}

/// `run:` takes its values from `env:`.
pub fn no_expression_stands_in_a_command(definitions: &Definitions) -> Vec<String> {
    let mut found = Vec::new();
    for file in definitions.all() {
        for (_, steps) in file.step_lists() {
            for run in steps.iter().filter_map(|step| step.get("run")) {
                if run.text().is_some_and(|text| text.contains("${{")) {
                    found.push(file.finding(run.line, "an expression inside `run:`"));
                }
            }
        }
    }
    found
}

fn in_one(definitions: &Definitions, file: &Definition) -> Vec<String> {
    let mut found = Vec::new();
    let declared: BTreeSet<&str> =
        [file.inputs(), file.node.at(&["on", "workflow_dispatch", "inputs"])]
            .into_iter()
            .flatten()
            .flat_map(Node::keys)
            .collect();
    for (line, name) in all_names(&file.node) {
        if let ["inputs", key] = parts(name)[..]
            && !declared.contains(key)
        {
            found.push(file.finding(line, format!("the input `{key}` is not declared")));
        }
    }
    for (name, steps) in file.step_lists() {
        let around = if file.kind == Kind::Action {
            file.node.clone()
        } else {
            file.node.at(&["jobs", name]).cloned().unwrap_or_else(|| file.node.clone())
        };
        for (line, name) in all_names(&around) {
            found.extend(
                step_problem(definitions, &steps, name).map(|what| file.finding(line, what)),
            );
        }
    }
    for (name, job) in file.jobs() {
        for (line, used) in all_names(job) {
            let of = |key: &str| (parts(used).first() == Some(&key)).then(|| parts(used));
            if let Some(path) = of("needs") {
                let known = listed(job.get("needs"));
                let what = job_problem(definitions, file, &path, Some(&known));
                found.extend(what.map(|what| file.finding(line, format!("job `{name}`: {what}"))));
            }
        }
    }
    for (line, used) in file.node.at(&["on", "workflow_call", "outputs"]).map_or(vec![], all_names)
    {
        let what = job_problem(definitions, file, &parts(used), None);
        found.extend(what.map(|what| file.finding(line, what)));
    }
    found
}

fn step_problem(definitions: &Definitions, steps: &[&Node], name: &str) -> Option<String> {
    let ["steps", id, rest @ ..] = &parts(name)[..] else { return None };
    let Some(step) = steps.iter().find(|step| step.text_of("id") == Some(id)) else {
        return Some(format!("there is no step `{id}`"));
    };
    let target = call(step).and_then(|call| definitions.target(call.uses))?;
    let ["outputs", output] = rest else { return None };
    let absent = !target.outputs().contains(output);
    absent.then(|| format!("`{}` has no output `{output}`", target.path))
}

/// `needs.JOB.outputs.X` and `jobs.JOB.outputs.X`.
fn job_problem(
    definitions: &Definitions,
    file: &Definition,
    path: &[&str],
    needs: Option<&[&str]>,
) -> Option<String> {
    let [_, id, rest @ ..] = path else { return None };
    let Some(job) = file.node.at(&["jobs", id]) else {
        return Some(format!("there is no job `{id}`"));
    };
    if needs.is_some_and(|needs| !needs.contains(id)) {
        return Some(format!("it does not need `{id}`"));
    }
    let ["outputs", output] = rest else { return None };
    let known: BTreeSet<&str> = match call(job) {
        Some(call) => definitions.target(call.uses)?.outputs(),
        None => job.get("outputs").into_iter().flat_map(Node::keys).collect(),
    };
    (!known.contains(output)).then(|| format!("the job `{id}` has no output `{output}`"))
}

fn parts(name: &str) -> Vec<&str> {
    name.split('.').collect()
}

fn listed(needs: Option<&Node>) -> Vec<&str> {
    let one = needs.and_then(Node::text);
    let many = needs.into_iter().flat_map(Node::items).filter_map(Node::text);
    one.into_iter().chain(many).collect()
}

/// All names in expressions below a node; the text of an `if` is one.
fn all_names(node: &Node) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (line, text) in node.texts() {
        found.extend(names(text, false).into_iter().map(|name| (line, name)));
    }
    for condition in conditions(node) {
        let text = condition.text().unwrap_or_default();
        if !text.contains("${{") {
            found.extend(names(text, true).into_iter().map(|name| (condition.line, name)));
        }
    }
    found
}

fn conditions(node: &Node) -> Vec<&Node> {
    let own = node.get("if").filter(|node| node.text().is_some());
    let inside = node.pairs().map(|(_, _, node)| node).chain(node.items());
    own.into_iter().chain(inside.flat_map(conditions)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::expect;
    use super::*;

    const CALLEE: (&str, &str) =
        ("x/action.yml", "outputs: {o: {}}\nruns: {using: composite, steps: []}\n");

    #[test]
    fn names_of_nothing_are_found() {
        let check = |text: &str, expected: &[&str]| {
            expect(
                names_in_expressions_exist,
                &[CALLEE, (".github/workflows/w.yml", text)],
                expected,
            );
        };
        let job = |text: &str| {
            format!(
                "on: {{workflow_call: {{inputs: {{i: {{}}}}}}}}\njobs:\n  a:\n    \
                 outputs: {{p: 1}}\n    steps:\n      - id: s\n        uses: $/x\n  \
                 b:\n    needs: a\n    {text}\n    steps: [{{id: t, run: x}}]\n"
            )
        };
        check(&job("name: ${{ inputs.i }} ${{ needs.a.outputs.p }} ${{ steps.t.outputs.x }}"), &[]);
        check(&job("name: ${{ inputs.j }}"), &["input `j`"]);
        check(&job("name: ${{ needs.a.outputs.q }}"), &["no output `q`"]);
        check(&job("if: needs.c.result == 'success'"), &["no job `c`"]);
        check(&job("name: ${{ steps.s.outputs.o }}"), &["no step `s`"]);
        check(&job("x: 1").replace("p: 1", "p: \"${{ steps.s.outputs.o }}\""), &[]);
        check(&job("x: 1").replace("p: 1", "p: \"${{ steps.s.outputs.q }}\""), &["no output `q`"]);
        check(
            "on: {workflow_call: {outputs: {a: {value: \"${{ jobs.b.outputs.c }}\"}}}}\njobs: {}\n",
            &["no job `b`"],
        );
    }

    #[test]
    fn an_output_of_a_composite_that_names_an_absent_step_is_found() {
        let action = "outputs: {a: {value: \"${{ steps.gone.outputs.x }}\"}}\n\
                      runs: {using: composite, steps: [{id: here, run: x}]}\n";
        expect(names_in_expressions_exist, &[("y/action.yml", action)], &["no step `gone`"]);
    }

    #[test]
    fn an_expression_in_a_command_is_found() {
        let check = |step: &str, expected: &[&str]| {
            let action = format!("runs: {{using: composite, steps: [{step}]}}\n");
            expect(no_expression_stands_in_a_command, &[("y/action.yml", &action)], expected);
        };
        check("{run: \"x ${{ inputs.a }}\"}", &["inside `run:`"]);
        check("{run: x, env: {A: \"${{ inputs.a }}\"}}", &[]);
    }
}
