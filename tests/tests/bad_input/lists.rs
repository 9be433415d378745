//! `checksums --check` against `sha256sum --check`: what one reads, the other reads, with the same
//! exit code.

use std::fs;
use std::process::Command;

use product_tests::judges::Verdict;

use crate::tree::Tree;

/// Lists of `a` and `b c`, both there, and of others; `HEX` is the digest of both.
const LISTS: [&str; 44] = [
    "HEX  a\n",
    "HEX *a\n",
    "HEX  ./a\nHEX  .//b c\n",
    "HEX  a\r\nHEX  b c\r\n",
    "UPPER  a\n",
    "HEX a\n",
    "HEX a\nHEX  a\n",
    "HEX  a\nHEX a\n",
    "SHA256 (a) = HEX\n",
    "SHA256 (b c) = UPPER\r\n",
    "SHA256(a)= HEX\n",
    "  SHA256 (a)  =  HEX\n",
    "\\SHA256 (line\\nbreak) = HEX\n",
    "SHA256 (a) = HEX \n",
    "SHA256 (a (1)) = HEX\n",
    "sha256 (a) = HEX\n",
    "SHA512 (a) = HEX\n",
    "HEX  a",
    "HEX  a\nHEX  b c",
    "\tHEX  a\n",
    "HEX\ta\n",
    "HEX\t\ta\n",
    "\\HEX  line\\nbreak\n",
    "\\HEX  back\\\\slash\n",
    "\\HEX  a\n",
    "\\HEX  a\\x\n",
    "HEX  back\\slash\n",
    "HEX  é\n",
    "HEX  a \n",
    "HEX   a\n",
    "HEX  a\nHEX  a\n",
    "# said by a person\n\nHEX  a\n",
    "not a checksum\nHEX  a\n",
    "not a checksum\n",
    "",
    "\n",
    "\u{feff}HEX  a\n",
    "HEX  absent\n",
    "HEX  a\nHEX  absent\n",
    "ZEROS  a\n",
    "HEX  a\nZEROS  a\n",
    "HEX  folder\n",
    "HEX  link\n",
    "HEX  a\r\r\n",
];

fn of_list(tree: &Tree, list: &str) -> (i32, i32, String) {
    let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let text = list.replace("HEX", hex).replace("UPPER", &hex.to_uppercase());
    tree.put("LIST", text.replace("ZEROS", &"0".repeat(64)).as_bytes());
    let ours = tree.run(&["checksums", "--check", "LIST"]);
    let mut theirs = Command::new("sha256sum");
    let theirs = Verdict::of(theirs.args(["--check", "LIST"]).current_dir(tree.join(".")));
    (ours.code, theirs.code, ours.told())
}

#[test]
fn a_list_is_read_as_sha256sum_reads_it_with_its_exit_codes() {
    let names = ["a", "b c", "line\nbreak", "back\\slash", "é", "more"];
    let tree = Tree::of(&names.map(|name| (name, b"".as_slice())));
    fs::create_dir(tree.join("folder")).unwrap();
    std::os::unix::fs::symlink("a", tree.join("link")).unwrap();
    let codes: Vec<i32> = LISTS
        .iter()
        .map(|list| {
            let (ours, theirs, told) = of_list(&tree, list);
            assert_eq!(ours, theirs, "{list:?}: {told}");
            ours
        })
        .collect();
    assert!(codes.contains(&0) && codes.contains(&1), "{codes:?}");
    let nowhere = tree.run(&["checksums", "--check", "no-such-list"]);
    assert_eq!(nowhere.code, 1, "{}", nowhere.told());
}

#[test]
fn strict_makes_every_line_and_every_file_count() {
    let tree = Tree::of(&[("a", b""), ("b", b"")]);
    let check = |words: &[&str], list: &str, expected: i32, code: &str| {
        of_list(&tree, list);
        let verdict = tree.run(&[&["checksums", "--check", "LIST"], words].concat());
        assert_eq!(verdict.code, expected, "{words:?} {list:?}: {}", verdict.told());
        assert!(verdict.stderr.contains(code), "{words:?} {list:?}: {}", verdict.told());
    };
    check(&["--strict"], "HEX  a\nHEX  b\n", 0, "");
    check(&["--strict"], "HEX  a\n", 1, "b: error[checksums-unlisted]");
    check(&["--strict"], "HEX  a\nHEX  b\nHEX  c\n", 1, "c: error[checksums-missing]");
    check(&["--strict"], "none\nHEX  a\nHEX  b\n", 1, "LIST:1: error[checksums-syntax]");
    check(&[], "none\nHEX  a\n", 0, "LIST:1: warning[checksums-syntax]");
    // Files that are named must be on the list; its other lines do not matter.
    check(&["a"], "HEX  a\nHEX  absent\n", 0, "");
    check(&["b"], "HEX  a\n", 1, "b: error[checksums-unlisted]");
    check(&["--ignore-missing"], "HEX  a\nHEX  absent\n", 0, "");
    check(&["--ignore-missing"], "HEX  absent\n", 1, "error[checksums-missing]");
}
