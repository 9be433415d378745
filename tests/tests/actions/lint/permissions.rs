//! A called workflow can only lower what its caller grants: one that asks for more fails before it
//! starts, and no tool says so.

use std::collections::BTreeMap;

use product_tests::yaml::{Node, Value};

use crate::definitions::{Definition, Definitions, call};

/// What is granted or asked for: scope to 1 (read) or 2 (write).
type Scopes = BTreeMap<String, u8>;

/// Every job that calls one of our workflows grants at least what all its jobs ask for.
pub fn callers_grant_what_callees_need(definitions: &Definitions) -> Vec<String> {
    let mut found = Vec::new();
    for file in definitions.all() {
        for (name, job) in file.jobs() {
            let Some(call) = call(job) else { continue };
            let Some(target) = definitions.target(call.uses) else { continue };
            let granted = granted(file, job);
            for (scope, level) in needs(definitions, target, 0) {
                if granted.get(&scope).copied().unwrap_or(0) < level {
                    let word = if level == 2 { "write" } else { "read" };
                    let what = format!("job `{name}` must grant `{scope}: {word}`");
                    found.push(file.finding(call.line, what));
                }
            }
        }
    }
    found
}

/// The union over all jobs of a workflow, and of those that it calls.
fn needs(definitions: &Definitions, file: &Definition, depth: usize) -> Scopes {
    let mut needed = Scopes::new();
    // GitHub follows ten levels.
    if depth > 10 {
        return needed;
    }
    for (_, job) in file.jobs() {
        let below = call(job).and_then(|call| definitions.target(call.uses));
        let below = below.map(|below| needs(definitions, below, depth + 1)).unwrap_or_default();
        for (scope, level) in granted(file, job).into_iter().chain(below) {
            let most = needed.entry(scope).or_default();
            *most = (*most).max(level);
        }
    }
    needed
}

fn granted(file: &Definition, job: &Node) -> Scopes {
    scopes(job.get("permissions").or_else(|| file.node.get("permissions")))
}

fn scopes(node: Option<&Node>) -> Scopes {
    let level = |text: Option<&str>| match text {
        Some("write") => 2,
        Some("read") => 1,
        _ => 0,
    };
    match node.map(|node| &node.value) {
        Some(Value::Map(pairs)) => {
            pairs.iter().map(|(scope, _, node)| (scope.clone(), level(node.text()))).collect()
        }
        _ => Scopes::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::expect;
    use super::*;
    use crate::definitions::OWN;

    #[test]
    fn a_caller_that_grants_less_than_its_callee_needs_is_found_however_deep() {
        let inner = "permissions: {}\njobs:\n  a: {permissions: {contents: write}}\n  \
                     b: {permissions: {packages: read}}\n";
        let outer = "permissions: {contents: write, packages: read}\njobs:\n  \
                     a: {uses: $/.github/workflows/inner.yml}\n";
        let check = |permissions: &str, expected: &[&str]| {
            let uses = format!("uses: {OWN}/.github/workflows/outer.yml@v1");
            let more = if permissions.is_empty() { "" } else { ", permissions: " };
            let caller = format!("jobs: {{j: {{{uses}{more}{permissions}}}}}");
            let files = [
                (".github/workflows/inner.yml", inner),
                (".github/workflows/outer.yml", outer),
                ("workflows/caller.yml", caller.as_str()),
            ];
            expect(callers_grant_what_callees_need, &files, expected);
        };
        check("{contents: write, packages: write}", &[]);
        check("{contents: write}", &["`packages: read`"]);
        check("{contents: read, packages: read}", &["`contents: write`"]);
        check("", &["`contents: write`", "`packages: read`"]);
    }
}
