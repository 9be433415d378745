//! Mistakes with releases and files that were made before.

use super::mistake::Mistake;

fn file(name: &'static str) -> Mistake {
    Mistake::new(name, &[("a.txt", "a\n")])
}

#[test]
fn a_command_that_is_misspelled() {
    file("misspelled-command").tells(&["relase"]);
}

#[test]
fn a_release_to_nowhere() {
    file("release-to-nowhere").tells(&["release"]);
}

#[test]
fn a_release_that_is_not_there() {
    file("verify-nothing").tells(&["verify", "dist"]);
}

#[test]
fn a_folder_that_is_no_release() {
    file("verify-a-folder").tells(&["verify", "."]);
}

#[test]
fn a_file_that_nothing_vouches_for() {
    file("verify-a-file").tells(&["verify", "a.txt"]);
}

#[test]
fn a_build_that_was_not_made() {
    file("seal-nothing").tells(&["seal"]);
}

#[test]
fn a_release_that_was_not_made() {
    file("publish-nothing").tells(&["publish", "dist"]);
}

#[test]
fn a_signature_with_nothing() {
    file("sign-with-nothing").tells(&["sign", "--sign", "none", "a.txt"]);
}

#[test]
fn a_key_that_is_not_there() {
    file("no-key").tells(&["sign", "--sign", "key:own.pem", "a.txt"]);
}

#[test]
fn a_key_in_a_variable_that_is_not_set() {
    file("no-key-variable").tells(&["sign", "--sign", "env:OWN_KEY", "a.txt"]);
}

#[test]
fn a_file_with_another_checksum() {
    let list = format!("{}  a.txt\n", "0".repeat(64));
    Mistake::new("other-checksum", &[("a.txt", "a\n"), ("list", &list)]).tells(&[
        "checksums",
        "--check",
        "list",
    ]);
}

#[test]
fn a_list_of_files_that_are_not_there() {
    let list = format!("{}  b.txt\n", "0".repeat(64));
    Mistake::new("listed-and-absent", &[("list", &list)]).tells(&["checksums", "--check", "list"]);
}

#[test]
fn a_list_that_is_none() {
    Mistake::new("no-list", &[("list", "see the website\n")]).tells(&[
        "checksums",
        "--check",
        "list",
    ]);
}

#[test]
fn a_code_that_nobody_declares() {
    file("unknown-code").tells(&["explain", "config-unknown"]);
}

#[test]
fn a_workflow_that_is_not_there() {
    file("unknown-workflow").tells(&["init", "--workflow", "deploy"]);
}

#[test]
fn an_sbom_of_a_text() {
    file("sbom-of-a-text").tells(&["sbom", "a.txt"]);
}

#[test]
fn a_text_that_is_linted() {
    file("lint-of-a-text").tells(&["lint", "a.txt"]);
}

#[test]
fn an_archive_that_is_none() {
    let name = "kit-1.0-py3-none-any.whl";
    Mistake::new("lint-of-no-archive", &[(name, "not a wheel\n")]).tells(&["lint", name]);
}
