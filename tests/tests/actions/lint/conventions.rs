//! Our conventions for YAML: least authority, said why; bounded; no logic.

use std::collections::BTreeMap;

use product_tests::yaml::Node;

use crate::definitions::{Definition, Definitions, Kind, call};

/// Events that run in the name of the repository for somebody else.
const FOREIGN: &[&str] = &["pull_request_target", "workflow_run", "issue_comment"];

/// The longest template, and what its text is for: to be read before it is copied.
const TEMPLATE_LINES: usize = 50;

/// All of them.
pub fn conventions_hold(definitions: &Definitions) -> Vec<String> {
    let mut found = Vec::new();
    for file in definitions.all() {
        found.extend(steps(file));
        if file.kind == Kind::Action {
            found.extend(action(file));
            continue;
        }
        found.extend(workflow(file));
        file.jobs().for_each(|(name, job)| found.extend(self::job(file, name, job)));
        if file.kind == Kind::Template {
            found.extend(template(definitions, file));
        }
    }
    found.extend(groups(definitions));
    found
}

/// Groups of concurrency that cancel or lose a waiting run: one that two places share, for people
/// have several of our files, and one that keeps only the latest of those that wait.
fn groups(definitions: &Definitions) -> Vec<String> {
    let mut found = Vec::new();
    let mut taken: BTreeMap<&str, String> = BTreeMap::new();
    for file in definitions.all() {
        let jobs = file.jobs().filter_map(|(_, job)| job.get("concurrency"));
        for concurrency in file.node.get("concurrency").into_iter().chain(jobs) {
            let Some(group) = concurrency.text_of("group") else { continue };
            if let Some(other) = taken.insert(group, file.path.clone()) {
                let message = format!("the group `{group}` is that of `{other}` too");
                found.push(file.finding(concurrency.line, message));
            }
            let cancels = concurrency.text_of("cancel-in-progress") == Some("true");
            if !cancels && concurrency.text_of("queue") != Some("max") {
                let message = format!("`{group}` loses a run that waits: `queue: max`");
                found.push(file.finding(concurrency.line, message));
            }
        }
    }
    found
}

fn workflow(file: &Definition) -> Vec<String> {
    let mut found = Vec::new();
    let top = file.node.get("permissions");
    if !top.is_some_and(|node| node.keys().count() == 0 && node.text().is_none()) {
        found.push(file.finding(1, "no `permissions: {}` at the top"));
    }
    let on = file.node.get("on");
    let events = on.into_iter().flat_map(|on| {
        on.keys().chain(on.text()).chain(on.items().filter_map(Node::text)).collect::<Vec<_>>()
    });
    found.extend(events.filter(|event| FOREIGN.contains(event)).map(|event| {
        file.finding(1, format!("`{event}` acts for somebody else")) //
    }));
    let declared = [file.inputs(), file.node.at(&["on", "workflow_call", "outputs"])];
    for (name, line, facts) in declared.into_iter().flatten().flat_map(Node::pairs) {
        if facts.text_of("description").is_none_or(str::is_empty) {
            found.push(file.finding(*line, format!("`{name}` has no description")));
        }
    }
    found
}

fn job(file: &Definition, name: &str, job: &Node) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |line: usize, what: String| found.push(file.finding(line, what));
    let Some(permissions) = job.get("permissions") else {
        say(job.line, format!("job `{name}` says no permissions"));
        return found;
    };
    for (scope, line, _) in permissions.pairs() {
        if !file.line(*line).contains(" # ") {
            say(*line, format!("`{scope}` does not say what for"));
        }
    }
    if call(job).is_none() && job.get("timeout-minutes").is_none() {
        say(job.line, format!("job `{name}` has no `timeout-minutes`"));
    }
    if job.get("continue-on-error").is_some() {
        say(job.line, format!("job `{name}` goes on after an error"));
    }
    found
}

fn steps(file: &Definition) -> Vec<String> {
    let mut found = Vec::new();
    for step in file.step_lists().into_iter().flat_map(|(_, steps)| steps) {
        let mut say = |what: &str| found.push(file.finding(step.line, what));
        if step.get("continue-on-error").is_some() {
            say("a step that goes on after an error");
        }
        if let Some(run) = step.text_of("run") {
            if run.trim_end().lines().count() != 1
                || ["&&", "||", ";", "|", "$("].iter().any(|sign| run.contains(sign))
            {
                say("`run:` is one command");
            }
            if step.get("shell").is_none() && file.kind == Kind::Action {
                say("no `shell`");
            }
        }
        let checkout = call(step).is_some_and(|call| call.uses.starts_with("actions/checkout@"));
        let keeps = step.at(&["with", "persist-credentials"]);
        // `true` with its reason beside it is for who pushes.
        let said = keeps.is_some_and(|keeps| {
            keeps.text() == Some("false") || file.line(keeps.line).contains(" # ")
        });
        if checkout && !said {
            say("a checkout that keeps its token on disk");
        }
    }
    found
}

