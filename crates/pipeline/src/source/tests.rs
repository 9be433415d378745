//! A tree is its commit, whatever the configuration under which it was checked out: random
//! repositories, against a checkout by git itself under none.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

mod elsewhere;
mod generator;

use generator::Random;

/// A folder that vanishes.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("pa-source-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder.canonicalize().unwrap())
    }

    fn join(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs git as somebody without any configuration.
fn git(folder: &Path, words: &[&str]) -> String {
    let mut git = Command::new("git");
    git.env_clear().env("PATH", env::var_os("PATH").unwrap()).env("HOME", "/nonexistent");
    git.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_ALLOW_PROTOCOL", "file");
    for (name, value) in [("NAME", "a"), ("EMAIL", "a@example.com"), ("DATE", "1700000000 +0000")] {
        git.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
    }
    git.args(["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"]);
    let ended = git.arg("-C").arg(folder).args(words).output().unwrap();
    assert!(ended.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8_lossy(&ended.stdout).into_owned()
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--allow-empty", "--message", "a"]);
}

/// All below a folder but git's own: mode, and bytes or target.
fn contents(folder: &Path) -> BTreeMap<String, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            let about = path.symlink_metadata().unwrap();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if path.file_name().unwrap() == ".git" {
                continue;
            } else if about.is_dir() {
                folders.push(path);
            } else if about.is_symlink() {
                let target = fs::read_link(&path).unwrap();
                found.insert(name, (0o120_000, target.to_str().unwrap().as_bytes().to_vec()));
            } else {
                let executable = about.permissions().mode() & 0o100;
                found.insert(name, (executable, fs::read(&path).unwrap()));
            }
        }
    }
    found
}

/// What is staged of the tree at `folder`, and whether it is its commit.
fn staged(folder: &Path, to: &Path) -> (BTreeMap<String, (u32, Vec<u8>)>, bool) {
    let source = Source::open(folder).unwrap();
    let _ = fs::remove_dir_all(to);
    let written = source.write(&to.join("written")).unwrap();
    let top = to.join("copy");
    let copy = top.join(source.prefix().unwrap());
    crate::stage::copy(&source, &written, &copy, crate::stage::Clock::Epoch).unwrap();
    if source.facts().commit.is_some() {
        source.write_repository(&top, &["v1".to_owned()]).unwrap();
        let status = git(&top, &["status", "--porcelain"]);
        assert_eq!(status.is_empty(), !source.facts().dirty, "{status}");
    }
    for path in source.paths() {
        let found = model::Tree::find(&source, path);
        if let (Found::Text(text), Some((0 | 0o100, bytes))) =
            (found, contents(&copy).get(path).cloned())
        {
            let unix = |text: &str| text.replace("\r\n", "\n");
            let bytes = String::from_utf8(bytes).unwrap();
            // Attributes of the commit turn line endings; no manifest reads otherwise for them.
            if !bytes.contains("$Id") {
                assert_eq!(unix(&text), unix(&bytes), "{path}");
            }
        }
    }
    (contents(&copy), source.facts().dirty)
}

/// Ways to check out, each as configuration of the clone.
const CONFIGURATIONS: [&[&str]; 8] = [
    &[],
    &["core.autocrlf=true"],
    &["core.autocrlf=input"],
    &["core.fileMode=false"],
    &["core.symlinks=false"],
    &["core.eol=crlf"],
    &["core.attributesFile=ATTRIBUTES"],
    &["core.autocrlf=true", "core.symlinks=false", "core.fileMode=false"],
];

/// Checks that a random repository, checked out in each way, is staged as a neutral checkout is.
fn judge(seed: u64) {
    let base = Folder::new(&format!("oracle-{seed}"));
    let (origin, neutral) = (base.join("origin"), base.join("neutral"));
    fs::create_dir(&origin).unwrap();
    git(&origin, &["init", "--quiet"]);
    let mut random = Random::new(seed);
    generator::fill(&mut random, &origin);
    commit(&origin);
    let from = origin.to_str().unwrap();
    git(&base.0, &["clone", "--quiet", from, "neutral"]);
    let expected = contents(&neutral);
    assert!(!expected.is_empty());
    fs::write(base.join("attributes"), "* text eol=crlf\n*.txt ident\n").unwrap();
    for (number, settings) in CONFIGURATIONS.iter().enumerate() {
        let name = format!("clone-{number}");
        let attributes = base.join("attributes").to_str().unwrap().to_owned();
        let settings: Vec<String> =
            settings.iter().map(|one| one.replace("ATTRIBUTES", &attributes)).collect();
        let mut words = vec!["clone", "--quiet"];
        for setting in &settings {
            words.extend(["-c", setting]);
        }
        words.extend([from, &name]);
        git(&base.0, &words);
        let clone = base.join(&name);
        if number % 2 == 1 {
            generator::make_sparse(&mut random, &clone, |words| git(&clone, words));
        }
        let found = staged(&clone, &base.join("staged"));
        compare(seed, &settings, &found.0, &expected);
        assert!(!found.1, "seed {seed}, {settings:?}: it is said to differ from its commit");
    }
}

