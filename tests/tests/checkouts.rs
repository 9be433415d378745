//! One commit gives one build, however it was checked out: whatever the person's configuration, the
//! kind of clone, the file system and the umask were.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use product_tests::judges::Verdict;
use product_tests::product;
use product_tests::sample::{Sample, WANTED};
use product_tests::scratch::Scratch;

/// Runs git as somebody whose configuration is `settings`.
fn git(folder: &Path, settings: &[&str], words: &[&str]) {
    let mut git = Command::new("git");
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for setting in settings.iter().chain(&["protocol.file.allow=always"]) {
        git.args(["-c", setting]);
    }
    git.args(["-c", "user.name=a", "-c", "user.email=a@b.example"]);
    Verdict::of(git.arg("-C").arg(folder).args(words)).accepted();
}

/// A repository of a chart, a program and an image, with a linked folder, line endings that
/// attributes set, and an executable.
fn repository() -> Sample {
    let sample = Sample::write("localhost", "hello");
    let folder = Path::new(sample.folder());
    fs::create_dir(folder.join("shared")).unwrap();
    fs::write(folder.join("shared/one.txt"), "one\ntwo\n").unwrap();
    fs::create_dir(folder.join("chart/files")).unwrap();
    fs::write(folder.join("chart/files/run.sh"), "#!/bin/sh\n").unwrap();
    Verdict::of(Command::new("chmod").arg("+x").arg(folder.join("chart/files/run.sh"))).accepted();
    symlink("../shared", folder.join("chart/shared")).unwrap();
    symlink("../../shared/one.txt", folder.join("chart/files/linked.txt")).unwrap();
    fs::write(folder.join(".gitattributes"), "*.yaml text\n*.bat text eol=crlf\n").unwrap();
    fs::write(folder.join("chart/files/a.bat"), "echo\n").unwrap();
    for words in [&["init", "-q"][..], &["add", "."], &["commit", "-qm", "one"]] {
        git(folder, &[], words);
    }
    fs::write(folder.join("shared/one.txt"), "one\ntwo\nthree\n").unwrap();
    git(folder, &[], &["commit", "-qam", "two"]);
    sample
}

/// The record of a build of the checkout at `folder`: of each file its digest.
fn record(folder: &Path, umask: &str) -> String {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("umask {umask}; exec \"$@\""), "sh"]).arg(product::binary());
    shell.args(["build", "--offline"]).arg(folder).args(WANTED);
    // As in a hook of another repository.
    shell.env("GIT_DIR", "/nonexistent/.git").env("GIT_INDEX_FILE", "/nonexistent/index");
    Verdict::of(&mut shell).accepted();
    fs::read_to_string(folder.join("dist/build.json")).unwrap()
}

#[test]
fn one_commit_gives_one_build_however_it_was_checked_out() {
    let sample = repository();
    let from = format!("file://{}", sample.folder());
    let base = Scratch::new("checkouts").unwrap();
    let attributes = base.join("attributes");
    fs::write(&attributes, "* text eol=crlf\n*.go ident\n").unwrap();
    let attributes = format!("core.attributesFile={}", attributes.display());
    let clone = |name: &str, settings: &[&str], words: &[&str]| -> PathBuf {
        // What is set for a clone stays in its own configuration.
        let mut all = vec!["clone", "--quiet"];
        for setting in settings {
            all.extend(["-c", setting]);
        }
        all.extend(words);
        all.extend([from.as_str(), name]);
        git(base.path(), settings, &all);
        base.join(name)
    };
    let expected = record(&clone("plain", &[], &[]), "022");
    assert!(expected.contains("\"dirty\": false"), "{expected}");
    let chart = base.join("plain/dist/helm/small-chart-1.0.0.tgz");
    let listed = Verdict::of(Command::new("tar").arg("tzf").arg(&chart)).accepted().stdout;
    for member in ["shared/one.txt", "files/linked.txt", "files/a.bat"] {
        assert!(listed.contains(&format!("small-chart/{member}\n")), "{listed}");
    }
    for (number, (settings, words, umask)) in [
        (&["core.autocrlf=true"][..], &[][..], "022"),
        (&["core.autocrlf=input"], &[], "022"),
        (&["core.fileMode=false"], &[], "000"),
        (&["core.symlinks=false"], &[], "022"),
        (&[&attributes], &[], "022"),
        (&["core.hooksPath=/nonexistent"], &[], "077"),
        (&[], &["--depth=1"], "022"),
        (&["core.autocrlf=true", "core.symlinks=false", "core.fileMode=false"], &[], "077"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("clone-{number}");
        let folder = clone(&name, settings, words);
        assert_eq!(record(&folder, umask), expected, "{settings:?} {words:?} umask {umask}");
    }
    let sparse = clone("sparse", &[], &["--no-checkout"]);
    git(&sparse, &[], &["sparse-checkout", "set", "--no-cone", "/package-actions.toml", "/server"]);
    git(&sparse, &[], &["checkout", "--quiet"]);
    assert!(!sparse.join("chart").exists());
    assert_eq!(record(&sparse, "022"), expected, "a sparse checkout");
    let work = base.join("work");
    let named = work.to_str().unwrap();
    git(&base.join("plain"), &[], &["worktree", "add", "--quiet", "--detach", named]);
    assert_eq!(record(&work, "022"), expected, "a linked work tree");
    in_memory(&base.join("plain"), &expected);
}

/// Files in memory have other inodes, times and block sizes than those on a disk.
fn in_memory(plain: &Path, expected: &str) {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        let folder = memory.join(format!("package-actions-checkout-{}", std::process::id()));
        git(plain, &[], &["clone", "--quiet", ".", folder.to_str().unwrap()]);
        let found = record(&folder, "022");
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, expected, "a file system in memory");
    }
}
