//! A repository of a user's, made for one question, with neutral settings and one date for its
//! commits; and what the program makes of it.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use product_tests::judges::Verdict;
use product_tests::product;
use product_tests::scratch::Scratch;
use serde_json::Value;

/// When everything is committed.
pub const DATE: &str = "2026-10-01T07:08:09Z";

/// Variables by which git is told of another repository or of other settings.
const SURROUNDINGS: [&str; 5] =
    ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"];

/// A git repository in a folder of its own.
pub struct Tree(Scratch);

impl Tree {
    /// These files, in one commit.
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self::dated(files, DATE)
    }

    /// These files, in one commit of that date.
    pub fn dated(files: &[(&str, &str)], date: &str) -> Self {
        let tree = Self::bare(files);
        tree.commit(date);
        tree
    }

    /// These files, and what `init` proposes for them, in one commit.
    pub fn proposed(files: &[(&str, &str)]) -> Self {
        let tree = Self::bare(files);
        tree.run(&["init"]).accepted();
        tree.commit(DATE);
        tree
    }

    /// These files, none of them committed.
    pub fn bare(files: &[(&str, &str)]) -> Self {
        let tree = Self(Scratch::new("cases").unwrap());
        tree.git(&["init", "--quiet", "--initial-branch=main"]);
        tree.put(".gitignore", "/dist/\n");
        for (path, text) in files {
            tree.put(path, text);
        }
        tree
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn join(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    pub fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let file = self.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }

    /// Adds a file that may be run.
    pub fn put_program(&self, path: &str, text: &str) {
        self.put(path, text);
        fs::set_permissions(self.join(path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub fn link(&self, path: &str, target: &str) {
        fs::create_dir_all(self.join(path).parent().unwrap()).unwrap();
        symlink(target, self.join(path)).unwrap();
    }

    /// Commits all that is there.
    pub fn commit(&self, date: &str) {
        self.git(&["add", "--all"]);
        let mut command = git(self.path());
        command.env("GIT_AUTHOR_DATE", date).env("GIT_COMMITTER_DATE", date);
        Verdict::of(command.args(["commit", "--quiet", "--allow-empty", "--message=x"])).accepted();
    }

    /// What git answers here.
    pub fn git(&self, words: &[&str]) -> String {
        Verdict::of(git(self.path()).args(words)).accepted().stdout.trim().to_owned()
    }

    /// A clone of it, made with these words.
    pub fn cloned(&self, words: &[&str]) -> Self {
        let clone = Self(Scratch::new("cases").unwrap());
        let from = format!("file://{}", self.path().display());
        let mut all = vec!["clone", "--quiet"];
        all.extend(words);
        clone.git(&[&all[..], &[&from, "."]].concat());
        clone
    }

    /// A line of the program's, in this folder.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = product::command();
        command.args(words).current_dir(self.path());
        for variable in SURROUNDINGS {
            command.env_remove(variable);
        }
        command
    }

    pub fn run(&self, words: &[&str]) -> Verdict {
        Verdict::of(&mut self.command(words))
    }

    /// Releases what is committed.
    #[track_caller]
    pub fn release(&self, words: &[&str]) -> Verdict {
        self.run(&[&["release", "--local"], words].concat()).accepted()
    }

    /// Runs the program and expects a refusal that holds each of `expected`.
    #[track_caller]
    pub fn refuses(&self, words: &[&str], code: i32, expected: &[&str]) -> Verdict {
        let told = self.run(words);
        assert_eq!(told.code, code, "{}", told.told());
        for text in expected {
            assert!(told.stderr.contains(text), "no {text:?} in {}", told.told());
        }
        told
    }

    /// What the sealed release says of itself.
    pub fn manifest(&self) -> Value {
        read(&self.join("dist/release.json"))
    }

    /// The release's own files that end so.
    pub fn built(&self, ending: &str) -> Vec<PathBuf> {
        let manifest = self.manifest();
        let artifacts = manifest["artifacts"].as_array().unwrap();
        let paths = artifacts.iter().map(|one| one["path"].as_str().unwrap());
        paths
            .filter(|path| path.ends_with(ending))
            .map(|path| self.join("dist").join(path))
            .collect()
    }

    /// The only one of them.
    #[track_caller]
    pub fn only(&self, ending: &str) -> PathBuf {
        let mut built = self.built(ending);
        assert_eq!(built.len(), 1, "{ending}: {built:?}");
        built.remove(0)
    }
}

pub fn read(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// A line of git's, by somebody without settings.
fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for variable in SURROUNDINGS {
        git.env_remove(variable);
    }
    for (name, value) in [("NAME", "a"), ("EMAIL", "a@example.com"), ("DATE", DATE)] {
        git.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
    }
    git.args(["-c", "protocol.file.allow=always", "-c", "advice.detachedHead=false"]);
    git
}
