//! Events and machines that an action refuses, and builds that it does not pass off as good.

use std::fs;
use std::path::Path;

use product_tests::sample::Sample;
use product_tests::scratch::Scratch;

use crate::step::Step;

const ACTIONS: [&str; 9] =
    ["build", "seal", "sign", "publish", "oci", "pypi", "helm", "binary", "release"];

#[test]
fn no_action_works_for_strangers_or_on_machines_that_nobody_throws_away() {
    let work = Scratch::new("refused").unwrap();
    let fork = work.join("event.json");
    let event = r#"{"pull_request":{"head":{"repo":{"id":2,"full_name":"x/r"}},
                    "base":{"repo":{"id":1,"full_name":"o/r"}}}}"#;
    fs::write(&fork, event).unwrap();
    for action in ACTIONS {
        for event in ["pull_request_target", "workflow_run", "issue_comment", ""] {
            let ended = Step::of(action).set("GITHUB_EVENT_NAME", event).run(work.path());
            assert_eq!(ended.refused("event-refused").verdict.code, 1);
        }
        // What a fork brings is tried, and only where nothing of it stays.
        let forked = || {
            let step = Step::of(action).set("GITHUB_EVENT_NAME", "pull_request");
            step.set("GITHUB_EVENT_PATH", fork.to_str().unwrap())
        };
        let ended = forked().run(work.path());
        for code in ["event-refused", "runner-refused"] {
            assert!(!ended.verdict.stdout.contains(code), "{}", ended.told());
        }
        let stays = forked().set("RUNNER_ENVIRONMENT", "self-hosted").input("self-hosted", "true");
        let ended = stays.run(work.path()).refused("runner-refused");
        assert!(ended.verdict.stdout.contains("the fork `x/r`"), "{}", ended.told());
        for runner in ["self-hosted", ""] {
            let step = Step::of(action).set("RUNNER_ENVIRONMENT", runner);
            step.run(work.path()).refused("runner-refused");
            let allowed = step.input("self-hosted", "true").run(work.path());
            assert!(!allowed.verdict.stdout.contains("runner-refused"), "{}", allowed.told());
        }
    }
    let ended = Step::of("elsewhere").run(work.path()).refused("action-unknown");
    assert_eq!(ended.verdict.code, 2);
}

#[test]
fn an_input_that_an_action_does_not_have_is_not_read() {
    let work = Scratch::new("undeclared").unwrap();
    // A step before may write any variable to `GITHUB_ENV`.
    let ended = Step::of("publish").input("tags", "evil").input("nothing", "x").run(work.path());
    for name in ["INPUT_TAGS", "INPUT_NOTHING"] {
        let told = format!("`{name}` is not an input of this action");
        assert!(ended.verdict.stdout.contains(&told), "{}", ended.told());
    }
    assert!(!ended.verdict.stdout.contains("evil"), "{}", ended.told());
    let ended = Step::of("oci").input("tags", "good").run(work.path());
    assert!(!ended.verdict.stdout.contains("input-undeclared"), "{}", ended.told());
}

#[test]
fn an_image_from_a_dockerfile_that_cannot_be_built_fails_the_action_with_its_reason() {
    let work = Scratch::new("refused").unwrap();
    fs::write(work.join("Dockerfile"), "FROM scratch\nUSER 65532\n").unwrap();
    // Without an engine in reach, wherever this test runs.
    let ended = Step::of("oci").set("DOCKER_HOST", "tcp://127.0.0.1:1").run(work.path());
    let ended = ended.refused("nothing-built");
    assert!(ended.verdict.stdout.contains("engine"), "{}", ended.told());
    assert!(ended.outputs.is_empty() && ended.artifacts.is_empty(), "{}", ended.told());
    let ended = Step::of("oci").input("allow-missing", "true").run(work.path());
    ended.refused("nothing-built");
}

#[test]
fn a_unit_that_fails_is_named_and_nothing_is_passed_on() {
    let sample = Sample::write("127.0.0.1:5000", "hello");
    let folder = Path::new(sample.folder());
    fs::write(folder.join("server/main.go"), "package main\n\nfunc main() { nothing() }\n")
        .unwrap();
    let step = Step::of("build").input("packages", "small-server, small-chart");
    let ended = step.run(folder).refused("command-failed");
    assert_eq!(ended.verdict.code, 3);
    let named = "<code>small-server/binary/linux-amd64</code>";
    assert!(ended.summary.contains(named), "{}", ended.told());
    assert!(ended.summary.contains("undefined: nothing"), "{}", ended.told());
    assert!(ended.outputs.is_empty() && !folder.join("dist").exists(), "{}", ended.told());

    let ended = step.input("allow-missing", "true").run(folder).accepted();
    assert!(ended.output("record").starts_with("sha256:"));
    assert!(ended.summary.contains(named), "{}", ended.told());
}

#[test]
fn problems_are_annotations_on_the_file_as_the_workspace_has_it() {
    let work = Scratch::new("refused").unwrap();
    fs::create_dir(work.join("sub")).unwrap();
    let text = "[[package]]\nname = \"a\"\npyton = { path = \".\" }\n";
    fs::write(work.join("sub/package-actions.toml"), text).unwrap();
    let ended = Step::of("build").input("directory", "./sub/").run(work.path());
    let ended = ended.refused("config-unknown-key");
    let words = "::error file=sub/package-actions.toml,line=3,col=1,title=config-unknown-key::";
    assert!(ended.verdict.stdout.lines().any(|line| line.starts_with(words)), "{}", ended.told());

    let ended = Step::of("pypi").input("path", "elsewhere").input("directory", "sub");
    let ended = ended.run(work.path()).refused("input-wrong");
    let words = "has no effect beside `package-actions.toml`";
    assert!(ended.verdict.stdout.contains(words), "{}", ended.told());
}

#[test]
fn a_configuration_made_of_inputs_stands_in_no_file() {
    let work = Scratch::new("refused").unwrap();
    fs::create_dir(work.join("server")).unwrap();
    let step = Step::of("binary").input("go", "server").input("platforms", "linux-amd64");
    let ended = step.run(work.path());
    assert_eq!(ended.verdict.code, 2, "{}", ended.told());
    assert!(ended.verdict.stdout.contains("the input `go`: "), "{}", ended.told());
    assert!(!ended.verdict.stdout.contains("file=package-actions.toml"), "{}", ended.told());
    assert!(!work.join("package-actions.toml").exists());
}
