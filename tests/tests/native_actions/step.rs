//! One step of a workflow: an action, its variables, and what it left.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use product_tests::judges::Verdict;
use product_tests::product;
use product_tests::scratch::Scratch;

/// A secret of each kind that an action is given; none may ever show.
pub const CANARY: &str = "canary-7f3a";

/// A step in the making.
pub struct Step {
    action: String,
    place: Scratch,
    variables: BTreeMap<String, String>,
}

/// A step at its end.
#[derive(Debug)]
pub struct Ended {
    pub verdict: Verdict,
    pub outputs: BTreeMap<String, String>,
    pub summary: String,
    pub artifacts: String,
}

impl Step {
    /// The action called `action` on a machine of GitHub's, after a push.
    pub fn of(action: &str) -> Self {
        let place = Scratch::new("action").unwrap();
        let step = Self { action: action.to_owned(), place, variables: BTreeMap::new() };
        step.set("GITHUB_ACTIONS", "true")
            .set("GITHUB_EVENT_NAME", "push")
            .set("RUNNER_ENVIRONMENT", "github-hosted")
            .set("GITHUB_REPOSITORY", "Owner/Repo")
            .set("GITHUB_SERVER_URL", "https://github.com")
            .set("GITHUB_REF", "refs/heads/main")
            .set("GITHUB_REF_TYPE", "branch")
            .set("GITHUB_REF_NAME", "main")
            .set("GITHUB_TOKEN", CANARY)
            .set("UV_PUBLISH_TOKEN", CANARY)
    }

    pub fn set(mut self, variable: &str, value: &str) -> Self {
        self.variables.insert(variable.to_owned(), value.to_owned());
        self
    }

    /// Sets an input as an action's `env:` does.
    pub fn input(self, name: &str, value: &str) -> Self {
        let variable = format!("INPUT_{}", name.to_uppercase().replace('-', "_"));
        self.set(&variable, value)
    }

    /// An event that `tag` was pushed.
    pub fn tagged(self, tag: &str) -> Self {
        let reference = format!("refs/tags/{tag}");
        self.set("GITHUB_REF", &reference).set("GITHUB_REF_TYPE", "tag").set("GITHUB_REF_NAME", tag)
    }

    /// Runs it in `folder`.
    pub fn run(&self, folder: &Path) -> Ended {
        let file = |name: &str| self.place.join(name);
        let names = ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ARTIFACTS"];
        let mut command = product::command();
        command.args(["action", &self.action]).current_dir(folder).env_clear();
        for name in ["PATH", "HOME", "PACKAGE_ACTIONS_CACHE", "TMPDIR"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        for name in names {
            fs::write(file(name), "").unwrap();
            command.env(name, file(name));
        }
        let mut verdict = Verdict::of(command.envs(&self.variables));
        // The line of a test shows what it sets, secrets too.
        verdict.line = format!("action {}", self.action);
        let read = |name: &str| fs::read_to_string(file(name)).unwrap();
        let ended = Ended {
            outputs: outputs(&read("GITHUB_OUTPUT")),
            summary: read("GITHUB_STEP_SUMMARY"),
            artifacts: read("GITHUB_ARTIFACTS"),
            verdict,
        };
        ended.is_quiet();
        let declared = definition(&self.action);
        for name in ended.outputs.keys() {
            let line = format!("value: ${{{{ steps.action.outputs.{name} }}}}");
            assert!(declared.contains(&line), "{}'s action does not hand on `{name}`", self.action);
        }
        ended
    }
}

/// The text of the action called so; empty where there is none.
fn definition(action: &str) -> String {
    let folder = match action {
        "oci" | "pypi" | "helm" | "binary" => action.to_owned(),
        "release" => ".".to_owned(),
        _ => format!("actions/{action}"),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join(folder).join("action.yml")).unwrap_or_default()
}

/// The runner's own reading of `name<<DELIMITER`.
fn outputs(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let (name, delimiter) = line.split_once("<<").expect("a heredoc");
        let value: Vec<&str> = lines.by_ref().take_while(|line| *line != delimiter).collect();
        found.insert(name.to_owned(), value.join("\n"));
    }
    found
}

impl Ended {
    /// All that it said, for messages.
    pub fn told(&self) -> String {
        format!("{}\nsummary:\n{}", self.verdict.told(), self.summary)
    }

    #[track_caller]
    pub fn accepted(self) -> Self {
        assert!(self.verdict.code == 0, "{}", self.told());
        self
    }

    #[track_caller]
    pub fn refused(self, code: &str) -> Self {
        let words = format!("error[{code}]");
        assert!(self.verdict.code != 0 && self.verdict.stdout.contains(&words), "{}", self.told());
        assert!(self.summary.contains(&format!("<code>{code}</code>")), "{}", self.told());
        self
    }

    #[track_caller]
    pub fn output(&self, name: &str) -> &str {
        self.outputs.get(name).unwrap_or_else(|| panic!("no output `{name}`: {}", self.told()))
    }

    /// The runner obeys nothing of it but our annotations, and no secret shows.
    #[track_caller]
    fn is_quiet(&self) {
        let mut lines = self.verdict.stdout.lines();
        let first = lines.next().unwrap_or_default();
        let token = first.strip_prefix("::stop-commands::").expect("silence from the first line");
        assert_eq!(token.len(), 32, "{first}");
        let end = format!("::{token}::");
        assert!(lines.any(|line| line == end), "the silence never ends: {}", self.told());
        // Then annotations, and logs of commands: each a group with a silence of its own in it.
        let ours = ["::error ", "::warning ", "::group::", "::endgroup::"];
        let mut silence: Option<String> = None;
        for line in lines {
            if let Some(token) =
                line.strip_prefix("::stop-commands::").filter(|_| silence.is_none())
            {
                assert_eq!(token.len(), 32, "{line}");
                silence = Some(format!("::{token}::"));
            } else if silence.as_deref() == Some(line) {
                silence = None;
            } else {
                let is_ours = ours.iter().any(|start| line.starts_with(start));
                assert!(silence.is_some() || is_ours, "{line}\n{}", self.told());
            }
        }
        assert_eq!(silence, None, "a silence never ends: {}", self.told());
        assert!(self.verdict.stderr.is_empty(), "{}", self.told());
        assert!(self.summary.len() < 1 << 20);
        let everything = format!("{}{:?}{}", self.told(), self.outputs, self.artifacts);
        assert!(!everything.contains(CANARY), "a secret shows: {everything}");
    }
}