fn compare(
    seed: u64,
    settings: &[String],
    found: &BTreeMap<String, (u32, Vec<u8>)>,
    expected: &BTreeMap<String, (u32, Vec<u8>)>,
) {
    let paths: Vec<&String> = found.keys().chain(expected.keys()).collect();
    for path in paths {
        let show = |one: Option<&(u32, Vec<u8>)>| {
            one.map(|(mode, bytes)| format!("{mode:o} {}", bytes.escape_ascii()))
        };
        assert_eq!(
            show(found.get(path)),
            show(expected.get(path)),
            "seed {seed}, {settings:?}: `{path}`"
        );
    }
}

#[test]
fn a_random_repository_is_staged_as_git_checks_it_out_without_configuration() {
    // A slow test asks for five hundred.
    let asked = std::env::var("PACKAGE_ACTIONS_TEST_REPOSITORIES").ok();
    let count = asked.map_or(6, |count| count.parse().unwrap());
    for seed in 0..count {
        judge(seed);
    }
}

#[test]
fn what_changed_comes_from_disk_and_makes_the_tree_dirty() {
    let base = Folder::new("changed");
    let tree = base.join("tree");
    fs::create_dir_all(tree.join("a")).unwrap();
    git(&tree, &["init", "--quiet"]);
    for (path, text) in
        [("a/same", "1\n"), ("a/changed", "1\n"), ("gone", "1\n"), (".gitignore", "*.o\n")]
    {
        fs::write(tree.join(path), text).unwrap();
    }
    commit(&tree);
    fs::write(tree.join("a/changed"), "2\n").unwrap();
    fs::write(tree.join("a/new"), "2\n").unwrap();
    fs::write(tree.join("x.o"), "2\n").unwrap();
    symlink("a", tree.join("link")).unwrap();
    fs::remove_file(tree.join("gone")).unwrap();
    let (found, dirty) = staged(&tree, &base.join("staged"));
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(names, [".gitignore", "a/changed", "a/new", "a/same", "link"]);
    assert_eq!((&*found["a/changed"].1, dirty), (&b"2\n"[..], true));
    let source = Source::open(&tree).unwrap();
    let notes = source.notes("v1").join("\n");
    assert!(notes.contains("uncommitted changes (4 files: a/changed, a/new, gone, …)"), "{notes}");
    for (path, expected) in [
        ("gone", Found::Absent),
        ("x.o", Found::Absent),
        ("link/new", Found::Text("2\n".to_owned())),
        ("link", Found::Folder),
        ("a/changed", Found::Text("2\n".to_owned())),
    ] {
        assert_eq!(model::Tree::find(&source, path), expected, "{path}");
    }
}

#[test]
fn a_folder_of_a_repository_is_staged_alone_with_the_attributes_above_it() {
    let base = Folder::new("part");
    let tree = base.join("tree");
    fs::create_dir_all(tree.join("part/dist")).unwrap();
    git(&tree, &["init", "--quiet"]);
    for (path, text) in [
        (".gitattributes", "*.bat text eol=crlf\n"),
        ("other", "1\n"),
        ("part/a.bat", "1\n"),
        ("part/dist/built", "1\n"),
    ] {
        fs::write(tree.join(path), text).unwrap();
    }
    commit(&tree);
    let (found, dirty) = staged(&tree.join("part"), &base.join("staged"));
    let files: Vec<(&str, &[u8])> =
        found.iter().map(|(path, (_, bytes))| (path.as_str(), bytes.as_slice())).collect();
    let expected = vec![("a.bat", &b"1\r\n"[..]), ("dist/built", &b"1\n"[..])];
    assert_eq!((files, dirty), (expected, false));
}

