//! Stdout that nobody reads any more, and stdout that takes no more.

use std::fs::OpenOptions;
use std::io;
use std::process::{Output, Stdio};

use product_tests::product;

use crate::tree::Tree;

/// Commands whose output goes through every kind of printing; `plan` stands for the pipeline's.
const COMMANDS: &[&[&str]] = &[
    &["schema"],
    &["completions", "bash"],
    &["reference"],
    &["--help"],
    &["plan"],
    &["plan", "--output", "json"],
    &["matrix"],
    &["checksums"],
];

fn said(words: &[&str], stdout: Stdio, stderr: Stdio) -> Output {
    let tree = Tree::good();
    let mut command = product::command();
    command.args(words).current_dir(tree.join("."));
    command.stdout(stdout).stderr(stderr).output().unwrap()
}

/// The end of a pipe whose other end is closed before anything is written.
fn closed() -> Stdio {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn a_pipe_that_is_closed_ends_a_command_as_if_all_was_read() {
    for words in COMMANDS {
        let told = said(words, closed(), Stdio::piped());
        let stderr = String::from_utf8_lossy(&told.stderr);
        assert_eq!(told.status.code(), Some(0), "{words:?}: {stderr}");
        assert!(!stderr.contains("panicked") && !stderr.contains("error"), "{words:?}: {stderr}");
    }
}

#[test]
fn a_refusal_stays_one_when_nobody_reads_of_it() {
    let told = said(&["plan", "--package", "zz"], closed(), closed());
    assert_eq!(told.status.code(), Some(2));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_is_no_success() {
    for words in COMMANDS {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let told = said(words, full.into(), Stdio::piped());
        let stderr = String::from_utf8_lossy(&told.stderr);
        assert_eq!(told.status.code(), Some(3), "{words:?}: {stderr}");
        assert!(stderr.contains("output-failed"), "{words:?}: {stderr}");
        assert!(!stderr.contains("panicked"), "{words:?}: {stderr}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn an_action_whose_log_is_lost_says_so_where_it_still_can() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let told = said(&["action", "nowhere"], full.into(), Stdio::piped());
    let stderr = String::from_utf8_lossy(&told.stderr);
    assert_eq!(told.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("output-failed"), "{stderr}");
}