fn action(file: &Definition) -> Vec<String> {
    let mut found = Vec::new();
    for key in ["name", "description"] {
        if file.node.text_of(key).is_none_or(str::is_empty) {
            found.push(file.finding(1, format!("no `{key}`")));
        }
    }
    let declared = ["inputs", "outputs"].into_iter().filter_map(|key| file.node.get(key));
    for (name, line, facts) in declared.flat_map(Node::pairs) {
        if facts.text_of("description").is_none_or(str::is_empty) {
            found.push(file.finding(*line, format!("`{name}` has no description")));
        }
    }
    found
}

fn template(definitions: &Definitions, file: &Definition) -> Vec<String> {
    let mut found = Vec::new();
    let lines = file.text.lines().count();
    if lines > TEMPLATE_LINES {
        found.push(file.finding(lines, format!("{lines} lines, more than {TEMPLATE_LINES}")));
    }
    if file.node.get("concurrency").is_none() {
        found.push(file.finding(1, "no `concurrency`"));
    }
    let properties = file.path.replace(".yml", ".properties.json");
    if !definitions.has_file(&properties) {
        found.push(file.finding(1, format!("`{properties}` is not there")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::expect;
    use super::*;

    const GOOD: &str = "on: push\npermissions: {}\nconcurrency: x\njobs:\n  j:\n    \
                        timeout-minutes: 5\n    permissions:\n      contents: read # why\n    \
                        steps:\n      - uses: actions/checkout@x\n        \
                        with: {persist-credentials: false}\n      - run: make\n";

    #[test]
    fn what_breaks_a_convention_is_found() {
        let check = |from: &str, to: &str, expected: &[&str]| {
            let text = GOOD.replace(from, to);
            let files = [("workflows/w.properties.json", "{}"), ("workflows/w.yml", text.as_str())];
            expect(conventions_hold, &files, expected);
        };
        check("", "", &[]);
        check("permissions: {}\nc", "c", &["permissions: {}"]);
        check("permissions: {}\nc", "permissions: {contents: read}\nc", &["permissions: {}"]);
        check("on: push", "on: pull_request_target", &["acts for somebody else"]);
        check("on: push", "on: {push: , workflow_run: }", &["acts for somebody else"]);
        check(" # why", "", &["what for"]);
        check("timeout-minutes: 5", "name: x", &["timeout-minutes"]);
        check(
            "timeout-minutes: 5",
            "timeout-minutes: 5\n    continue-on-error: true",
            &["goes on"],
        );
        check("persist-credentials: false", "fetch-depth: 0", &["keeps its token"]);
        check("persist-credentials: false", "persist-credentials: true", &["keeps its token"]);
        check("run: make", "run: make && make install", &["one command"]);
        check("run: make", "run: |\n          a\n          b", &["one command"]);
        check("run: make", "run: make\n        continue-on-error: true", &["goes on"]);
        check("concurrency: x", "name: x", &["no `concurrency`"]);
        check("on: push", &format!("on: push{}", "\n".repeat(45)), &["more than 50"]);
        expect(conventions_hold, &[("workflows/w.yml", GOOD)], &["properties.json"]);
    }

    #[test]
    fn a_group_that_loses_runs_is_found() {
        let check = |first: &str, second: &str, expected: &[&str]| {
            let text =
                |group: &str| GOOD.replace("concurrency: x", &format!("concurrency: {group}"));
            let (first, second) = (text(first), text(second));
            let files = [
                ("workflows/v.properties.json", "{}"),
                ("workflows/w.properties.json", "{}"),
                ("workflows/v.yml", first.as_str()),
                ("workflows/w.yml", second.as_str()),
            ];
            expect(conventions_hold, &files, expected);
        };
        let waits = "{group: a, cancel-in-progress: false, queue: max}";
        check(waits, "{group: b, cancel-in-progress: true}", &[]);
        check(waits, waits, &["that of `workflows/v.yml` too"]);
        check(waits, "{group: b, cancel-in-progress: false}", &["loses a run that waits"]);
        check(waits, "{group: b}", &["loses a run that waits"]);
    }

    #[test]
    fn an_action_without_words_for_people_is_found() {
        let action = "name: x\ndescription: x\ninputs: {a: {description: a}}\n\
                      runs: {using: composite, steps: [{run: x, shell: bash}]}\n";
        let check = |from: &str, to: &str, expected: &[&str]| {
            let text = action.replace(from, to);
            expect(conventions_hold, &[("x/action.yml", &text)], expected);
        };
        check("", "", &[]);
        check("name: x\n", "", &["no `name`"]);
        check("{description: a}", "{}", &["`a` has no description"]);
        check(", shell: bash", "", &["no `shell`"]);
    }
}