#[test]
fn what_releases_are_written_to_is_no_source_unless_it_is_committed() {
    let base = Folder::new("outputs");
    let write = |tree: &Path, path: &str| {
        let file = tree.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "1\n").unwrap();
    };
    let check = |name: &str, out: Option<&str>, tracked: &[&str], left: &[&str], expected| {
        let tree = base.join(name);
        fs::create_dir(&tree).unwrap();
        git(&tree, &["init", "--quiet"]);
        write(&tree, "a");
        tracked.iter().for_each(|path| write(&tree, path));
        commit(&tree);
        left.iter().for_each(|path| write(&tree, path));
        let out = out.map(|out| tree.join(out));
        let (source, ()) = Source::open_beside(&tree, out.as_deref(), |_| ()).unwrap();
        let pending = source.pending().map(|_| ()).map_err(|failure| failure.problems.to_string());
        if let Err(why) = &pending {
            assert!(why.contains("error[dist-not-ours]") && why.contains("--out"), "{why}");
        }
        let found = (source.paths(), source.facts().dirty, pending.is_ok());
        let (paths, dirty, ours): (&[&str], bool, bool) = expected;
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        assert_eq!(found, (paths.as_slice(), dirty, ours), "{name}");
        assert_eq!(tracked.iter().filter(|path| !tree.join(path).is_file()).count(), 0, "{name}");
    };
    let release = ["dist/release.json", "dist/x", ".dist.next/x", ".dist.last/x"];
    check("left", None, &[], &release, (&["a"], false, true));
    check("left-aside", Some("../far"), &[], &release, (&["a"], false, true));
    let (theirs, left) = (&["dist/index.js"], &["o/u t/release.json"]);
    check("theirs", None, theirs, &[], (&["a", "dist/index.js"], false, false));
    check("aside", Some("o/u t"), theirs, left, (&["a", "dist/index.js"], false, true));
    let changed = &["a", "dist/index.js", "dist/new"];
    check("changed", Some("o"), theirs, &["dist/new"], (changed, true, true));
    check("nested", Some("src/out"), &["src/b"], &[], (&["a", "src/b"], false, true));
    check("sources", Some("src"), &["src/b"], &[], (&["a", "src/b"], false, false));
    check("committed", None, &["dist/release.json"], &["dist/y"], (&["a"], false, true));
    check("hidden", None, &[".dist.json"], &[], (&[".dist.json", "a"], false, true));
}

#[test]
fn links_that_have_no_end_in_the_tree_are_withheld() {
    let base = Folder::new("links");
    let tree = base.join("tree");
    fs::create_dir_all(tree.join("a")).unwrap();
    git(&tree, &["init", "--quiet"]);
    fs::write(tree.join("a/file"), "1\n").unwrap();
    for (target, path) in [
        ("a", "fine"),
        ("../../outside", "a/out"),
        ("/etc/passwd", "absolute"),
        ("nothing", "dangling"),
        ("self", "self"),
    ] {
        symlink(target, tree.join(path)).unwrap();
    }
    for is_committed in [false, true] {
        if is_committed {
            commit(&tree);
        }
        let source = Source::open(&tree).unwrap();
        let all = source.withheld().unwrap().iter();
        let told: Vec<String> =
            all.map(|one| format!("{} {}", one.problem.code.name, one.path)).collect();
        assert_eq!(
            told,
            [
                "tree-link-leaves a/out",
                "tree-link-leaves absolute",
                "tree-link-dangles dangling",
                "tree-link-loops self",
            ]
        );
    }
}

#[test]
fn a_missing_object_is_told_with_the_way_to_get_it() {
    let base = Folder::new("missing");
    let tree = base.join("tree");
    fs::create_dir(&tree).unwrap();
    git(&tree, &["init", "--quiet"]);
    fs::write(tree.join("file"), "1\n").unwrap();
    commit(&tree);
    let id = git(&tree, &["rev-parse", "HEAD:file"]).trim().to_owned();
    fs::remove_file(tree.join(".git/objects").join(&id[..2]).join(&id[2..])).unwrap();
    let source = Source::open(&tree).unwrap();
    let problem = source.write(&base.join("staged")).unwrap_err();
    assert_eq!(problem.code.name, "git-object-missing", "{problem:?}");
    assert!(problem.message.contains(&id), "{problem:?}");
}

#[test]
fn a_commit_that_cannot_be_read_is_not_taken_for_none() {
    let tree = Folder::new("broken");
    git(&tree.0, &["init", "--quiet"]);
    fs::write(tree.join("file"), "1\n").unwrap();
    git(&tree.0, &["add", "file"]);
    assert_eq!(Source::open(&tree.0).unwrap().facts().commit, None, "before the first commit");
    commit(&tree.0);
    let id = git(&tree.0, &["rev-parse", "HEAD"]).trim().to_owned();
    fs::remove_file(tree.join(&format!(".git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
    let problem = Source::open(&tree.0).unwrap_err();
    assert_eq!(problem.code.name, "git-failed", "{problem}");
}
