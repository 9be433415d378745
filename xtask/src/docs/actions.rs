//! The reference of actions and workflows as Markdown, from their own YAML: what each takes, gives
//! and needs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::Failure;
use crate::workspace;
use crate::yaml::{self, Node};

const OWN: &str = "contextforge-org/package-actions";

/// `docs/reference/actions.md`: the action for everything first, then formats, then steps.
pub fn actions() -> Result<String, Failure> {
    let mut text = head("Actions", "action.yml");
    text.push_str(
        "Each is named by its folder: `uses: contextforge-org/package-actions/oci@v1`. Pin the \
         commit of a release where you can.\n",
    );
    for folder in folders()? {
        let path =
            if folder.is_empty() { "action.yml".into() } else { format!("{folder}/action.yml") };
        let node = read(&path)?;
        let name = if folder.is_empty() { OWN.to_owned() } else { format!("{OWN}/{folder}") };
        let _ = write!(text, "\n## `{name}`\n\n{}\n", words(&node, "description"));
        text.push_str(&table("Input", node.get("inputs")));
        text.push_str(&table("Output", node.get("outputs")));
    }
    Ok(text)
}

/// `docs/reference/workflows.md`: those that can be called.
pub fn workflows() -> Result<String, Failure> {
    let mut text = head("Reusable workflows", "`on: workflow_call`");
    text.push_str(
        "Each is called as a job: `uses: contextforge-org/package-actions/.github/workflows/\
         release.yml@v1`. The job must grant the permissions that are named here, for a called \
         workflow can only lower them. Templates that do stand in `workflows/`; `package-actions \
         init --workflow release` copies one.\n",
    );
    let all = called()?;
    for (path, node) in &all {
        let place = node.get("on").and_then(|on| on.get("workflow_call"));
        let what = comment(&fs::read_to_string(workspace::root().join(path))?);
        let _ = write!(text, "\n## `{}`\n\n{what}\n", file_name(path));
        let needs = needs(&all, node, 0);
        let granted: Vec<String> =
            needs.iter().map(|(scope, level)| format!("`{scope}: {level}`")).collect();
        let _ = write!(text, "\nPermissions of the calling job: {}\n", granted.join(", "));
        for (title, key) in [("Input", "inputs"), ("Secret", "secrets"), ("Output", "outputs")] {
            text.push_str(&table(title, place.and_then(|place| place.get(key))));
        }
    }
    Ok(text)
}

fn head(title: &str, from: &str) -> String {
    let from = from.trim_matches('`');
    format!("# {title}\n\n<!-- From every `{from}`, by `cargo xtask docs`. -->\n\n")
}

/// The folders of actions: the root, the formats, the steps; each in order of name.
fn folders() -> Result<Vec<String>, Failure> {
    let listed =
        workspace::output("git", &["ls-files", "--cached", "--others", "--exclude-standard"])?;
    let folder = |path: &str| match path {
        "action.yml" => Some(String::new()),
        _ => path.strip_suffix("/action.yml").map(str::to_owned),
    };
    let found: BTreeSet<String> =
        listed.lines().filter(|path| !path.starts_with("tests/")).filter_map(folder).collect();
    let (steps, formats): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|folder| folder.starts_with("actions/"));
    Ok(formats.into_iter().chain(steps).collect())
}

fn called() -> Result<BTreeMap<String, Node>, Failure> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(workspace::root().join(".github/workflows"))? {
        let path = format!(".github/workflows/{}", entry?.file_name().to_string_lossy());
        let node = read(&path)?;
        if node.get("on").and_then(|on| on.get("workflow_call")).is_some() {
            found.insert(path, node);
        }
    }
    Ok(found)
}

/// The union of what its jobs ask for, and the jobs of those that they call.
fn needs(all: &BTreeMap<String, Node>, node: &Node, depth: usize) -> BTreeMap<String, String> {
    let mut needed = BTreeMap::new();
    if depth > 10 {
        return needed;
    }
    for (_, _, job) in node.get("jobs").into_iter().flat_map(Node::pairs) {
        let own = job.get("permissions").into_iter().flat_map(Node::pairs);
        let own = own
            .map(|(scope, _, level)| (scope.clone(), level.text().unwrap_or_default().to_owned()));
        let below = job.text_of("uses").and_then(|uses| all.get(uses.strip_prefix("$/")?));
        let below = below.map(|below| needs(all, below, depth + 1)).unwrap_or_default();
        for (scope, level) in own.chain(below) {
            let known = needed.entry(scope).or_insert_with(|| level.clone());
            // `write` holds `read`, and comes after it in the alphabet.
            *known = known.clone().max(level);
        }
    }
    needed
}

/// The comment that a file starts with, as paragraphs.
fn comment(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.starts_with('#'));
    let lines: Vec<&str> = lines.map(|line| line.trim_start_matches('#').trim()).collect();
    let kept: Vec<&str> =
        lines.into_iter().take_while(|line| !line.starts_with("Needs of")).collect();
    kept.join("\n").trim().to_owned()
}

fn table(title: &str, rows: Option<&Node>) -> String {
    let mut text = String::new();
    for (index, (name, _, facts)) in rows.into_iter().flat_map(Node::pairs).enumerate() {
        if index == 0 {
            let third =
                if title == "Input" { " | Default |\n|---|---|---|\n" } else { " |\n|---|---|\n" };
            let _ = write!(text, "\n| {title} | What{third}");
        }
        let _ = write!(text, "| `{name}` | {} |", words(facts, "description"));
        if title == "Input" {
            let default = facts.text_of("default").unwrap_or_default();
            let required = facts.text_of("required") == Some("true");
            let shown = match default {
                _ if required => "required".to_owned(),
                "" => String::new(),
                default => format!("`{default}`"),
            };
            let _ = write!(text, " {shown} |");
        }
        text.push('\n');
    }
    text
}

/// A text of one line for a cell.
fn words(node: &Node, key: &str) -> String {
    let text = node.text_of(key).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn read(path: &str) -> Result<Node, Failure> {
    let text = fs::read_to_string(workspace::root().join(path))?;
    yaml::parse(&text).map_err(|error| format!("{path}: {error}").into())
}

fn file_name(path: &str) -> String {
    Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned()
}
