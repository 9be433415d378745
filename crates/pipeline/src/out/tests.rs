use std::fs;
use std::os::unix::fs::symlink;

use super::*;

/// A tree in a folder of its own, which is removed when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("pa-out-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("tree/pkg/sub")).unwrap();
        Self(folder.canonicalize().unwrap())
    }

    fn join(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn config(out: &str) -> String {
    format!("[release]\nout = \"{out}\"\n[[package]]\nname = \"a\"\n")
}

#[test]
fn a_release_goes_where_the_argument_says_then_the_configuration_then_to_dist() {
    let scratch = Scratch::new("places");
    let root = scratch.join("tree");
    symlink(scratch.join("tree/pkg"), scratch.join("tree/inner")).unwrap();
    symlink(scratch.join("far"), scratch.join("tree/leaving")).unwrap();
    fs::create_dir(scratch.join("far")).unwrap();
    let check = |asked: Option<&str>, written: Option<&str>, path: &str, within: Option<&str>| {
        let asked = asked.map(|asked| root.join(asked));
        let text = written.map(config);
        let out = Out::of(&root, asked.as_deref(), text.as_deref()).unwrap();
        let expected = (scratch.join(path), within);
        assert_eq!((out.path().to_owned(), out.within()), expected, "{asked:?} {written:?}");
    };
    check(None, None, "tree/dist", Some("dist"));
    check(None, Some("build/release"), "tree/build/release", Some("build/release"));
    check(Some("x y/größe"), Some("build"), "tree/x y/größe", Some("x y/größe"));
    check(Some("../elsewhere"), None, "elsewhere", None);
    check(Some("pkg/../out"), None, "tree/out", Some("out"));
    check(Some("new/../out"), None, "tree/out", Some("out"));
    check(Some("inner/out"), None, "tree/pkg/out", Some("pkg/out"));
    check(Some("leaving/../near"), None, "near", None);
    check(Some("leaving"), None, "far", None);
    check(None, Some("inner/out"), "tree/pkg/out", Some("pkg/out"));
    // The plan tells what is wrong with these.
    for wrong in ["", ".", "../x", "/x", "a/.git/b", "a//b"] {
        check(None, Some(wrong), "tree/dist", Some("dist"));
    }
}

#[test]
fn a_release_is_never_written_over_the_sources_or_git() {
    let scratch = Scratch::new("refused");
    let root = scratch.join("tree");
    symlink("..", root.join("up")).unwrap();
    symlink("nowhere", root.join("dangling")).unwrap();
    let check = |asked: &str, code: &str, text: &str| {
        let asked = if asked.is_empty() { PathBuf::new() } else { root.join(asked) };
        let problem = Out::of(&root, Some(&asked), None).unwrap_err();
        assert_eq!(problem.code.name, code, "{asked:?}");
        assert!(problem.message.contains(text), "{}", problem.message);
        assert!(problem.help.is_some_and(|help| help.contains("--out")), "{asked:?}");
    };
    check("", "out-unusable", "names no folder");
    for holds in [".", "..", "up", "up/tree", "pkg/..", "/"] {
        check(holds, "out-unusable", "holds the sources");
    }
    for git in [".git", ".git/release", ".GIT/x", "up/other/.git"] {
        check(git, "out-unusable", "git's own");
    }
    check("dangling", "dist-not-ours", "cannot be followed");
    check("dangling/x", "dist-not-ours", "cannot be followed");
    let text = config("up/x");
    let problem = Out::of(&root, None, Some(&text)).unwrap_err();
    assert!(problem.message.contains("leads out of the tree"), "{}", problem.message);
}

/// Files that git tracks.
struct Files(&'static [&'static str]);

impl Tracked for Files {
    fn file(&self, path: &str) -> bool {
        self.0.contains(&path)
    }

    fn any(&self, path: &str) -> bool {
        let inside = format!("{path}/");
        self.0.iter().any(|file| *file == path || file.starts_with(&inside))
    }
}

#[test]
fn what_is_committed_is_a_source_wherever_releases_go() {
    let check = |out: Option<&str>, tracked: &'static [&'static str], expected: &[&str]| {
        let within = out.map(str::to_owned);
        let out = Out { path: PathBuf::from("/x"), within, named: None };
        assert_eq!(Outputs::of(&out).left_out(&Files(tracked)), expected, "{out:?} {tracked:?}");
    };
    let usual = ["dist", ".dist.next", ".dist.last"];
    check(Some("dist"), &["a"], &usual);
    check(None, &["distance/a", "dist.txt"], &usual);
    // Files that are no release are in the way of one, and sources all the same.
    check(Some("dist"), &["dist/index.js"], &usual[1..]);
    check(None, &["dist/index.js"], &usual[1..]);
    check(None, &["dist"], &usual[1..]);
    // A release that somebody committed is replaced by the next one.
    check(Some("dist"), &["dist/release.json", "dist/a"], &usual);
    check(Some("dist"), &["dist/build.json"], &usual);
    check(None, &["dist/release.json"], &usual[1..]);
    let mine = ["b/out", "b/.out.next", "b/.out.last"];
    check(Some("b/out"), &["b/x"], &[&mine[..], &usual].concat());
    check(Some("b/out"), &["dist/x"], &[&mine[..], &usual[1..]].concat());
    check(Some("b/out"), &["b/out/x"], &[&mine[1..], &usual].concat());
    check(Some("dist"), &["dist/x", ".dist.next"], &usual[2..]);
    // A link to the folder goes with it, unless it is committed.
    let named = Some("link".to_owned());
    let out = Outputs::of(&Out { path: PathBuf::from("/x"), within: None, named });
    assert_eq!(out.left_out(&Files(&[])), [&["link"], &usual[..]].concat());
    assert_eq!(out.left_out(&Files(&["link"])), usual);
}

#[test]
fn a_submodule_leaves_out_only_what_lies_in_it() {
    let within = Some("sub/dist/out".to_owned());
    let out = Out { path: PathBuf::from("/x"), within, named: Some("sub/link".to_owned()) };
    let outputs = Outputs::of(&out);
    let check = |folder: &str, expected: &[&str]| {
        assert_eq!(outputs.below(folder).left_out(&Files(&[])), expected, "{folder}");
    };
    check("sub", &["link", "dist/out", "dist/.out.next", "dist/.out.last"]);
    check("su", &[]);
    check("other", &[]);
}
