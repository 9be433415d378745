//! The slow tests, one step each: those that carry `#[ignore]`. They run in the full tier only.

use std::process::Command;

use serde_json::Value;

use super::room::Room;
use crate::step::Step;
use crate::{Failure, workspace};

/// A compiled test program and the words that make cargo run it.
struct Program {
    path: String,
    target: String,
}

/// One step for each slow test of the workspace, by name.
pub fn steps(room: &Room) -> Result<Vec<Step>, Failure> {
    let mut steps = vec![super::steps::own(room, super::steps::ALL_JUDGES, "judges --full")];
    for program in programs(room)? {
        let listed = workspace::output(&program.path, &["--list", "--ignored", "--format=terse"])?;
        for test in listed.lines().filter_map(|line| line.strip_suffix(": test")) {
            let flags = "--exact --ignored --show-output";
            let line = format!("{} {} {test} -- {flags}", super::steps::TEST, program.target);
            steps.push(room.step(&format!("slow {test}"), &line));
        }
    }
    Ok(steps)
}

fn programs(room: &Room) -> Result<Vec<Program>, Failure> {
    let mut build = Command::new("cargo");
    build.args(super::steps::TEST.split(' ').skip(1)).args(["--no-run", "--quiet"]);
    build.args(["--lib", "--bins", "--tests", "--message-format=json"]);
    build.envs(&room.step("", "").environment);
    let text = workspace::output_of(&mut build)?;
    Ok(text.lines().filter_map(|line| program(&serde_json::from_str(line).ok()?)).collect())
}

/// The test program that a line of cargo's JSON tells of, if it tells of one.
fn program(message: &Value) -> Option<Program> {
    let path = message["executable"].as_str()?.to_owned();
    if message["profile"]["test"] != true {
        return None;
    }
    let target = match message["target"]["kind"][0].as_str()? {
        "test" => format!("--test {}", message["target"]["name"].as_str()?),
        "bin" => "--bins".to_owned(),
        _ => "--lib".to_owned(),
    };
    Some(Program { path, target })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_test_programs_are_taken_from_cargos_messages() {
        let check = |text: &str, expected: Option<&str>| {
            let message = serde_json::from_str(text).unwrap();
            assert_eq!(program(&message).map(|found| found.target).as_deref(), expected, "{text}");
        };
        let target = r#""target":{"kind":["test"],"name":"tidy"}"#;
        let test = &format!(r#"{{"executable":"/x","profile":{{"test":true}},{target}}}"#);
        check(test, Some("--test tidy"));
        check(&test.replace(r#"["test"]"#, r#"["lib"]"#), Some("--lib"));
        check(&test.replace("true", "false"), None);
        check(r#"{"reason":"build-finished"}"#, None);
    }
}
