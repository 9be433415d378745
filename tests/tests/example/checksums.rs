//! `sha256sum -c`, as a downloader would type it, in `dist/` and in `dist/github/`.

use std::fs;
use std::path::Path;
use std::process::Command;

use product_tests::judges::Verdict;
use product_tests::scratch::Scratch;

use super::manifest::{Release, copy};

fn check_list(folder: &Path) -> Verdict {
    let mut command = Command::new("sha256sum");
    Verdict::of(command.args(["--check", "--strict", "checksums.txt"]).current_dir(folder))
}

#[test]
fn sha256sum_finds_every_listed_file_as_it_was() {
    let release = Release::example();
    for folder in [release.dist.clone(), release.dist.join("github")] {
        let list = fs::read_to_string(folder.join("checksums.txt")).unwrap();
        let verdict = check_list(&folder).accepted();
        let good = verdict.stdout.lines().filter(|line| line.ends_with(": OK")).count();
        assert_eq!(good, list.lines().count());
        assert!(good >= release.files("wheel").len() + release.files("binary").len());
        println!("{good} files in {}", folder.display());
    }
}

#[test]
fn sha256sum_refuses_one_changed_byte() {
    let work = Scratch::new("checksums").unwrap();
    copy(&Release::example().dist.join("github"), work.path());
    check_list(work.path()).accepted();
    let chart = work.join("mcp-stack-1.0.0.tgz");
    let mut bytes = fs::read(&chart).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&chart, bytes).unwrap();
    let verdict = check_list(work.path()).refused();
    assert!(verdict.stdout.contains("mcp-stack-1.0.0.tgz: FAILED"), "{}", verdict.told());
}
