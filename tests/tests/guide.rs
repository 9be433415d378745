//! The guides are true: every command block of them runs, in order, in one folder, as somebody
//! would paste it.
//!
//! A block that is meant to fail says so behind its fence: `exit=1`.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use product_tests::judges::{self, Verdict};
use product_tests::scratch::Scratch;
use product_tests::{product, release};

/// One command block: the line it starts at, what it should exit with, its text.
#[derive(Debug, PartialEq, Eq)]
struct Block {
    line: usize,
    exit: i32,
    text: String,
}

fn guide(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join("docs").join(name)).unwrap()
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let (mut inside, mut ours) = (false, false);
    for (index, line) in text.lines().enumerate() {
        if let Some(info) = line.strip_prefix("```") {
            inside = !inside;
            ours = inside && info.split(' ').next() == Some("sh");
            if ours {
                let exit = info.split("exit=").nth(1).map_or(0, |code| code.parse().unwrap());
                found.push(Block { line: index + 1, exit, text: String::new() });
            }
        } else if ours {
            let block = found.last_mut().unwrap();
            block.text.push_str(line);
            block.text.push('\n');
        }
    }
    found
}

/// A PATH that starts with the product and the judges under the names that people know.
fn path(programs: &Path, judges: &[(&str, &str)]) -> Option<OsString> {
    fs::create_dir(programs).unwrap();
    symlink(product::binary(), programs.join("package-actions")).unwrap();
    for (name, judge) in judges {
        symlink(judges::find(judge)?.path(), programs.join(name)).unwrap();
    }
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let places = std::iter::once(programs.to_owned()).chain(std::env::split_paths(&rest));
    Some(std::env::join_paths(places).unwrap())
}

/// Runs all blocks, each in the folder that the one before ended in.
fn follow(name: &str, start: &Path, path: &OsString, work: &Scratch) {
    let blocks = blocks(&guide(name));
    assert!(blocks.len() > 3, "{name} holds {} command blocks", blocks.len());
    let place = work.join("place");
    fs::write(&place, start.to_str().unwrap()).unwrap();
    for block in blocks {
        let mut shell = Command::new("bash");
        let keep = "trap 'pwd > \"$PLACE\"' EXIT\ncd \"$(cat \"$PLACE\")\"\n";
        shell.arg("-euc").arg(format!("{keep}{}", block.text));
        shell.env("PATH", path).env("PLACE", &place).env("TMPDIR", work.path());
        shell.stdin(Stdio::null());
        let verdict = Verdict::of(&mut shell);
        let expected = block.exit;
        assert_eq!(verdict.code, expected, "docs/{name}:{}: {}", block.line, verdict.told());
    }
}

#[test]
fn every_command_of_the_first_release_runs() {
    let work = Scratch::new("guide").unwrap();
    let start = work.join("start");
    fs::create_dir(&start).unwrap();
    let path = path(&work.join("bin"), &[]).unwrap();
    follow("guide/first-release.md", &start, &path, &work);
}

#[test]
fn every_command_of_verify_without_us_runs_on_the_example() {
    let work = Scratch::new("guide").unwrap();
    let judges = [("cosign", "cosign"), ("helm", "helm4"), ("skopeo", "skopeo")];
    let Some(path) = path(&work.join("bin"), &judges) else { return };
    follow("guide/verify-without-us.md", &release::example(), &path, &work);
}

#[test]
fn every_example_of_the_reference_is_toml() {
    let rows = guide("reference/config.md");
    let rows: Vec<Vec<&str>> = rows
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches(['|', ' ']).split(" | ").collect())
        .collect();
    assert!(rows.len() > 30, "{} keys", rows.len());
    for row in rows {
        let (key, example) = (row[0].trim_matches('`'), row[row.len() - 1].trim_matches('`'));
        let line = format!("{key} = {example}");
        assert!(line.parse::<toml::Table>().is_ok(), "{line}");
    }
}

#[test]
fn a_block_that_is_meant_to_fail_says_so() {
    let check = |text: &str, expected: &[(usize, i32, &str)]| {
        let expected: Vec<Block> = expected
            .iter()
            .map(|(line, exit, text)| Block { line: *line, exit: *exit, text: (*text).to_owned() })
            .collect();
        assert_eq!(blocks(text), expected, "{text}");
    };
    check("x\n```sh\na\nb\n```\n", &[(2, 0, "a\nb\n")]);
    check("```sh exit=2\na\n```\n```toml\nb\n```\n```sh\nc\n```", &[(1, 2, "a\n"), (7, 0, "c\n")]);
    check("```text\n$ a\n```\n", &[]);
}
