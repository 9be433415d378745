//! The job of our own CI that tries every action, as it runs on Linux.

use std::fs;

use serde_json::json;

use super::own;

const CI: &str = ".github/workflows/ci.yml";

#[test]
#[ignore = "slow self-release: builds the program and the modules from source"]
fn our_own_ci_tries_every_action_on_a_commit_that_is_not_a_release() {
    let Some(mut down) = own::copy(CI) else { return };
    down.no_secrets();
    // The other job is `cargo xtask ci`, and no runner of another system is here.
    own::change(&down, CI, |text| {
        let (head, jobs) = text.split_once("  tests:\n").unwrap();
        let (_, actions) = jobs.split_once("  actions:\n").unwrap();
        let (before, after) = actions.split_once("        runner: [").unwrap();
        let (_, after) = after.split_once('\n').unwrap();
        format!("{head}  actions:\n{before}        runner: [ubuntu-24.04]\n{after}")
    });
    // act does not know `$/`, the repository that an action comes from: it is this one.
    for path in own::files().iter().filter(|path| path.ends_with("action.yml")) {
        own::change(&down, path, |text| text.replace("uses: $/", "uses: ./"));
    }
    own::change(&down, CI, |text| text.replace("uses: $/", "uses: ./"));
    down.commit();
    let run = down.run("push", &json!({ "ref": "refs/heads/main" })).succeeded();
    let job = fs::read_to_string(down.repository().join(CI)).unwrap();
    let actions: Vec<&str> =
        job.lines().filter_map(|line| Some(line.split_once("uses: ./")?.1)).collect();
    assert!(actions.len() > 12, "{actions:?}");
    for action in actions {
        let line = format!("Success - Main ./{action} [");
        assert!(run.verdict.stdout.contains(&line), "no `{line}` in\n{}", run.verdict.told());
    }
    assert_eq!(down.writes_beyond_artifacts(), Vec::<String>::new());
}
