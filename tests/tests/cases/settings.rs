//! Settings of git's that change what a checkout looks like: one clean commit gives one wheel.
//! Charts, programs and images under further settings are compared in `checkouts.rs`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::archives::{member, wheel};
use super::samples;
use super::tree::{DATE, Tree};

fn project() -> Tree {
    let tree = samples::project();
    tree.put_program("kit/bin/run.sh", "#!/bin/sh\necho hello\n");
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
    tree
}

/// The bytes of the wheel and of the sdist of a clean checkout.
fn built(tree: &Tree) -> (Vec<u8>, Vec<u8>) {
    tree.release(&[]);
    assert_eq!(tree.manifest()["source"]["dirty"], false);
    (fs::read(tree.only(".whl")).unwrap(), fs::read(tree.only(".tar.gz")).unwrap())
}

#[test]
fn a_clean_commit_gives_one_wheel_under_other_line_endings_and_modes() {
    let tree = project();
    let expected = built(&tree);
    let script = &wheel(&tree.only(".whl"))["kit/bin/run.sh"];
    assert_eq!(script[1], "#!/bin/sh\necho hello\n");
    assert_eq!(script[0].as_u64().unwrap() & 0o777, 0o755, "{script}");
    let clone = tree.cloned(&["-c", "core.autocrlf=true", "-c", "core.fileMode=false"]);
    let on_disk = fs::read_to_string(clone.join("kit/bin/run.sh")).unwrap();
    assert_eq!(on_disk, "#!/bin/sh\r\necho hello\r\n");
    fs::set_permissions(clone.join("kit/bin/run.sh"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(built(&clone) == expected, "CRLF by core.autocrlf or a mode by core.fileMode");
}

/// A chart with a script in it.
fn chart() -> Tree {
    let tree = samples::chart();
    tree.put_program("charts/web/files/run.sh", "#!/bin/sh\necho hello\n");
    tree.link("charts/web/files/linked.sh", "run.sh");
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
    tree
}

#[test]
fn a_clean_commit_gives_one_chart_under_every_setting() {
    let tree = chart();
    tree.release(&[]);
    let expected = fs::read(tree.only(".tgz")).unwrap();
    fs::write(tree.join(".git/excludes"), "files/\n*.sh\n").unwrap();
    let excludes = format!("core.excludesFile={}", tree.join(".git/excludes").display());
    for settings in [
        &["core.eol=crlf"][..],
        &["core.eol=crlf", "core.autocrlf=true", "core.safecrlf=true"],
        &["core.symlinks=false", "core.ignoreCase=true"],
        &["core.untrackedCache=true", "feature.manyFiles=true", "core.checkStat=minimal"],
        &[excludes.as_str(), "status.showUntrackedFiles=no"],
        &["diff.noprefix=true", "color.ui=always", "core.quotePath=true", "core.abbrev=4"],
        &["filter.crlf.clean=sed s/^/x/", "filter.crlf.smudge=sed s/^/x/"],
    ] {
        let words: Vec<&str> = settings.iter().flat_map(|setting| ["-c", setting]).collect();
        let clone = tree.cloned(&words);
        clone.release(&[]);
        assert_eq!(clone.manifest()["source"]["dirty"], false, "{settings:?}");
        assert!(fs::read(clone.only(".tgz")).unwrap() == expected, "{settings:?}");
    }
}

#[test]
fn a_file_that_settings_hide_is_seen_all_the_same() {
    let tree = chart();
    tree.git(&["config", "status.showUntrackedFiles", "no"]);
    tree.put("charts/web/files/new.txt", "new\n");
    let told = tree.release(&[]);
    assert!(told.stderr.contains("charts/web/files/new.txt"), "{}", told.told());
    assert_eq!(tree.manifest()["source"]["dirty"], true);
    assert_eq!(member(&tree.only(".tgz"), "web/files/new.txt"), "new\n");
}

#[test]
fn a_change_that_git_was_told_to_overlook_is_not_released_as_the_commit() {
    for flag in ["--assume-unchanged", "--skip-worktree"] {
        let tree = chart();
        tree.git(&["update-index", flag, "charts/web/values.yaml"]);
        tree.put("charts/web/values.yaml", "a: 2\n");
        tree.release(&[]);
        assert_eq!(member(&tree.only(".tgz"), "web/values.yaml"), samples::VALUES, "{flag}");
        assert_eq!(tree.manifest()["source"]["dirty"], false, "{flag}");
    }
}
