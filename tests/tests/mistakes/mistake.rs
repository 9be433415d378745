//! One mistake: a tree, a command in it, and the text that tells of both.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use product_tests::judges::Verdict;
use product_tests::product;
use product_tests::repository;
use product_tests::scratch::Scratch;

/// A tree in which somebody makes a mistake.
pub(crate) struct Mistake {
    name: &'static str,
    tree: Scratch,
    told: String,
}

impl Mistake {
    /// A folder of these files.
    pub(crate) fn new(name: &'static str, files: &[(&str, &str)]) -> Self {
        let mistake = Self { name, tree: Scratch::new("mistake").unwrap(), told: String::new() };
        files.iter().for_each(|(path, text)| mistake.write(path, text));
        mistake
    }

    /// The same as a repository with one commit.
    pub(crate) fn committed(name: &'static str, files: &[(&str, &str)]) -> Self {
        let mistake = Self::new(name, files);
        mistake.git(&["init", "--quiet", "--initial-branch=main"]);
        mistake.commit();
        mistake
    }

    /// Where the tree is.
    pub(crate) fn folder(&self) -> &Path {
        self.tree.path()
    }

    /// Writes a file of the tree.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let file = self.tree.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Commits all that is there.
    pub(crate) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message=a"]);
    }

    /// Runs git as somebody without any configuration, on a day of 2026.
    pub(crate) fn git(&self, words: &[&str]) {
        let mut git = Command::new("git");
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), "a").env(format!("GIT_{who}_EMAIL"), "a@b.example");
            git.env(format!("GIT_{who}_DATE"), "2026-10-01T07:08:09Z");
        }
        git.args(["-c", "protocol.file.allow=always"]).arg("-C").arg(self.folder()).args(words);
        Verdict::of(&mut git).accepted();
    }

    /// The digest of the tree's plan.
    pub(crate) fn plan(&self) -> String {
        let told = self.run(&["plan"], &["--output", "json"], &[]).accepted();
        let plan: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
        plan["digest"].as_str().unwrap().to_owned()
    }

    /// Runs the product in the tree; what it tells people and programs must be what is on record.
    pub(crate) fn tells(self, words: &[&str]) {
        self.tells_with(words, &[]);
    }

    /// The same with variables.
    pub(crate) fn tells_with(mut self, words: &[&str], variables: &[(&str, &str)]) {
        for json in [&[][..], &["--output", "json"]] {
            let ended = self.run(words, json, variables);
            let line = self.plain(&[words, json].concat().join(" "));
            self.told.push_str(&format!("$ package-actions {line}"));
            self.told.push_str(&self.plain(&format!("{}{}", ended.stdout, ended.stderr)));
            self.told.push_str(&format!("exit {}\n\n", ended.code));
        }
        let file = repository::root().join(format!("tests/fixtures/mistakes/{}.txt", self.name));
        if env::var_os("UPDATE_MISTAKES").is_some() {
            fs::write(&file, &self.told).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        assert!(
            self.told == expected,
            "{} tells something else (`UPDATE_MISTAKES=1` writes it anew):\n{}",
            self.name,
            self.told
        );
    }

    fn run(&self, words: &[&str], json: &[&str], variables: &[(&str, &str)]) -> Verdict {
        let mut command = product::command();
        command.current_dir(self.folder()).args(words).args(json);
        // What a terminal is, and where workflows and engines are, comes from the test alone.
        for name in ["GITHUB_ACTIONS", "DOCKER_HOST", "DOCKER_CONTEXT", "UV_PUBLISH_URL"] {
            command.env_remove(name);
        }
        command.env("COLUMNS", "80").env("DOCKER_HOST", "tcp://127.0.0.1:1");
        command.envs(variables.iter().copied());
        Verdict::of(&mut command)
    }

    /// `text` as it would be in any folder, at any time.
    fn plain(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for folder in [self.folder().canonicalize().unwrap(), self.folder().to_owned()] {
            text = text.replace(&folder.display().to_string(), "<tree>");
        }
        text = text.replace(&cache().display().to_string(), "<cache>");
        // The folder of a build is named after that of the tree.
        let builds = format!("{}/target/package/", "<cache>/work");
        let text = text.split(&builds).enumerate().map(|(number, part)| {
            let end = if number == 0 { 0 } else { part.find('/').unwrap_or(0) };
            part[end..].to_owned()
        });
        let text = text.collect::<Vec<_>>().join("<build>");
        let lines = text.lines().map(|line| {
            let line = without_time(line);
            between(&line, "<cache>/logs/", "/").unwrap_or(line)
        });
        lines.map(|line| format!("{}\n", without_command(&line))).collect()
    }
}

fn cache() -> PathBuf {
    repository::cache()
}

/// Seconds are the machine's.
fn without_time(line: &str) -> String {
    between(line, "stopped after ", " s").unwrap_or_else(|| line.to_owned())
}

/// A command that is shown whole names tools by version and digest, which change with the table.
fn without_command(line: &str) -> String {
    match line.split_once("command: ") {
        Some((start, _)) if start.trim().is_empty() => format!("{start}command: …"),
        _ => match line.split_once("\"command\": ") {
            Some((start, _)) => format!("{start}\"command\": …"),
            None => line.to_owned(),
        },
    }
}

/// `line` with `…` for what is between the first `start` and the next `end`.
fn between(line: &str, start: &str, end: &str) -> Option<String> {
    let (before, rest) = line.split_once(start)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{start}…{end}{after}"))
}
