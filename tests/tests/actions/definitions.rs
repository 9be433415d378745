//! Every action, workflow and template of a tree, read; and what each asks of the others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use product_tests::repository;
use product_tests::yaml::{self, Node};

/// The name under which downstream repositories call ours.
pub const OWN: &str = "contextforge-org/package-actions";

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An `action.yml`.
    Action,
    /// A workflow of this repository, reusable or not.
    Workflow,
    /// A workflow that others copy.
    Template,
}

/// An action, a workflow or a template.
#[derive(Clone, Debug)]
pub struct Definition {
    pub path: String,
    pub kind: Kind,
    pub node: Node,
    pub text: String,
}

/// A step or a job that calls something, with what it hands over.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    pub uses: &'a str,
    pub line: usize,
    pub node: &'a Node,
}

/// All of them, and the names of all files.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    definitions: BTreeMap<String, Definition>,
    files: BTreeSet<String>,
}

impl Definitions {
    /// Those that git tracks here, or would.
    pub fn of_the_repository() -> Self {
        let mut git = Command::new("git");
        git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
        let listed = git.current_dir(repository::root()).output().unwrap();
        let names = String::from_utf8(listed.stdout).unwrap();
        Self::below(&repository::root(), names.split('\0').filter(|name| !name.is_empty()))
    }

    /// Those among the named files of a folder.
    pub fn below<'a>(root: &Path, names: impl Iterator<Item = &'a str>) -> Self {
        let mut definitions = Self::default();
        for name in names {
            let text = std::fs::read(root.join(name)).unwrap_or_default();
            definitions.add(name, &String::from_utf8_lossy(&text));
        }
        definitions
    }

    /// Hand-made ones, for a rule's own test.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let mut definitions = Self::default();
        files.iter().for_each(|(path, text)| definitions.add(path, text));
        definitions
    }

    fn add(&mut self, path: &str, text: &str) {
        self.files.insert(path.to_owned());
        let Some(kind) = kind(path) else { return };
        let node = yaml::parse(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let file = Definition { path: path.to_owned(), kind, node, text: text.to_owned() };
        self.definitions.insert(path.to_owned(), file);
    }

    pub fn len(&self) -> usize {
        self.definitions.len()
    }

    pub fn all(&self) -> impl Iterator<Item = &Definition> {
        self.definitions.values()
    }

    pub fn has_file(&self, path: &str) -> bool {
        self.files.contains(path)
    }

    /// Our file that `uses` names; nothing for a stranger's.
    pub fn target(&self, uses: &str) -> Option<&Definition> {
        let inside = own_path(uses)?;
        let folder = if inside.is_empty() { String::new() } else { format!("{inside}/") };
        self.definitions
            .get(inside)
            .or_else(|| self.definitions.get(&format!("{folder}action.yml")))
    }
}

/// The path in our repository that `uses` names, however it does.
pub fn own_path(uses: &str) -> Option<&str> {
    if let Some(path) = uses.strip_prefix("$/").or_else(|| uses.strip_prefix("./")) {
        return Some(path);
    }
    let (name, _) = uses.split_once('@')?;
    let path = name.strip_prefix(OWN)?;
    (path.is_empty() || path.starts_with('/')).then(|| path.trim_start_matches('/'))
}

impl Definition {
    /// The jobs of a workflow.
    pub fn jobs(&self) -> impl Iterator<Item = (&str, &Node)> {
        let jobs = self.node.get("jobs").into_iter().flat_map(Node::pairs);
        jobs.map(|(name, _, job)| (name.as_str(), job))
    }

    /// The lists of steps: one a job, or that of a composite action; each with the job's name.
    pub fn step_lists(&self) -> Vec<(&str, Vec<&Node>)> {
        if self.kind == Kind::Action {
            return vec![("", self.node.get("runs").map_or(vec![], steps_of))];
        }
        self.jobs().map(|(name, job)| (name, steps_of(job))).collect()
    }

    /// Everything that this file calls.
    pub fn calls(&self) -> Vec<Call<'_>> {
        let jobs = self.jobs().map(|(_, job)| job);
        let steps = self.step_lists().into_iter().flat_map(|(_, steps)| steps);
        jobs.chain(steps).filter_map(call).collect()
    }

    /// What a caller may hand over: inputs of an action, or of a workflow that is called.
    pub fn inputs(&self) -> Option<&Node> {
        match self.kind {
            Kind::Action => self.node.get("inputs"),
            _ => self.node.at(&["on", "workflow_call", "inputs"]),
        }
    }

    /// The names of what it hands back.
    pub fn outputs(&self) -> BTreeSet<&str> {
        let node = match self.kind {
            Kind::Action => self.node.get("outputs"),
            _ => self.node.at(&["on", "workflow_call", "outputs"]),
        };
        node.into_iter().flat_map(Node::keys).collect()
    }

    /// The line of the text, counted from 1.
    pub fn line(&self, number: usize) -> &str {
        self.text.lines().nth(number.saturating_sub(1)).unwrap_or_default()
    }

    /// A finding.
    pub fn finding(&self, line: usize, what: impl std::fmt::Display) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

fn steps_of(runs: &Node) -> Vec<&Node> {
    runs.get("steps").into_iter().flat_map(Node::items).collect()
}

/// What a step or a job calls.
pub fn call(node: &Node) -> Option<Call<'_>> {
    let uses = node.get("uses")?;
    Some(Call { uses: uses.text()?, line: uses.line, node })
}

fn kind(path: &str) -> Option<Kind> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    match folder {
        ".github/workflows" if is_yaml => Some(Kind::Workflow),
        "workflows" if is_yaml => Some(Kind::Template),
        _ if name == "action.yml" && !path.starts_with("tests/") => Some(Kind::Action),
        _ => None,
    }
}
