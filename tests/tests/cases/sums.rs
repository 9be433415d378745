//! Lists of checksums of files with odd names: what one writes, the other reads. Spellings of lists
//! are compared in `bad_input/lists.rs`.

use std::fs;
use std::process::Command;

use product_tests::judges::Verdict;
use product_tests::product;
use product_tests::scratch::Scratch;

/// Names that a list has to spell in a way of its own, or that a program takes for something else.
const NAMES: [&str; 14] = [
    "two words.tgz",
    " lead",
    "trail ",
    "*star",
    "-dash",
    "--check",
    "back\\slash.tgz",
    "new\nline",
    "carriage\rreturn",
    "\\\\both\\n",
    "tab\tbed",
    "#hash",
    "größe.tar.gz",
    "SHA256 (a) = b",
];

fn files() -> Scratch {
    let folder = Scratch::new("sums").unwrap();
    for name in NAMES {
        fs::write(folder.join(name), name).unwrap();
    }
    folder
}

/// Runs a program with the folder of the files as the one that it is in.
fn run(command: &mut Command, folder: &Scratch) -> Verdict {
    Verdict::of(command.current_dir(folder.path())).accepted()
}

#[test]
fn sha256sum_reads_the_list_of_any_names() {
    let (folder, lists) = (files(), Scratch::new("lists").unwrap());
    let written = run(product::command().arg("checksums"), &folder);
    fs::write(lists.join("list"), &written.stdout).unwrap();
    let mut sum = Command::new("sha256sum");
    let told = run(sum.args(["--check", "--strict"]).arg(lists.join("list")), &folder);
    assert_eq!(told.stdout.matches(": OK\n").count(), NAMES.len(), "{}", told.told());
}

#[test]
fn the_lists_of_sha256sum_are_read_whatever_the_names() {
    let (folder, lists) = (files(), Scratch::new("lists").unwrap());
    for flags in [&[][..], &["--binary"], &["--tag"]] {
        let list = run(Command::new("sha256sum").args(flags).arg("--").args(NAMES), &folder);
        fs::write(lists.join("list"), &list.stdout).unwrap();
        let check = |words: &[&str]| {
            let mut command = product::command();
            command.args(["checksums", "--check"]).arg(lists.join("list")).args(words);
            Verdict::of(command.current_dir(folder.path()))
        };
        check(&["--strict"]).accepted();
        fs::write(folder.join("new\nline"), "changed").unwrap();
        let told = check(&[]);
        assert_eq!(told.code, 1, "{flags:?}: {}", told.told());
        fs::write(folder.join("new\nline"), "new\nline").unwrap();
    }
}
